/** Tries a contract suite itself: one engine that is broken for each of its rules. */
import { expect, it } from "vitest";
import type { ContractCase } from "../../src/testing/contract-case.ts";

/** Every rule passes for each of these engines. */
export function describePassing(suites: Readonly<Record<string, ContractCase[]>>): void {
  for (const [engine, cases] of Object.entries(suites)) {
    it.each(cases.map(({ name, run }) => [name, run] as const))(`${engine}: %s`, (_, run) => run());
  }
}

/** Each rule has an engine that breaks it, and that is told by this rule; `cases` makes the suite for one. */
export function describeBroken<E>(
  broken: Readonly<Record<string, E>>,
  cases: (engine: E) => ContractCase[],
): void {
  it("has a broken engine for each of its rules", () => {
    for (const engine of Object.values(broken)) {
      expect(Object.keys(broken).toSorted()).toEqual(
        cases(engine)
          .map(({ name }) => name)
          .toSorted(),
      );
    }
  });

  it.each(Object.entries(broken))("fails an engine that breaks: %s", async (rule, engine) => {
    const failed: string[] = [];
    for (const { name, run } of cases(engine)) await run().catch(() => failed.push(name));
    expect(failed).toContain(rule);
    expect(failed.length, failed.join("\n")).toBeLessThan(4);
  });
}
