/** Prints, as the last lines of `npm run test:dancer`, how many cases match and how many deviate. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { fixtures } from "./cases.ts";
import type { Verdict } from "./suite-run.ts";

/** The reporter that vitest makes. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    process.stdout.write(
      summary("Dancer: of our own", tests.filter(isOwn)) +
        summary(
          "Dancer: of the corpus's",
          tests.filter((test) => !isOwn(test)),
        ) +
        summary("Dancer: of", tests),
    );
  }
}

/** Suites of our own have their Perl beside them. */
function isOwn({ parent }: TestCase): boolean {
  return parent.type === "suite" && existsSync(join(fixtures, parent.name, "app.pl"));
}

function summary(which: string, tests: readonly TestCase[]): string {
  const count = { same: 0, rule: 0, mark: 0, list: 0 };
  let differ = 0;
  let cases = 0;
  for (const test of tests) {
    const { dancer } = test.meta() as { dancer?: Verdict };
    if (dancer === undefined) continue;
    cases += 1;
    if (dancer.differences.length > 0) differ += 1;
    else count[dancer.how] += 1;
  }
  return (
    `${which} ${cases} recorded cases ${count.same + count.rule} match ` +
    `(${count.rule} of them under the rules for every case), ${count.mark + count.list} deviate ` +
    `(${count.mark} as marked, ${count.list} by our list)` +
    `${differ === 0 ? "" : `, ${differ} DIFFER`}\n`
  );
}
