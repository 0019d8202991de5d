import { describe, expect, it } from "vitest";
import { createMemoryRevocationList } from "../../../src/engines/revocation/memory.ts";
import { revocationListContract } from "../../../src/testing/revocation-list-contract.ts";
import { TestClock } from "../../support/session-store.ts";

const day = 86_400_000;

function bench(maxEntries: number) {
  const clock = new TestClock();
  const warnings: string[] = [];
  const list = createMemoryRevocationList({
    now: () => clock.time,
    setting: (name) => (name === "session_revocation_max_entries" ? maxEntries : undefined),
    warn: (message) => warnings.push(message),
  }) as ReturnType<typeof createMemoryRevocationList> & { readonly size: number };
  return { clock, list, warnings };
}

describe("the revocation list in memory", () => {
  it("tells the moment that was noted, and of two callers only the first that it is news", () => {
    const { list, clock } = bench(10);
    const until = clock.time + day;
    expect(list.endedBefore("a")).toBe(0);
    expect([list.end("a", 5, until), list.end("a", 5, until)]).toEqual([true, false]);
    expect([list.end("a", 4, until), list.end("a", 6, until)]).toEqual([false, true]);
    expect([list.endedBefore("a"), list.endedBefore("b")]).toEqual([6, 0]);
  });

  it("SEC-408 forgets an entry after its session's end and not before: a million entries", () => {
    const { list, clock, warnings } = bench(3_000_000);
    const million = 1_000_000;
    for (let at = 0; at < million; at += 1) void list.end(`a${at}`, clock.time, clock.time + day);
    expect(list.size).toBe(million);
    clock.time += day;
    for (let at = 0; at < 1000; at += 1) void list.end(`b${at}`, clock.time, clock.time + day);
    expect(list.size).toBe(million + 1000);
    clock.time += 1;
    for (let at = 0; at < 1_005_000; at += 1) void list.end(`c${at}`, clock.time, clock.time + day);
    expect(list.size).toBe(1000 + 1_005_000);
    expect([list.endedBefore("a5"), list.endedBefore("b5")]).toEqual([0, clock.time - 1]);
    expect(warnings).toEqual([]);
  });

  it("SEC-408 is bounded, and when it is full lets no ended session back: the oldest sessions end instead", () => {
    const { list, clock, warnings } = bench(1000);
    const begun = clock.time;
    for (let at = 0; at < 5000; at += 1) {
      clock.time += 1;
      void list.end(`a${at}`, clock.time, clock.time + day);
      expect(list.size).toBeLessThanOrEqual(1000);
    }
    // Every session that was ended began just before the moment noted for it.
    for (let at = 0; at < 5000; at += 1) {
      expect(list.endedBefore(`a${at}`), `a${at}`).toBeGreaterThan(begun + at);
    }
    const floor = list.endedBefore("somebody else");
    expect(floor).toBeGreaterThan(begun);
    expect(floor).toBeLessThan(clock.time - 800);
    expect(warnings[0]).toMatch(
      /^session_revocation_max_entries \(1000\) is reached: all sessions from before 2030-/,
    );
  });

  it("SEC-408 makes room by what has expired before it ends anything", () => {
    const { list, clock, warnings } = bench(1000);
    for (let at = 0; at < 1000; at += 1) void list.end(`a${at}`, clock.time, clock.time + day);
    clock.time += day + 1;
    for (let at = 0; at < 1000; at += 1) void list.end(`b${at}`, clock.time, clock.time + day);
    expect([list.endedBefore("x"), warnings]).toEqual([0, []]);
    // Also where it is one entry in the midst of many.
    const other = bench(1000);
    for (let at = 0; at < 1000; at += 1) {
      const until = other.clock.time + (at === 700 ? 1 : day);
      void other.list.end(`a${at}`, other.clock.time, until);
    }
    other.clock.time += 2;
    void other.list.end("new", other.clock.time, other.clock.time + day);
    expect([other.list.endedBefore("x"), other.warnings]).toEqual([0, []]);
  });
});

describe('the revocation list "memory" keeps the contract', () => {
  const settings = { session_revocation_max_entries: 100 };
  const cases = revocationListContract({ create: createMemoryRevocationList, settings });
  for (const { name, run } of cases) it(name, run);
});
