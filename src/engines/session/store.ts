/** The contract of a session engine: where sessions live between requests. */
import type { Awaitable } from "../../awaitable.ts";
import type { ReportSecurityEvent } from "../../security-events.ts";

/** One session as an engine knows it. Times are milliseconds since 1970. */
export interface SessionRecord {
  /** At least 128 random bits in base64url; made by the session, never by a client. */
  readonly id: string;
  /** Counts the saves; `0` for a session that was never saved. */
  readonly version: number;
  /** When the session began; its absolute lifetime counts from here. */
  readonly createdAt: number;
  /** When the session was last saved or touched; its idle time counts from here. */
  readonly lastSeen: number;
  /** Plain data (see `plain-data.ts`). Whoever receives it must not change it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Set by `open` when the session should be saved, not only touched, once a refresh is due. */
  readonly stale?: true;
  /** What `open` wants `save` and `touch` to know; the session hands it back as it is. */
  readonly memo?: unknown;
}

/**
 * Keys of `data` that belong to Quickstep: flash messages, the user that the session is bound to, an
 * idle time of its own, the version of its schema, where the rest of it is, and that it is kept even
 * when it holds nothing else. An engine keeps them like any others.
 */
export const FLASH = "_flash";
export const USER = "_user";
export const EXPIRES = "_expires";
export const VERSION = "_version";
export const OVERFLOW = "_overflow";
export const PINNED = "_pinned";

/** What a request did to a session's data, so that an engine can merge by key. */
export interface SessionChanges {
  /** Keys with new values. */
  readonly written: readonly string[];
  /** Keys that are gone. */
  readonly deleted: readonly string[];
  /**
   * The id that this record had before; `save` ends it for good. If it has ended meanwhile, nothing is
   * kept, so that no slow request brings a session back that was logged out.
   */
  readonly replaces?: string;
}

/** How long sessions live, in seconds; both are enforced by the engine, whatever the browser does. */
export interface SessionLimits {
  /** Longest time between two uses of a session that has no idle time of its own (`idleLimit`). */
  readonly idle: number;
  /** Longest time since the session began. */
  readonly absolute: number;
}

/** What a session engine is made with. */
export interface SessionStoreOptions {
  /** The name of the session cookie, final. */
  readonly cookieName: string;
  readonly limits: SessionLimits;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Every setting in force, for the engine's own keys. */
  readonly setting: (name: string) => unknown;
  /** Logs a warning. */
  readonly warn: (message: string) => void;
  /** Reports a security event, such as a refused cookie and why. */
  readonly report?: ReportSecurityEvent;
}

/** Where sessions live between requests. */
export interface SessionStore {
  /** True when operations may answer with a promise; the session is then opened ahead of the handler. */
  readonly waits: boolean;
  /**
   * Finds the record that a cookie stands for.
   *
   * `cookie` is whatever the client sent and may be junk: unknown, expired and forged values are
   * ordinary and give `undefined`; only a store that is out of order throws or rejects. `seen` is
   * the value of the last-use cookie if one came along.
   */
  open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined>;
  /** Throws a `SessionError` if this data could not be saved; called at each write, so keep it cheap. */
  check?(record: SessionRecord): void;
  /**
   * Keeps the record, merging by key or refusing when `version` moved on, and answers the value of
   * the session cookie. A record that was destroyed stays destroyed.
   */
  save(record: SessionRecord, changes: SessionChanges): Awaitable<string>;
  /**
   * Moves only the moment of last use. An engine that cannot keep it itself answers the value of
   * the last-use cookie; others answer `undefined`. Never revives a session.
   */
  touch(record: SessionRecord): Awaitable<string | undefined>;
  /**
   * Forgets this id for good; a slower request cannot bring it back. Unknown ids are no error.
   * `record` is what `open` gave for it, where that is known.
   */
  destroy(id: string, record?: SessionRecord): Awaitable<void>;
  /** Ends all sessions of a user, or with `undefined` everybody's, that began before now; if it can. */
  endSessions?(user: string | undefined): Awaitable<void>;
  /** A secret of 32 bytes for another use under this label, the same in all processes; if it has any. */
  deriveKey?(label: string): Buffer;
  /** Lets go of timers and connections. */
  close?(): Awaitable<void>;
}

/** How far in the future a moment may lie before it is taken for wrong, in milliseconds. */
export const clockSkew = 60_000;

/**
 * The seconds for which this session may go unused: its own, which `session().expires()` has put into
 * its data, but never more than the absolute limit; or those of all sessions.
 */
export function idleLimit(data: SessionRecord["data"] | undefined, limits: SessionLimits): number {
  const own = data?.[EXPIRES];
  return typeof own === "number" ? Math.min(own, limits.absolute) : limits.idle;
}

/** Tells whether a record has outlived its limits, or comes from further ahead than clocks differ. */
export function isExpired(
  record: Pick<SessionRecord, "createdAt" | "lastSeen"> & Partial<Pick<SessionRecord, "data">>,
  limits: SessionLimits,
  now: number,
): boolean {
  return (
    now - record.lastSeen > idleLimit(record.data, limits) * 1000 ||
    now - record.createdAt > limits.absolute * 1000 ||
    Math.max(record.createdAt, record.lastSeen) - now > clockSkew
  );
}

/** What a session holds after a save: the stored data with the changed keys taken from the new. */
export function mergeData(
  stored: SessionRecord["data"],
  data: SessionRecord["data"],
  { written, deleted }: SessionChanges,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...stored };
  for (const key of deleted) Reflect.deleteProperty(merged, key);
  for (const key of written) if (Object.hasOwn(data, key)) merged[key] = data[key];
  return merged;
}
