import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProofs, readTable } from "../security/table.ts";
import { projectDir } from "../support/run-app.ts";
import { isShownBy, numbered } from "./coverage.ts";
import { guards } from "./list.ts";
import { editsOf, takeOut, testsOf } from "./trial.ts";

const proofs = readProofs();

describe("the guards that npm run guards takes out", () => {
  it.each(guards.flatMap(editsOf))("stand in $file as they are listed: $guard", (edit) => {
    const source = readFileSync(join(projectDir, edit.file), "utf8");
    expect(takeOut(edit, source)).not.toBe(source);
  });

  it.each(guards)("are seen by tests that there are: $proves, $guard", (guard) => {
    const files = testsOf(guard, proofs);
    expect(files).not.toEqual([]);
    for (const file of files) expect(existsSync(join(projectDir, file)), file).toBe(true);
  });

  it("meet every requirement of levels 1 and 2 about sealing, cookies, lifetimes, identity, caches and stores", () => {
    const met = new Set(guards.flatMap(({ proves }) => proves));
    const binding = readTable().filter(({ number, level }) => numbered(number) && level < 3);
    expect(binding.filter(({ number }) => !met.has(number)).map(({ number }) => number)).toEqual(
      [],
    );
  });
});

describe("a title in the source", () => {
  const proof = { number: "SEC-101", file: "test/a.test.ts" };
  it.each([
    ["SEC-101 opens", "SEC-101 opens", true],
    ["SEC-101 opens", "SEC-101 opens not", false],
    ["SEC-101 (a) %s of %i", "SEC-101 (a) half of 7", true],
    ["SEC-101 $title", "SEC-101 anything", true],
    ["SEC-101 ${name}.", "SEC-101 anything.", true],
  ])("%j stands for the test %j: %s", (title, test, expected) => {
    expect(isShownBy({ ...proof, title }, { file: proof.file, title: test })).toBe(expected);
  });
});
