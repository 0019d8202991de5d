/** Takes guards out, one at a time, in a copy of the project, and runs the tests that must see it. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { projectDir } from "../support/run-app.ts";
import type { Proof } from "../security/table.ts";
import type { Edit, Guard } from "./guard.ts";

/** A test and how it ended. */
export interface Ended {
  /** Relative to the project. */
  readonly file: string;
  readonly title: string;
  readonly failed: boolean;
}

/** What became of the tests without a guard. */
export interface Verdict {
  readonly guard: Guard;
  /** The tests that name one of its requirements. */
  readonly ended: readonly Ended[];
  /** The requirements of which no test failed. */
  readonly unseen: readonly string[];
  /** What vitest said, when it could not run the tests at all. */
  readonly trouble: string | undefined;
}

/** What the JSON reporter of vitest writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const left = new Set(["node_modules", ".git", "dist"]);
/** A guard whose lack makes tests wait is seen by their time limit. */
const limits = ["--testTimeout=20000", "--hookTimeout=60000", "--teardownTimeout=5000"];

/** Applies a guard's lack to a source. @throws Error when the words are not there exactly once. */
export function takeOut({ file, guard, without }: Edit, source: string): string {
  const parts = source.split(guard);
  if (parts.length === 2) return parts.join(without);
  throw new Error(`${file} has ${parts.length - 1} times: ${guard}`);
}

/** What is taken out with a guard. */
export function editsOf(guard: Guard): Edit[] {
  return guard.also === undefined ? [guard] : [guard, guard.also];
}

/** The test files that are to see the lack of a guard. */
export function testsOf({ proves, tests }: Guard, proofs: readonly Proof[]): string[] {
  if (tests !== undefined) return tests.map((file) => `test/${file}`);
  const files = proofs.filter(({ number }) => proves.includes(number)).map(({ file }) => file);
  return [...new Set(files)].filter((file) => file.startsWith("test/"));
}

/** A copy of the project in which guards can be taken out. */
export class Trial {
  readonly #folder = mkdtempSync(join(tmpdir(), "quickstep-guards-"));
  readonly #proofs: readonly Proof[];

  constructor(proofs: readonly Proof[]) {
    this.#proofs = proofs;
    for (const name of readdirSync(projectDir)) {
      if (left.has(name)) continue;
      cpSync(join(projectDir, name), join(this.#folder, name), {
        recursive: true,
        filter: (source) => !left.has(source.split("/").at(-1) ?? ""),
      });
    }
    symlinkSync(join(projectDir, "node_modules"), join(this.#folder, "node_modules"));
  }

  /** Runs the tests without the guard, which is back in its place afterwards. */
  judge(guard: Guard): Verdict {
    const before: { path: string; source: string }[] = [];
    try {
      for (const edit of editsOf(guard)) {
        const path = join(this.#folder, edit.file);
        const source = readFileSync(path, "utf8");
        before.push({ path, source });
        writeFileSync(path, takeOut(edit, source));
      }
      return this.#run(guard);
    } catch (error) {
      return { guard, ended: [], unseen: guard.proves, trouble: String(error) };
    } finally {
      for (const { path, source } of before.reverse()) writeFileSync(path, source);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(guard: Guard): Verdict {
    const report = join(this.#folder, "report.json");
    rmSync(report, { force: true });
    const files = testsOf(guard, this.#proofs);
    const args = ["node_modules/vitest/vitest.mjs", "run", ...files, "-t", guard.proves.join("|")];
    args.push("--reporter=json", `--outputFile=${report}`, ...limits);
    const { stderr } = spawnSync(process.execPath, args, {
      cwd: this.#folder,
      encoding: "utf8",
      timeout: 300_000,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = this.#read(report);
    const failed = ended?.filter((test) => test.failed) ?? [];
    return {
      guard,
      ended: ended ?? [],
      unseen: guard.proves.filter((number) => !failed.some(({ title }) => title.includes(number))),
      trouble: ended === undefined ? stderr.slice(-500) : undefined,
    };
  }

  /** `undefined` when a file of tests could not be loaded: that proves nothing. */
  #read(report: string): Ended[] | undefined {
    let read: Report;
    try {
      read = JSON.parse(readFileSync(report, "utf8")) as Report;
    } catch {
      return undefined;
    }
    if (read.testResults.some(({ assertionResults }) => assertionResults.length === 0)) {
      return undefined;
    }
    return read.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "passed" || status === "failed")
        .map(({ title, status }) => ({
          file: relative(this.#folder, name),
          title,
          failed: status === "failed",
        })),
    );
  }
}
