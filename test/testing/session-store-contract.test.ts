import { describe, expect, it } from "vitest";
import { EXPIRES } from "../../src/engines/session/store.ts";
import type { SessionChanges, SessionRecord } from "../../src/engines/session/store.ts";
import { sessionStoreContract } from "../../src/testing/session-store-contract.ts";
import { MapStore, World } from "../support/map-store.ts";
import { describeSessionStore } from "../support/session-store.ts";

/** By the rule that it breaks: an engine that is right but for that. */
const broken: Record<string, typeof MapStore> = {
  "gives back the record that was saved": class extends MapStore {
    protected override put(record: SessionRecord): void {
      super.put({ ...record, createdAt: record.createdAt + 1 });
    }
  },
  "gives back text, numbers and keys of every kind": class extends MapStore {
    protected override put(record: SessionRecord): void {
      super.put(JSON.parse(JSON.stringify(record).replaceAll("\\u0000", "")) as SessionRecord);
    }
  },
  "answers cookie values of letters, digits and -_.~ only": class extends MapStore {
    override open(cookie: string) {
      return super.open(cookie.replace(";", ""));
    }
    override async save(record: SessionRecord, changes: SessionChanges) {
      return `${await super.save(record, changes)};`;
    }
  },
  "SEC-402 opens nothing for unknown, malformed and forged cookies": class extends MapStore {
    override open(cookie: string) {
      return super.open(cookie.trim());
    }
  },
  "ignores a last-use cookie that is junk": class extends MapStore {
    override async open(cookie: string, seen?: string) {
      return seen === "junk" ? undefined : super.open(cookie);
    }
  },
  "SEC-301 ends a session that was idle too long, to the millisecond": class extends MapStore {
    protected override isOver({ lastSeen, ...record }: SessionRecord): boolean {
      return super.isOver({ ...record, lastSeen: lastSeen + 1 });
    }
  },
  "SEC-302 ends a session at its absolute limit however busy it is": class extends MapStore {
    protected override isOver(record: SessionRecord): boolean {
      return super.isOver({ ...record, createdAt: this.options.now() });
    }
  },
  "SEC-305 takes a session from ahead of the clock for gone": class extends MapStore {
    protected override isOver(record: SessionRecord): boolean {
      return super.isOver(record) && record.lastSeen < this.options.now();
    }
  },
  "SEC-308 keeps to the idle time that a session has of its own": class extends MapStore {
    protected override isOver(record: SessionRecord): boolean {
      return super.isOver({ ...record, data: { ...record.data, [EXPIRES]: undefined } });
    }
  },
  "prolongs a touched session without changing its data or its beginning": class extends MapStore {
    override touch(): Promise<undefined> {
      return Promise.resolve(undefined);
    }
  },
  "SEC-603 never revives an expired session by touching it": class extends MapStore {
    override touch(record: SessionRecord): Promise<undefined> {
      const now = this.options.now();
      this.put({ ...record, createdAt: now, lastSeen: now });
      return Promise.resolve(undefined);
    }
  },
  "SEC-603 revives no session that was idle too long by touching it": class extends MapStore {
    override touch(record: SessionRecord): Promise<undefined> {
      if (this.world.records.has(record.id)) this.put({ ...record, lastSeen: this.options.now() });
      return Promise.resolve(undefined);
    }
  },
  "takes no harm from destroying an unknown id": class extends MapStore {
    override destroy(id: string): Promise<void> {
      if (!this.world.records.has(id)) throw new Error("unknown id");
      return super.destroy(id);
    }
  },
  "SEC-402 adopts no id that it does not know": class extends MapStore {
    protected override mayCreate(record: SessionRecord): boolean {
      return !this.world.ended.has(record.id);
    }
  },
  "SEC-403 ends the old id when a session is regenerated, and keeps its data": class extends MapStore {
    override save(record: SessionRecord, { written, deleted }: SessionChanges) {
      return super.save(record, { written, deleted });
    }
  },
  "SEC-601 keeps the keys of 50 parallel writers that started from the same record": class extends MapStore {
    protected override merge(_stored: SessionRecord["data"], data: SessionRecord["data"]) {
      return data;
    }
  },
  "SEC-601 loses nothing to a touch that overlaps a write": class extends MapStore {
    override touch(record: SessionRecord): Promise<undefined> {
      if (this.live(record.id) !== undefined) this.put({ ...record, lastSeen: this.options.now() });
      return Promise.resolve(undefined);
    }
  },
  "SEC-602 keeps a destroyed session destroyed": class extends MapStore {
    protected override end(id: string): void {
      this.world.records.delete(id);
    }
  },
  "SEC-602 lets a destroy win over writes that overlap it": class extends MapStore {
    override async save(record: SessionRecord, changes: SessionChanges) {
      const before = this.live(record.id);
      const cookie = await super.save(record, changes);
      if (before !== undefined) this.put({ ...before, version: before.version + 1 });
      return cookie;
    }
  },
  "SEC-602 does not bring an expired session back by saving it": class extends MapStore {
    #saves = false;
    override async save(record: SessionRecord, changes: SessionChanges) {
      this.#saves = true;
      return super.save(record, changes).finally(() => (this.#saves = false));
    }
    protected override isOver(record: SessionRecord): boolean {
      return !this.#saves && super.isOver(record);
    }
  },
  "SEC-602 regenerates no session that has ended": class extends MapStore {
    override save(record: SessionRecord, { replaces, ...changes }: SessionChanges) {
      if (replaces !== undefined) this.end(replaces);
      return super.save(record, changes);
    }
  },
  "SEC-602 lets one of several parallel regenerations win": class extends MapStore {
    override async save(record: SessionRecord, { replaces, ...changes }: SessionChanges) {
      if (replaces !== undefined && this.live(replaces) === undefined) return record.id;
      await this.reach();
      if (replaces !== undefined) this.end(replaces);
      return super.save(record, changes);
    }
  },
  "counts the saves": class extends MapStore {
    protected override put(record: SessionRecord): void {
      super.put({ ...record, version: 1 });
    }
  },
  "SEC-605 shares no object with those who save or between those who open": class extends MapStore {
    protected override copy<T>(value: T): T {
      return value;
    }
  },
  "SEC-601 keeps the keys of 50 writers in two processes": class extends MapStore {
    readonly #mine = new Map<string, SessionRecord["data"]>();
    protected override live(id: string) {
      const found = super.live(id);
      return found && { ...found, data: this.#mine.get(id) ?? found.data };
    }
    protected override put(record: SessionRecord): void {
      this.#mine.set(record.id, record.data);
      super.put(record);
    }
  },
  "SEC-602 ends a session in every process": class extends MapStore {
    readonly #ended = new Set<string>();
    protected override live(id: string) {
      return this.#ended.has(id) ? undefined : super.live(id);
    }
    protected override mayCreate(record: SessionRecord): boolean {
      return record.version === 0 && !this.#ended.has(record.id);
    }
    protected override end(id: string): void {
      this.#ended.add(id);
    }
  },
  "keeps sessions when it is closed and made again": class extends MapStore {
    close(): void {
      this.world.ended.clear();
    }
  },
  "SEC-607 fails while its store is out of order, and comes back by itself": class extends MapStore {
    override async open(cookie: string) {
      return super.open(cookie).catch(() => undefined);
    }
  },
};

function casesOf(Store: typeof MapStore) {
  const world = new World();
  return sessionStoreContract({
    create: (options) => new Store(options, world),
    shared: true,
    breakDown: () => {
      world.isDown = true;
      return () => {
        world.isDown = false;
      };
    },
  });
}

const world = new World();
describeSessionStore("map", {
  create: (options) => new MapStore(options, world),
  shared: true,
  breakDown: () => {
    world.isDown = true;
    return () => {
      world.isDown = false;
    };
  },
});

describe("the session contract", () => {
  it("SEC-606 has a broken engine for each of its rules", () => {
    expect(Object.keys(broken).toSorted()).toEqual(
      casesOf(MapStore)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it.each(Object.entries(broken))(
    "SEC-606 fails an engine that breaks: %s",
    async (rule, Store) => {
      const failed: string[] = [];
      for (const { name, run } of casesOf(Store)) {
        await run().catch(() => failed.push(name));
      }
      expect(failed).toContain(rule);
      expect(failed.length, failed.join("\n")).toBeLessThan(casesOf(Store).length / 2);
    },
  );

  it("asks an engine that keeps sessions in the cookie only for what it can do", () => {
    const names = sessionStoreContract({
      create: (options) => new MapStore(options, new World()),
      remembers: false,
    }).map(({ name }) => name);
    expect(names).toContain("SEC-302 ends a session at its absolute limit however busy it is");
    expect(names.filter((name) => /SEC-60[12]|SEC-403/.test(name))).toEqual([]);
  });
});
