import { describe } from "vitest";
import type {
  RevocationList,
  RevocationListOptions,
} from "../../src/engines/revocation/revocation-list.ts";
import { revocationListContract } from "../../src/testing/revocation-list-contract.ts";
import { describeBroken, describePassing } from "./contract-suite.ts";

interface Entry {
  readonly before: number;
  readonly until: number;
}

/** What several lists share. */
class World {
  readonly entries = new Map<string, Entry>();
  isDown = false;
}

/** Keeps to every rule of the contract, as plainly as can be: what broken lists are made from. */
class MapList implements RevocationList {
  readonly waits: boolean = true;
  protected readonly options: RevocationListOptions;
  protected readonly world: World;

  constructor(options: RevocationListOptions, world: World) {
    this.options = options;
    this.world = world;
  }

  async end(key: string, before: number, until: number): Promise<boolean> {
    await this.reach();
    if (this.moment(key) >= before) return false;
    this.put(key, { before, until });
    return true;
  }

  async endedBefore(key: string): Promise<number> {
    await this.reach();
    return this.moment(key);
  }

  protected async reach(): Promise<void> {
    await Promise.resolve();
    if (this.world.isDown) throw new Error("out of order");
  }

  protected moment(key: string): number {
    return this.world.entries.get(key)?.before ?? 0;
  }

  protected put(key: string, entry: Entry): void {
    this.world.entries.set(key, entry);
    for (const [other, { until }] of this.world.entries) {
      if (until < this.options.now()) this.world.entries.delete(other);
    }
  }
}

/** By the rule that it breaks: a list that is right but for that. */
const broken: Record<string, typeof MapList> = {
  "SEC-406 tells the moment that was noted, to the millisecond, and 0 for what nobody ended": class extends MapList {
    override async endedBefore(key: string) {
      return Math.floor((await super.endedBefore(key)) / 100) * 100;
    }
  },
  "SEC-406 tells keys apart to the letter": class extends MapList {
    protected override moment(key: string) {
      return super.moment(key.toLowerCase());
    }
    protected override put(key: string, entry: Entry) {
      super.put(key.toLowerCase(), entry);
    }
  },
  "SEC-407 keeps the latest moment, in whatever order they come": class extends MapList {
    override async end(key: string, before: number, until: number) {
      const isNews = await super.end(key, before, until);
      if (!isNews) this.put(key, { before, until });
      return isNews;
    }
  },
  "says whether it was news": class extends MapList {
    override async end(key: string, before: number, until: number) {
      return (await super.end(key, before, until)) || before < this.moment(key);
    }
  },
  "SEC-602 tells one of many that end the same at once that it was news": class extends MapList {
    override async end(key: string, before: number, until: number) {
      const known = await this.endedBefore(key);
      await super.end(key, before, until);
      return known < before;
    }
  },
  "SEC-408 keeps an entry to its end, whatever else ends meanwhile": class extends MapList {
    protected override put(key: string, entry: Entry) {
      super.put(key, entry);
      const [oldest] = this.world.entries.keys();
      if (oldest !== undefined && this.world.entries.size > 100) this.world.entries.delete(oldest);
    }
  },
  "takes an entry whose end has passed": class extends MapList {
    protected override put(key: string, entry: Entry) {
      if (entry.until <= this.options.now()) throw new RangeError("invalid expire time");
      super.put(key, entry);
    }
  },
  "answers with a promise only if it says that it waits": class extends MapList {
    override readonly waits: boolean = false;
  },
  "SEC-406 SEC-407 ends in every process what one has ended": class extends MapList {
    readonly #seen = new Map<string, number>();
    protected override moment(key: string) {
      const known = this.#seen.get(key) ?? super.moment(key);
      this.#seen.set(key, known);
      return known;
    }
    protected override put(key: string, entry: Entry) {
      this.#seen.set(key, entry.before);
      super.put(key, entry);
    }
  },
  "SEC-602 tells one of many in two processes that it was news": class extends MapList {
    readonly #mine = new Set<string>();
    override async end(key: string, before: number, until: number) {
      const name = `${key} ${before}`;
      const isMine = this.#mine.has(name) || this.moment(key) >= before;
      this.#mine.add(name);
      await super.end(key, before, until);
      return !isMine;
    }
  },
  "SEC-406 keeps entries when it is closed and made again": class extends MapList {
    close(): void {
      this.world.entries.clear();
    }
  },
  "SEC-409 fails while it is out of order, and comes back by itself": class extends MapList {
    override async endedBefore(key: string) {
      return super.endedBefore(key).catch(() => 0);
    }
  },
};

function casesOf(List: typeof MapList) {
  const world = new World();
  return revocationListContract({
    create: (options) => new List(options, world),
    shared: true,
    breakDown: () => {
      world.isDown = true;
      return () => {
        world.isDown = false;
      };
    },
  });
}

describe("the contract of revocation lists", () => {
  describePassing({ map: casesOf(MapList) });
  describeBroken(broken, casesOf);
});
