/** What every session engine has to do, whatever it stores sessions in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSessionId } from "../../../src/session/session-id.ts";
import type {
  SessionChanges,
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "../../../src/engines/session/store.ts";

/** What an engine that is put to the test can do. */
export interface StoreTraits {
  /** True if sessions are kept outside the cookie, so that they can be merged and ended. */
  readonly remembers: boolean;
  /** Settings for the engine, such as its key. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A clock that a test moves by hand. */
export class TestClock {
  time = Date.UTC(2030, 0, 1);

  /** Moves on by seconds; negative ones step back. */
  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}

const limits = { idle: 3600, absolute: 86_400 };

/** Options as an app would hand them to an engine. */
export function storeOptions(
  settings: Readonly<Record<string, unknown>> = {},
  clock = new TestClock(),
  changed: Partial<SessionStoreOptions> = {},
): SessionStoreOptions {
  const inForce: Record<string, unknown> = { environment: "test", ...settings };
  return {
    cookieName: "quickstep.session",
    limits,
    now: () => clock.time,
    setting: (name) => inForce[name],
    warn: () => undefined,
    ...changed,
  };
}

/** A session as the life cycle hands it over for its first save. */
export function newRecord(clock: TestClock, data: Record<string, unknown> = {}): SessionRecord {
  const { time } = clock;
  return { id: createSessionId(), version: 0, createdAt: time, lastSeen: time, data };
}

/** The changes that write every key of a record. */
export function allOf(record: SessionRecord): SessionChanges {
  return { written: Object.keys(record.data), deleted: [] };
}

/** Runs the suite against one engine. */
export function describeSessionStore(
  name: string,
  makeStore: (options: SessionStoreOptions) => SessionStore | Promise<SessionStore>,
  traits: StoreTraits,
): void {
  describe(`the session engine "${name}" keeps the contract`, () => {
    let clock: TestClock;
    let store: SessionStore;

    beforeEach(async () => {
      clock = new TestClock();
      store = await makeStore(storeOptions(traits.settings, clock));
    });
    afterEach(() => store.close?.());

    async function saved(data: Record<string, unknown>): Promise<[string, SessionRecord]> {
      const record = newRecord(clock, data);
      const cookie = await store.save(record, allOf(record));
      const opened = await store.open(cookie, undefined);
      expect(opened).toBeDefined();
      return [cookie, opened!];
    }

    function change(record: SessionRecord, changes: Record<string, unknown>): SessionRecord {
      return { ...record, data: { ...record.data, ...changes } };
    }

    it("gives back the record that was saved", async () => {
      const data = { user: "åsa", cart: { items: [{ qty: 2 }, null, true] }, empty: {} };
      const record = newRecord(clock, data);
      const opened = await store.open(await store.save(record, allOf(record)), undefined);
      expect(opened).toMatchObject({ id: record.id, createdAt: clock.time, lastSeen: clock.time });
      expect(opened!.data).toEqual(data);
      expect(opened!.version).toBeGreaterThan(0);
    });

    it("answers cookie values of the cookie-safe alphabet only", async () => {
      expect((await saved({ a: "ÿ>?" }))[0]).toMatch(/^[A-Za-z0-9_.~-]+$/);
    });

    it("gives undefined for unknown, malformed and forged cookies", async () => {
      const [cookie] = await saved({ a: 1 });
      const junk = ["", " ", "../x", "x".repeat(10_000), "\0", "%00", createSessionId()];
      const last = cookie.endsWith("A") ? "B" : "A";
      const forged = [`${cookie}\n`, `${cookie}A`, cookie.slice(1), cookie.slice(0, -1) + last];
      for (const value of [...junk, ...forged]) {
        expect(await store.open(value, undefined), JSON.stringify(value)).toBeUndefined();
      }
    });

    it("ignores a last-use cookie that is junk", async () => {
      const [cookie, record] = await saved({ a: 1 });
      for (const seen of ["", "junk", cookie, "x".repeat(10_000)]) {
        expect(await store.open(cookie, seen)).toEqual(record);
      }
    });

    it("ends a session that was idle too long, to the millisecond", async () => {
      const [cookie] = await saved({ a: 1 });
      clock.advance(limits.idle);
      expect(await store.open(cookie, undefined)).toBeDefined();
      clock.time += 1;
      expect(await store.open(cookie, undefined)).toBeUndefined();
    });

    it("prolongs a touched session without changing its data or its beginning", async () => {
      const [cookie, record] = await saved({ a: 1 });
      clock.advance(limits.idle - 1);
      const seen = await store.touch(record);
      const touchedAt = clock.time;
      clock.advance(limits.idle - 1);
      const opened = await store.open(cookie, seen);
      expect(opened).toMatchObject({ createdAt: record.createdAt, lastSeen: touchedAt });
      expect(opened!.data).toEqual({ a: 1 });
    });

    it("ends a session at its absolute limit however busy it is", async () => {
      let [cookie, record] = await saved({ visits: 0 });
      const end = record.createdAt + limits.absolute * 1000;
      for (let visits = 1; clock.time + 1_800_000 <= end; visits += 1) {
        clock.advance(1800);
        const seen = await store.touch(record);
        record = change((await store.open(cookie, seen))!, { visits });
        cookie = await store.save(record, { written: ["visits"], deleted: [] });
      }
      expect(clock.time).toBe(end);
      expect(await store.open(cookie, undefined)).toBeDefined();
      clock.time += 1;
      expect(await store.open(cookie, await store.touch(record))).toBeUndefined();
    });

    it("never revives an expired session by touching it", async () => {
      const [cookie, record] = await saved({ a: 1 });
      clock.advance(limits.absolute + 1);
      expect(await store.open(cookie, await store.touch(record))).toBeUndefined();
    });

    it("takes no harm from destroying an unknown id", async () => {
      const [cookie] = await saved({ a: 1 });
      await store.destroy(createSessionId());
      expect(await store.open(cookie, undefined)).toBeDefined();
    });

    if (!traits.remembers) return;

    it("keeps a destroyed session destroyed", async () => {
      const [cookie, record] = await saved({ a: 1 });
      await store.destroy(record.id);
      expect(await store.open(cookie, undefined)).toBeUndefined();
      for (const version of [record.version, 0]) {
        const again = await store.save({ ...record, version }, allOf(record));
        expect(await store.open(again, undefined)).toBeUndefined();
      }
      expect(await store.open(cookie, await store.touch(record))).toBeUndefined();
    });

    it("does not bring an expired session back by saving it", async () => {
      const [, record] = await saved({ a: 1 });
      clock.advance(limits.idle + 1);
      const cookie = await store.save(record, allOf(record));
      expect(await store.open(cookie, undefined)).toBeUndefined();
    });

    it("keeps the keys of all writers that started from the same record", async () => {
      const [cookie, record] = await saved({ first: 1, gone: 1 });
      const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);
      const writing = keys.map(async (key) => {
        await store.save(change(record, { [key]: key }), { written: [key], deleted: ["gone"] });
      });
      await Promise.all(writing);
      const data = (await store.open(cookie, undefined))!.data;
      expect(data).toEqual({ first: 1, ...Object.fromEntries(keys.map((key) => [key, key])) });
    });

    it("counts the saves", async () => {
      const [cookie, record] = await saved({ a: 1 });
      await store.save(record, { written: [], deleted: ["a"] });
      expect(await store.open(cookie, undefined)).toMatchObject({
        version: record.version + 1,
        data: {},
      });
    });

    it("shares no object with those who save or between those who open", async () => {
      const items = [1];
      const [cookie, record] = await saved({ items });
      items.push(2);
      try {
        (record.data.items as number[]).push(3);
      } catch {
        // An engine may hand out frozen data.
      }
      expect((await store.open(cookie, undefined))!.data).toEqual({ items: [1] });
    });
  });
}
