/** The session engine `simple`: sessions live in this process's memory, bounded and expiring. */
import { ConfigError } from "../../errors.ts";
import { copyPlain } from "../../session/plain-data.ts";
import { isSessionId } from "../../session/session-id.ts";
import { isExpired, mergeData } from "./store.ts";
import type { SessionChanges, SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

const defaultMaxEntries = 100_000;
const sweepInterval = 60_000;
const sweepSlice = 10_000;

/** A session, and when it was put at the young end. */
interface Entry {
  readonly record: SessionRecord;
  readonly movedAt: number;
}

/**
 * Makes the engine that keeps sessions in memory: for development, tests and a single process.
 *
 * It holds `session_max_entries` sessions (100,000 unless set) and beyond that forgets those that
 * went unused longest. All are gone when the process ends.
 *
 * @throws ConfigError if `session_max_entries` is not a whole number above zero.
 */
export function createSimpleStore(options: SessionStoreOptions): SessionStore {
  const maxEntries = options.setting("session_max_entries") ?? defaultMaxEntries;
  if (typeof maxEntries !== "number" || !Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new ConfigError(
      "config-invalid",
      `session_max_entries must be a whole number above zero, got ${JSON.stringify(maxEntries)}`,
    );
  }
  return new SimpleStore(options, maxEntries);
}

class SimpleStore implements SessionStore {
  readonly waits = false;
  readonly #options: SessionStoreOptions;
  readonly #maxEntries: number;
  /** Least recently used first, to the minute; the data is frozen, so that handing it out shares nothing. */
  readonly #entries = new Map<string, Entry>();
  /** Ids that were destroyed, and when: a request that began before must not bring them back. */
  readonly #destroyed = new Map<string, number>();
  #sweeper: NodeJS.Timeout | undefined;
  #warnedOfSize = false;

  constructor(options: SessionStoreOptions, maxEntries: number) {
    this.#options = options;
    this.#maxEntries = maxEntries;
  }

  open(cookie: string): SessionRecord | undefined {
    if (!isSessionId(cookie)) return undefined;
    const entry = this.#live(cookie);
    // Moving it at every read would cost more than the read.
    if (entry !== undefined && this.#options.now() - entry.movedAt > 60_000)
      this.#keep(entry.record);
    return entry?.record;
  }

  save(record: SessionRecord, changes: SessionChanges): string {
    const { id } = record;
    const { replaces } = changes;
    if (replaces !== undefined) {
      if (this.#live(replaces) === undefined) return id;
      this.destroy(replaces);
    }
    const current = this.#live(id)?.record;
    if (current !== undefined) {
      this.#keep({
        ...current,
        version: current.version + 1,
        lastSeen: this.#options.now(),
        data: merged(current.data, record.data, changes),
      });
    } else if (record.version === 0 && !this.#destroyed.has(id)) {
      const { createdAt } = record;
      const data = merged({}, record.data, { written: Object.keys(record.data), deleted: [] });
      this.#keep({ id, version: 1, createdAt, lastSeen: this.#options.now(), data });
    }
    return id;
  }

  touch(record: SessionRecord): undefined {
    const current = this.#live(record.id)?.record;
    if (current !== undefined) this.#keep({ ...current, lastSeen: this.#options.now() });
  }

  destroy(id: string): void {
    this.#entries.delete(id);
    this.#destroyed.set(id, this.#options.now());
    dropOldest(this.#destroyed, this.#maxEntries);
    this.#startSweeping();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#entries.clear();
    this.#destroyed.clear();
  }

  #live(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    if (!isExpired(entry.record, this.#options.limits, this.#options.now())) return entry;
    this.#entries.delete(id);
    return undefined;
  }

  /** Puts a record at the young end, and drops the oldest one if there is no room. */
  #keep(record: SessionRecord): void {
    this.#entries.delete(record.id);
    this.#entries.set(record.id, { record, movedAt: this.#options.now() });
    this.#startSweeping();
    if (dropOldest(this.#entries, this.#maxEntries) && !this.#warnedOfSize) {
      this.#warnedOfSize = true;
      this.#options.warn(
        `session_max_entries (${this.#maxEntries}) is reached: the sessions unused longest are ` +
          "forgotten; raise it, or use an engine that keeps sessions outside this process",
      );
    }
  }

  #startSweeping(): void {
    this.#sweeper ??= setInterval(() => this.#sweep(), sweepInterval).unref();
  }

  /** Forgets what has expired, in slices, so that a million sessions do not keep requests waiting. */
  #sweep(entries: Iterator<[string, Entry]> = this.#entries.entries()): void {
    const { limits, now } = this.#options;
    const moment = now();
    for (let left = sweepSlice; left > 0; left--) {
      const step = entries.next();
      if (step.done === true) {
        this.#endSweep(moment);
        return;
      }
      const [id, { record }] = step.value;
      if (isExpired(record, limits, moment)) this.#entries.delete(id);
    }
    setTimeout(() => this.#sweep(entries), 1).unref();
  }

  #endSweep(moment: number): void {
    const { limits } = this.#options;
    for (const [id, destroyedAt] of this.#destroyed) {
      // Older than any session can be: no request that still knows the id is left.
      if (moment - destroyedAt > limits.absolute * 1000) this.#destroyed.delete(id);
    }
    if (this.#entries.size + this.#destroyed.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

/** The merged data, all of it out of anyone's reach. */
function merged(
  old: SessionRecord["data"],
  fresh: SessionRecord["data"],
  changes: SessionChanges,
): SessionRecord["data"] {
  const copies: Record<string, unknown> = {};
  for (const key of changes.written) {
    if (Object.hasOwn(fresh, key)) copies[key] = frozen(copyPlain(fresh[key], key));
  }
  return Object.freeze(mergeData(old, copies, changes));
}

function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

function dropOldest(map: Map<string, unknown>, maxEntries: number): boolean {
  if (map.size <= maxEntries) return false;
  for (const id of map.keys()) {
    map.delete(id);
    break;
  }
  return true;
}
