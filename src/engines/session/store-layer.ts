/** A layer around a session engine: hands everything on, so that a layer says only what it changes. */
import type { Awaitable } from "../../awaitable.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "./store.ts";

/** Answers like the engine inside. */
export class SessionStoreLayer implements SessionStore {
  readonly check?: (record: SessionRecord) => void;
  readonly deriveKey?: (label: string) => Buffer;
  readonly endSessions?: (user: string | undefined) => Awaitable<void>;
  protected readonly inner: SessionStore;

  constructor(inner: SessionStore) {
    this.inner = inner;
    if (inner.check) this.check = (record) => inner.check?.(record);
    if (inner.deriveKey) this.deriveKey = inner.deriveKey.bind(inner);
    if (inner.endSessions) this.endSessions = inner.endSessions.bind(inner);
  }

  get waits(): boolean {
    return this.inner.waits;
  }

  open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined> {
    return this.inner.open(cookie, seen);
  }

  save(record: SessionRecord, changes: SessionChanges): Awaitable<string> {
    return this.inner.save(record, changes);
  }

  touch(record: SessionRecord): Awaitable<string | undefined> {
    return this.inner.touch(record);
  }

  destroy(id: string, record?: SessionRecord): Awaitable<void> {
    return this.inner.destroy(id, record);
  }

  close(): Awaitable<void> {
    return this.inner.close?.();
  }
}
