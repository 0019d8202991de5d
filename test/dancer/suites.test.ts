/** Every recorded case of Dancer, asked of us over a socket; see `README.md` in this folder. */
import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { deviationsOf } from "./deviations.ts";
import { suiteNames } from "./support/cases.ts";
import { SuiteRun, type Verdict } from "./support/suite-run.ts";
import type { SuiteApp } from "./support/server.ts";

declare module "vitest" {
  interface TaskMeta {
    /** How a recorded case compares, for the summary. */
    dancer?: Verdict;
  }
}

for (const name of suiteNames) {
  const file = new URL(`./apps/${name}.ts`, import.meta.url);
  if (!existsSync(file)) {
    describe.todo(name);
    continue;
  }
  const run = new SuiteRun(name, (await import(file.href)) as SuiteApp, await deviationsOf(name));
  describe(name, () => {
    afterAll(() => run.stop());

    for (const one of run.cases) {
      it(one.name, async ({ task }) => {
        const verdict = await run.verdict(one);
        task.meta.dancer = verdict;
        expect(verdict.differences).toEqual([]);
      });
    }

    it("lists deviations of known cases only", () => {
      expect(run.unknownDeviations).toEqual([]);
    });
  });
}
