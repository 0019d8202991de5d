/** The life of a session within a request: opened when first asked for, settled in one place. */
import { createHmac, randomBytes } from "node:crypto";
import { attempt, chain, isPromise, type Awaitable } from "../awaitable.ts";
import { rawCookie, rawCookies } from "../request/cookies.ts";
import { EXPIRES, idleLimit } from "../engines/session/store.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "../engines/session/store.ts";
import { EngineError, HTTPError, SessionError } from "../errors.ts";
import type { RequestProgress } from "../request-progress.ts";
import type { ReportSecurityEvent } from "../security-events.ts";
import type { Response } from "../response/response.ts";
import { NO_CHANGES, type SessionOutcome } from "./session-outcome.ts";
import { Session, type SessionOptions } from "./session.ts";
import {
  SessionHeaders,
  type SessionHeaderOptions,
  type SessionRequest,
} from "./session-headers.ts";

/** How many cookies of the session's name are looked at in one request. */
const MOST_TRIED = 4;

/** What a life cycle is made with. */
export interface SessionLifeCycleOptions extends SessionHeaderOptions {
  readonly store: SessionStore;
  readonly report: ReportSecurityEvent;
}

/** Opens and settles the sessions of one app. */
export class SessionLifeCycle {
  readonly #store: SessionStore;
  readonly #options: SessionLifeCycleOptions;
  readonly #headers: SessionHeaders;
  readonly #sessionOptions: SessionOptions;
  #fingerprintKey: Buffer | undefined;

  constructor(options: SessionLifeCycleOptions) {
    const { store, now } = options;
    this.#store = store;
    this.#options = options;
    this.#headers = new SessionHeaders(options);
    this.#sessionOptions = { store, now, fingerprint: (id) => this.#fingerprint(id) };
  }

  /**
   * Fetches the session ahead of the handler, where the engine has to be waited for and a cookie
   * came along. A failure is kept until somebody asks for the session.
   */
  load(request: SessionRequest, progress: RequestProgress): Awaitable<void> {
    if (!this.#store.waits || progress.loadedSession !== undefined) return undefined;
    if (rawCookie(request.headers.cookie, this.#options.cookie.name) === undefined)
      return undefined;
    return attempt<unknown>(
      () =>
        chain(this.#open(request), (session) => {
          progress.loadedSession = session;
        }),
      (failure) => {
        progress.sessionFailure = failure;
      },
    ) as Awaitable<void>;
  }

  /**
   * The visitor's session, or a new one when the cookie is missing, forged or expired.
   *
   * @throws HTTPError 503 `session-unavailable` when the store did not answer, SessionError
   *   `session-settled` when the headers have gone.
   */
  current(request: SessionRequest, progress: RequestProgress): Session {
    if (progress.session !== undefined) return progress.session;
    if (progress.sessionSettled) {
      throw new SessionError(
        "session-settled",
        "the session was first asked for after the response headers had gone; ask for it before the handler returns",
      );
    }
    if (progress.sessionFailure !== undefined) throw unavailable(progress.sessionFailure);
    let opened: Awaitable<Session>;
    try {
      opened = progress.loadedSession ?? this.#open(request);
    } catch (cause) {
      throw unavailable(cause);
    }
    if (isPromise(opened)) {
      throw new EngineError(
        "session-not-loaded",
        "this session engine has to be waited for, and the route said { session: false }; leave that out",
      );
    }
    return (progress.session = opened);
  }

  /**
   * Saves, refreshes or ends the session, and marks the response for browsers and caches: a session
   * that was used adds `Vary: Cookie`, a session cookie adds `Cache-Control: no-store`.
   *
   * @param failed true when the handler threw: its changes are dropped, but `destroy` and
   *   `regenerate` take effect.
   */
  settle(
    session: Session,
    request: SessionRequest,
    response: Response,
    failed: boolean,
  ): Awaitable<void> {
    response.vary("Cookie");
    const outcome = session.settle(failed);
    if (outcome === undefined) return this.#refresh(session.record, request, response);
    return chain(this.#forget(outcome.destroyed), () => this.#keep(outcome, request, response));
  }

  /**
   * Ends all sessions bound to this user that began before now.
   *
   * @throws SessionError `session-revocation-off` where no engine or list can do that,
   *   `session-user-invalid`.
   */
  endSessions(user: string): Awaitable<void> {
    if (typeof user === "string" && user !== "") return this.#end(user);
    throw new SessionError(
      "session-user-invalid",
      "endSessions() needs a user's name or id as text",
    );
  }

  /** Ends everybody's sessions that began before now. @throws SessionError `session-revocation-off`. */
  endAllSessions(): Awaitable<void> {
    return this.#end(undefined);
  }

  /** Lets go of the store. */
  close(): Awaitable<void> {
    return this.#store.close?.();
  }

  #end(user: string | undefined): Awaitable<void> {
    if (this.#store.endSessions !== undefined) return this.#store.endSessions(user);
    throw new SessionError(
      "session-revocation-off",
      "sessions can be ended from outside only where a revocation list is kept; set " +
        "session_revocation: memory, or redis for several processes",
    );
  }

  #open({ headers, method }: SessionRequest): Awaitable<Session> {
    const values = rawCookies(headers.cookie, this.#options.cookie.name, MOST_TRIED);
    const found =
      values.length === 0
        ? undefined
        : this.#openFirst(values, 0, rawCookie(headers.cookie, this.#options.cookie.seenName));
    return chain(found, (record) => new Session(this.#sessionOptions, record, method === "HEAD"));
  }

  /** The first that opens counts; that there are several hints at another site that plants cookies. */
  #openFirst(
    values: readonly string[],
    at: number,
    seen: string | undefined,
  ): Awaitable<SessionRecord | undefined> {
    const value = values[at];
    const opened = value ? this.#store.open(value, seen) : undefined;
    if (values.length === 1) return opened;
    return chain(opened, (record) => {
      const isLast = at + 1 === values.length;
      if (record === undefined && !isLast) return this.#openFirst(values, at + 1, seen);
      const detail = record === undefined ? "none opened" : `${at + 1} from last`;
      this.#options.report("cookie-duplicate", detail);
      return record;
    });
  }

  #fingerprint(id: string): string {
    this.#fingerprintKey ??= this.#store.deriveKey?.("session-fingerprint") ?? randomBytes(32);
    return createHmac("sha256", this.#fingerprintKey).update(id).digest("hex").slice(0, 16);
  }

  /** One after the other. */
  #forget(records: readonly SessionRecord[], at = 0): Awaitable<void> {
    const record = records[at];
    if (record === undefined) return undefined;
    return chain(
      ask(() => this.#store.destroy(record.id, record)),
      () => this.#forget(records, at + 1),
    );
  }

  #keep({ save }: SessionOutcome, request: SessionRequest, response: Response): Awaitable<void> {
    if (save === undefined) {
      this.#headers.expire(response, request);
      return undefined;
    }
    const { record, changes } = save;
    return chain(
      ask(() => this.#store.save(record, changes)),
      (value) => {
        if (this.#isKnown(request, value, changes)) this.#headers.forbidStoring(response);
        else this.#headers.send(response, request, this.#options.cookie.name, value, record);
      },
    );
  }

  /** The browser has this cookie already, and need not keep it for longer or shorter. */
  #isKnown({ headers }: SessionRequest, value: string, changes: SessionChanges): boolean {
    // A value that was sealed anew stands nowhere in the header, and that is seen at a glance.
    if (headers.cookie?.includes(value) !== true) return false;
    if (rawCookie(headers.cookie, this.#options.cookie.name) !== value) return false;
    return !changes.written.includes(EXPIRES) && !changes.deleted.includes(EXPIRES);
  }

  #refresh(
    record: SessionRecord | undefined,
    request: SessionRequest,
    response: Response,
  ): Awaitable<void> {
    if (record === undefined) return undefined;
    const { cookie, limits } = this.#options;
    const now = this.#options.now();
    // Half the idle time: seldom enough to be cheap, often enough that no active visitor is lost.
    if (now - record.lastSeen < idleLimit(record.data, limits) * 500) return undefined;
    const anew = record.stale === true;
    return chain(
      ask<string | undefined>(() =>
        anew
          ? this.#store.save({ ...record, lastSeen: now }, NO_CHANGES)
          : this.#store.touch(record),
      ),
      (value) => {
        const name = anew ? cookie.name : cookie.seenName;
        if (value !== undefined) this.#headers.send(response, request, name, value, record);
      },
    );
  }
}

/** A store that cannot keep a session is out of order; what is wrong with the session is said as it is. */
function ask<T>(work: () => Awaitable<T>): Awaitable<T> {
  return attempt(work, (cause) => {
    throw cause instanceof SessionError ? cause : unavailable(cause);
  });
}

function unavailable(cause: unknown): HTTPError {
  return new HTTPError(503, "the session store does not answer", {
    cause,
    code: "session-unavailable",
    headers: { "Retry-After": "1" },
  });
}
