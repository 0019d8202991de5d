/** The revocation list `memory`: for one process, bounded, forgotten when the process ends. */
import type { RevocationList, RevocationListOptions } from "./revocation-list.ts";

interface Entry {
  readonly before: number;
  readonly until: number;
}

/**
 * Makes the list that lives in this process's memory.
 *
 * It holds `session_revocation_max_entries` entries. When it is full, the tenth that concerns the
 * oldest sessions goes, and from then on every session as old as those counts as ended: an ended
 * session never comes back, at the price that some other old ones have to log in again.
 */
export function createMemoryRevocationList(options: RevocationListOptions): RevocationList {
  return new MemoryRevocationList(options);
}

class MemoryRevocationList implements RevocationList {
  readonly waits = false;
  readonly #options: RevocationListOptions;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry>();
  /** The next entry to be looked at for whether it can go. */
  #cursor = this.#entries.entries();
  /** Everything issued before this moment has ended, because entries had to go. */
  #floor = 0;

  constructor(options: RevocationListOptions) {
    this.#options = options;
    this.#maxEntries = Number(options.setting("session_revocation_max_entries"));
  }

  end(key: string, before: number, until: number): boolean {
    const known = this.endedBefore(key);
    if (known >= before) return false;
    this.#forgetSome();
    if (!this.#entries.has(key) && this.#entries.size >= this.#maxEntries) this.#makeRoom();
    this.#entries.set(key, { before, until });
    return true;
  }

  endedBefore(key: string): number {
    return Math.max(this.#floor, this.#entries.get(key)?.before ?? 0);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Looks at two old entries for each new one, so that no moment has to pay for all of them. */
  #forgetSome(): void {
    const now = this.#options.now();
    for (let looks = 0; looks < 2; looks += 1) {
      const next = this.#cursor.next();
      if (next.done === true) this.#cursor = this.#entries.entries();
      else if (next.value[1].until < now) this.#entries.delete(next.value[0]);
    }
  }

  #makeRoom(): void {
    const now = this.#options.now();
    for (const [key, { until }] of this.#entries) if (until < now) this.#entries.delete(key);
    if (this.#entries.size < this.#maxEntries) return;
    const moments = Float64Array.from(this.#entries.values(), ({ before }) => before).sort();
    this.#floor = moments[Math.floor(moments.length / 10)] ?? now;
    for (const [key, { before }] of this.#entries) {
      if (before <= this.#floor) this.#entries.delete(key);
    }
    this.#options.warn(
      `session_revocation_max_entries (${this.#maxEntries}) is reached: all sessions from before ` +
        `${new Date(this.#floor).toISOString()} count as ended; raise it, or use session_revocation: redis`,
    );
  }
}
