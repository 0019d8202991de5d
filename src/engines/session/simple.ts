/** The session engine `simple`: sessions live in this process's memory, bounded and expiring. */
import { ConfigError } from "../../errors.ts";
import { copyPlain } from "../../session/plain-data.ts";
import { isSessionId } from "../../session/session-id.ts";
import { isExpired, mergeData } from "./store.ts";
import type { SessionChanges, SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

const defaultMaxEntries = 100_000;
const sweepInterval = 60_000;

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
  /** Least recently used first; the data in it is frozen, so that handing it out shares nothing. */
  readonly #records = new Map<string, SessionRecord>();
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
    const record = this.#live(cookie);
    if (record !== undefined) this.#keep(record);
    return record;
  }

  save(record: SessionRecord, changes: SessionChanges): string {
    const { id } = record;
    const { replaces } = changes;
    if (replaces !== undefined) {
      if (this.#live(replaces) === undefined) return id;
      this.destroy(replaces);
    }
    const current = this.#live(id);
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
    const current = this.#live(record.id);
    if (current !== undefined) this.#keep({ ...current, lastSeen: this.#options.now() });
  }

  destroy(id: string): void {
    this.#records.delete(id);
    this.#destroyed.set(id, this.#options.now());
    dropOldest(this.#destroyed, this.#maxEntries);
    this.#startSweeping();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#records.clear();
    this.#destroyed.clear();
  }

  #live(id: string): SessionRecord | undefined {
    const record = this.#records.get(id);
    if (record === undefined) return undefined;
    if (!isExpired(record, this.#options.limits, this.#options.now())) return record;
    this.#records.delete(id);
    return undefined;
  }

  /** Puts a record at the young end, and drops the oldest one if there is no room. */
  #keep(record: SessionRecord): void {
    this.#records.delete(record.id);
    this.#records.set(record.id, record);
    this.#startSweeping();
    if (dropOldest(this.#records, this.#maxEntries) && !this.#warnedOfSize) {
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

  #sweep(): void {
    const { limits, now } = this.#options;
    const moment = now();
    for (const [id, record] of this.#records) {
      if (isExpired(record, limits, moment)) this.#records.delete(id);
    }
    for (const [id, destroyedAt] of this.#destroyed) {
      // Older than any session can be: no request that still knows the id is left.
      if (moment - destroyedAt > limits.absolute * 1000) this.#destroyed.delete(id);
    }
    if (this.#records.size + this.#destroyed.size > 0) return;
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
  const copies = changes.written
    .filter((key) => Object.hasOwn(fresh, key))
    .map((key): [string, unknown] => [key, frozen(copyPlain(fresh[key], key))]);
  return Object.freeze(mergeData(old, Object.fromEntries(copies), changes));
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
