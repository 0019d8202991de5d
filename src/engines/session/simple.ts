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
  record: SessionRecord;
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
  /** Least recently used first, to the minute; objects in the data are frozen, so that handing them out shares nothing. */
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
    const now = this.#options.now();
    const entry = this.#live(cookie, now);
    if (entry !== undefined) this.#use(entry, entry.record, now);
    return entry?.record;
  }

  save(record: SessionRecord, changes: SessionChanges): string {
    const { id } = record;
    const { replaces } = changes;
    const now = this.#options.now();
    if (replaces !== undefined) {
      if (this.#live(replaces, now) === undefined) return id;
      this.destroy(replaces);
    }
    const entry = this.#live(id, now);
    if (entry !== undefined) {
      const { version, createdAt, data: old } = entry.record;
      const data = merged(old, record.data, changes);
      this.#use(entry, { id, version: version + 1, createdAt, lastSeen: now, data }, now);
    } else if (record.version === 0 && !this.#destroyed.has(id)) {
      const { createdAt } = record;
      const data = merged({}, record.data, { written: Object.keys(record.data), deleted: [] });
      this.#keep({ id, version: 1, createdAt, lastSeen: now, data }, now);
    }
    return id;
  }

  touch({ id }: SessionRecord): undefined {
    const now = this.#options.now();
    const entry = this.#live(id, now);
    if (entry !== undefined) this.#use(entry, { ...entry.record, lastSeen: now }, now);
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

  #live(id: string, now: number): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    if (!isExpired(entry.record, this.#options.limits, now)) return entry;
    this.#entries.delete(id);
    return undefined;
  }

  /** Puts the record into its entry; moving that each time would cost more than everything else. */
  #use(entry: Entry, record: SessionRecord, now: number): void {
    if (now - entry.movedAt > 60_000) this.#keep(record, now);
    else entry.record = record;
  }

  /** Puts a record at the young end, and drops the oldest one if there is no room. */
  #keep(record: SessionRecord, now: number): void {
    this.#entries.delete(record.id);
    this.#entries.set(record.id, { record, movedAt: now });
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

/** The merged data; what is new in it is copied and frozen. */
function merged(
  old: SessionRecord["data"],
  fresh: SessionRecord["data"],
  changes: SessionChanges,
): SessionRecord["data"] {
  const data = mergeData(old, fresh, changes);
  for (const key of changes.written) {
    if (Object.hasOwn(data, key)) data[key] = frozen(copyPlain(data[key], key));
  }
  return data;
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
