/** The layer that asks a revocation list: sessions that were ended stay ended, whoever kept a cookie. */
import { createHash } from "node:crypto";
import { attempt, chain, isPromise, type Awaitable } from "../awaitable.ts";
import type { RevocationList } from "../engines/revocation/revocation-list.ts";
import { SessionStoreLayer } from "../engines/session/store-layer.ts";
import { clockSkew, USER } from "../engines/session/store.ts";
import type {
  SessionChanges,
  SessionLimits,
  SessionRecord,
  SessionStore,
} from "../engines/session/store.ts";
import { EngineError } from "../errors.ts";
import type { ReportSecurityEvent } from "../security-events.ts";

/** What the layer is made with. */
export interface RevocationOptions {
  readonly list: RevocationList;
  /** What to do with a session when the list does not answer. */
  readonly outage: "refuse" | "allow";
  /** How long it may take to answer, in milliseconds; 0 for no limit. */
  readonly deadline: number;
  readonly limits: SessionLimits;
  readonly now: () => number;
  readonly report: ReportSecurityEvent;
}

/** How long a list that did not answer is left alone, in milliseconds. */
const PAUSE = 1000;
const EVERYBODY = "all";

/** Puts the list around an engine. */
export class RevokingStore extends SessionStoreLayer {
  readonly #options: RevocationOptions;
  #silentUntil = 0;

  constructor(inner: SessionStore, options: RevocationOptions) {
    super(inner);
    this.#options = options;
  }

  override get waits(): boolean {
    return this.inner.waits || this.#options.list.waits;
  }

  /** Never asks the list about a cookie that does not stand for a session. */
  override open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined> {
    return chain(this.inner.open(cookie, seen), (record) =>
      record === undefined
        ? undefined
        : chain(this.#whatEnded(record), (what) => {
            if (what === undefined) return { ...record, memo: new Opened(record) };
            this.#options.report("session-revoked", what);
            return undefined;
          }),
    );
  }

  override save(record: SessionRecord, changes: SessionChanges): Awaitable<string> {
    const { memo } = record;
    const kept = withoutMemo(record);
    const { replaces } = changes;
    if (replaces === undefined || !(memo instanceof Opened)) return this.inner.save(kept, changes);
    return chain(this.#endSession(replaces, memo.createdAt), (isNews) =>
      // The session had ended: its successor is born dead.
      chain(isNews ? true : this.#endSession(record.id, record.createdAt), () =>
        this.inner.save(kept, changes),
      ),
    );
  }

  override touch(record: SessionRecord): Awaitable<string | undefined> {
    return this.inner.touch(withoutMemo(record));
  }

  override destroy(id: string, record?: SessionRecord): Awaitable<void> {
    const createdAt = record?.createdAt ?? this.#options.now();
    return chain(this.#endSession(id, createdAt), () =>
      this.inner.destroy(id, record && withoutMemo(record)),
    );
  }

  /** Ends the sessions of this user, or everybody's, that began before now. */
  override readonly endSessions = (user: string | undefined): Awaitable<void> => {
    const now = this.#options.now();
    const key = user === undefined ? EVERYBODY : userKey(user);
    // Whoever asks for this must learn that it did not happen, whatever the setting says.
    return chain(
      this.#ask(() => this.#options.list.end(key, now, this.#end(now))),
      () => undefined,
    );
  };

  override close(): Awaitable<void> {
    return chain(this.inner.close?.(), () => this.#options.list.close?.());
  }

  #whatEnded({ id, createdAt, data }: SessionRecord): Awaitable<string | undefined> {
    const user = data[USER];
    const keys: readonly [string, string][] = [
      ["session", sessionKey(id)],
      ...(typeof user === "string" ? [["user", userKey(user)] as [string, string]] : []),
      ["all", EVERYBODY],
    ];
    const { list } = this.#options;
    return this.#orAllow(undefined, () => {
      const moments = keys.map(([, key]) => list.endedBefore(key));
      const culprit = (known: readonly number[]) =>
        keys.find((_, at) => createdAt < (known[at] ?? 0))?.[0];
      return moments.some((moment) => isPromise(moment))
        ? Promise.all(moments.map((moment) => Promise.resolve(moment))).then(culprit)
        : culprit(moments as number[]);
    });
  }

  #endSession(id: string, createdAt: number): Awaitable<boolean> {
    const { list } = this.#options;
    return this.#orAllow(true, () => list.end(sessionKey(id), createdAt + 1, this.#end(createdAt)));
  }

  /** The moment from which no machine lets a session in that began then. */
  #end(createdAt: number): number {
    return createdAt + this.#options.limits.absolute * 1000 + clockSkew;
  }

  #orAllow<T>(otherwise: T, work: () => Awaitable<T>): Awaitable<T> {
    const { outage, report } = this.#options;
    return attempt(
      () => this.#ask(work),
      (cause) => {
        report("revocation-unavailable", outage === "refuse" ? "refused" : "allowed");
        if (outage === "refuse") throw cause;
        return otherwise;
      },
    );
  }

  /** Asks within the deadline; a list that missed it is not asked again for a moment. */
  #ask<T>(work: () => Awaitable<T>): Awaitable<T> {
    const { deadline } = this.#options;
    if (Date.now() < this.#silentUntil) throw silent();
    const answer = work();
    if (!isPromise(answer) || deadline === 0) return answer;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#silentUntil = Date.now() + PAUSE;
        reject(silent());
      }, deadline);
      void Promise.resolve(answer)
        .finally(() => {
          clearTimeout(timer);
        })
        .then(resolve, reject);
    });
  }
}

/** What this layer remembers of a record, and what the engine inside does. */
class Opened {
  readonly createdAt: number;
  readonly memo: unknown;

  constructor({ createdAt, memo }: SessionRecord) {
    this.createdAt = createdAt;
    this.memo = memo;
  }
}

/** The record as the engine inside gave it. */
function withoutMemo(record: SessionRecord): SessionRecord {
  return record.memo instanceof Opened ? { ...record, memo: record.memo.memo } : record;
}

/** Whoever reads the list learns no id. */
function sessionKey(id: string): string {
  return digest(`session:${id}`);
}

function userKey(user: string): string {
  return digest(`user:${user}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 24);
}

function silent(): EngineError {
  return new EngineError(
    "session-revocation-silent",
    "the revocation list does not answer in time",
  );
}
