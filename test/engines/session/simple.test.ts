import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { createSimpleStore } from "../../../src/engines/session/simple.ts";
import type { SessionRecord } from "../../../src/engines/session/store.ts";
import { createSessionId } from "../../../src/session/session-id.ts";
import {
  TestClock,
  allOf,
  describeSessionStore,
  newRecord,
  storeOptions,
} from "../../support/session-store.ts";

describeSessionStore("simple", { create: createSimpleStore });

describe("the memory engine", () => {
  let clock: TestClock;

  beforeEach(() => {
    clock = new TestClock();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function fill(store: ReturnType<typeof createSimpleStore>, count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const record = newRecord(clock, { index });
      return store.save(record, allOf(record)) as string;
    });
  }

  it("SEC-605 forgets the sessions unused longest beyond session_max_entries, and says so once", () => {
    const warn = vi.fn();
    const store = createSimpleStore(storeOptions({ session_max_entries: 3 }, clock, { warn }));
    const [first, second, third] = fill(store, 3) as [string, string, string];
    clock.advance(120);
    expect(store.open(first, undefined)).toBeDefined();
    const [fourth, fifth] = fill(store, 2) as [string, string];
    expect(
      [first, second, third, fourth, fifth].map((id) => store.open(id, undefined) !== undefined),
    ).toEqual([true, false, false, true, true]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toContain("session_max_entries (3)");
  });

  it("SEC-605 expires sessions and forgotten ids without traffic and then stops its timer", () => {
    vi.useFakeTimers();
    const store = createSimpleStore(storeOptions({}, clock));
    fill(store, 5);
    void store.destroy(createSessionId());
    expect(vi.getTimerCount()).toBe(1);
    clock.advance(3601);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(1);
    clock.advance(86_400);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("SEC-605 does not keep the process alive", () => {
    const script = `
      import { createSimpleStore } from "./src/engines/session/simple.ts";
      const store = createSimpleStore({ cookieName: "s", limits: { idle: 9, absolute: 9 },
        now: Date.now, setting: () => undefined, warn: console.warn });
      const id = "A".repeat(24);
      const record = { id, version: 0, createdAt: Date.now(), lastSeen: 0, data: { a: 1 } };
      store.save(record, { written: ["a"], deleted: [] });
      console.log(store.open(id)?.data.a);`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    const output = execFileSync(process.execPath, args, { timeout: 20_000, encoding: "utf8" });
    expect(output).toBe("1\n");
  });

  it("SEC-605 takes nothing from an object after it was saved and hands out only frozen data", () => {
    const store = createSimpleStore(storeOptions({}, clock));
    const data = { cart: { items: [{ qty: 1 }] } };
    const record = newRecord(clock, data);
    const id = store.save(record, allOf(record)) as string;
    data.cart.items[0]!.qty = 99;
    const opened = store.open(id, undefined) as SessionRecord & { data: typeof data };
    expect(opened.data.cart.items[0]!.qty).toBe(1);
    expect(() => opened.data.cart.items.push({ qty: 2 })).toThrow(TypeError);
    expect(() => (opened.data.cart.items[0]!.qty = 3)).toThrow(TypeError);
  });

  it("SEC-402 looks up well-formed ids only and never adopts an unknown one", () => {
    const store = createSimpleStore(storeOptions({}, clock));
    const unknown = createSessionId();
    for (const id of ["../x", "__proto__", "x".repeat(10_240), `${unknown}\n`, unknown]) {
      expect(store.open(id, undefined)).toBeUndefined();
    }
    const stranger = { ...newRecord(clock, { a: 1 }), id: unknown, version: 1 };
    void store.save(stranger, allOf(stranger));
    expect(store.open(unknown, undefined)).toBeUndefined();
  });

  it("SEC-305 counts a session from ahead of the clock as gone, and survives a small step back", () => {
    const store = createSimpleStore(storeOptions({}, clock));
    const [id] = fill(store, 1) as [string];
    clock.advance(-60);
    expect(store.open(id, undefined)).toBeDefined();
    clock.advance(-1);
    expect(store.open(id, undefined)).toBeUndefined();
  });

  it("shares nothing with another store in the same process", () => {
    const [id] = fill(createSimpleStore(storeOptions({}, clock)), 1) as [string];
    expect(createSimpleStore(storeOptions({}, clock)).open(id, undefined)).toBeUndefined();
  });

  it("keeps a key called constructor or __proto__ away from prototypes", () => {
    const store = createSimpleStore(storeOptions({}, clock));
    const data = JSON.parse('{"constructor":{"x":1},"prototype":1,"__proto__":{"x":1}}') as object;
    const record = newRecord(clock, data as Record<string, unknown>);
    const id = store.save(record, allOf(record)) as string;
    expect((store.open(id, undefined) as typeof record).data.constructor).toEqual({ x: 1 });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([0, -1, 1.5, "10", Number.NaN])("refuses session_max_entries: %s", (value) => {
    expect(() => createSimpleStore(storeOptions({ session_max_entries: value }))).toThrow(
      ConfigError,
    );
  });

  it("forgets everything when it is closed", () => {
    const store = createSimpleStore(storeOptions({}, clock));
    const [id] = fill(store, 1) as [string];
    void store.close?.();
    expect(store.open(id, undefined)).toBeUndefined();
  });
});
