/** The layer that keeps what is too large for a cookie in a server engine; the cookie then refers to it. */
import { attempt, chain, type Awaitable } from "../awaitable.ts";
import { SessionStoreLayer } from "../engines/session/store-layer.ts";
import { EXPIRES, OVERFLOW } from "../engines/session/store.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";

/**
 * Puts the server engine behind the cookie engine. A session moves there at the write that would no
 * longer fit, and stays until it ends: its cookie holds, sealed, what the server engine finds it by.
 */
export class OverflowStore extends SessionStoreLayer {
  override readonly check: (record: SessionRecord) => void;
  readonly #large: SessionStore;

  constructor(inner: SessionStore, large: SessionStore) {
    super(inner);
    this.#large = large;
    this.check = (record) => large.check?.(record);
  }

  override get waits(): boolean {
    return this.#large.waits;
  }

  override open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined> {
    return chain(this.inner.open(cookie, seen), (record) => {
      const reference = record?.data[OVERFLOW];
      if (record === undefined || typeof reference !== "string") return record;
      return chain(this.#large.open(reference, undefined), (found) =>
        found?.id === record.id ? { ...record, ...found, memo: new Moved(found.memo) } : undefined,
      );
    });
  }

  override save(record: SessionRecord, changes: SessionChanges): Awaitable<string> {
    if (record.memo instanceof Moved) {
      return this.#refer(record, this.#large.save(unmoved(record), changes));
    }
    return attempt(
      () => this.inner.save(record, changes),
      (error) => {
        if (!(error instanceof SessionError && error.code === "session-too-large")) throw error;
        // To the server engine the session is new, and so is every key of it.
        const all = { written: Object.keys(record.data), deleted: [] };
        return this.#refer(record, this.#large.save({ ...record, version: 0 }, all));
      },
    );
  }

  override touch(record: SessionRecord): Awaitable<string | undefined> {
    if (!(record.memo instanceof Moved)) return this.inner.touch(record);
    return chain(this.#large.touch(unmoved(record)), () => this.inner.touch(record));
  }

  override destroy(id: string, record?: SessionRecord): Awaitable<void> {
    if (!(record?.memo instanceof Moved)) return this.inner.destroy(id, record);
    return this.#large.destroy(id, unmoved(record));
  }

  override close(): Awaitable<void> {
    return chain(this.inner.close?.(), () => this.#large.close?.());
  }

  /** Seals the reference; the cookie engine has to know how long the session may go unused. */
  #refer(record: SessionRecord, saved: Awaitable<string>): Awaitable<string> {
    const { [EXPIRES]: expires } = record.data;
    const own = expires === undefined ? {} : { [EXPIRES]: expires };
    return chain(saved, (reference) => {
      const data = { [OVERFLOW]: reference, ...own };
      return this.inner.save({ ...record, data }, { written: Object.keys(data), deleted: [] });
    });
  }
}

/** Marks a record that is in the server engine, and keeps what that engine wants to know. */
class Moved {
  readonly memo: unknown;

  constructor(memo: unknown) {
    this.memo = memo;
  }
}

function unmoved(record: SessionRecord): SessionRecord {
  return record.memo instanceof Moved ? { ...record, memo: record.memo.memo } : record;
}
