/** The contract of a revocation list: which sessions have ended before their time. */
import type { Awaitable } from "../../awaitable.ts";

/** What a revocation list is made with. */
export interface RevocationListOptions {
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Every setting in force, for the list's own keys. */
  readonly setting: (name: string) => unknown;
  /** Logs a warning. */
  readonly warn: (message: string) => void;
}

/**
 * Moments by key, each good for a while. A key stands for one session, for one user's sessions, or for
 * all of them; what was issued under it before the moment has ended. Moments are milliseconds since 1970.
 */
export interface RevocationList {
  /** True when it may answer with a promise; sessions are then opened ahead of the handler. */
  readonly waits: boolean;
  /**
   * Ends what was issued under the key before this moment; a later moment that is noted already stays.
   * After `until` the entry is of no use and may be forgotten, but never earlier.
   *
   * Answers whether that was news: false when as much had ended before. Of several that end the same
   * at once, one is told true.
   */
  end(key: string, before: number, until: number): Awaitable<boolean>;
  /** The moment before which everything under the key has ended; 0 when nothing has. */
  endedBefore(key: string): Awaitable<number>;
  /** Lets go of connections. */
  close?(): Awaitable<void>;
}
