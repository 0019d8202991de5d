/** Prints, as the last line of `npm run test:dancer`, how many cases match and how many deviate. */
import type { Reporter, TestModule } from "vitest/node";
import type { Verdict } from "./suite-run.ts";

/** The reporter that vitest makes. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { same: 0, rule: 0, mark: 0, list: 0 };
    let differ = 0;
    let cases = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { dancer } = test.meta() as { dancer?: Verdict };
        if (dancer === undefined) continue;
        cases += 1;
        if (dancer.differences.length > 0) differ += 1;
        else count[dancer.how] += 1;
      }
    }
    process.stdout.write(
      `Dancer: of ${cases} recorded cases ${count.same + count.rule} match ` +
        `(${count.rule} of them under the rules for every case), ${count.mark + count.list} deviate ` +
        `(${count.mark} as marked, ${count.list} by our list)` +
        `${differ === 0 ? "" : `, ${differ} DIFFER`}\n`,
    );
  }
}
