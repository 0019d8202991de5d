import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { projectDir } from "../support/run-app.ts";
import { byArgument } from "./by-argument.ts";
import { proofsIn, readProofs, readTable, toPage } from "./table.ts";

const rows = readTable();

describe("the table of security requirements", () => {
  it("has every requirement once, in order", () => {
    const numbers = rows.map(({ number }) => number);
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  it.each(rows.filter(({ level }) => level < 3))(
    "names a test or a reason for $number, $title",
    ({ proofs, argument }) => {
      expect(proofs.length + (argument === undefined ? 0 : 1)).toBeGreaterThan(0);
    },
  );

  it("excuses no requirement that a test names, and none that does not exist", () => {
    const untested = rows.filter(({ proofs }) => proofs.length === 0).map(({ number }) => number);
    for (const number of Object.keys(byArgument)) expect(untested).toContain(number);
  });

  it("stands in docs/security.md as it is: npm run security:table -- --write", async () => {
    const page = readFileSync(join(projectDir, "docs/security.md"), "utf8");
    expect(page).toBe(await format(toPage(rows), { parser: "markdown" }));
  });

  it("takes up every number that a test names", () => {
    const known = new Set(rows.map(({ number }) => number));
    for (const { number, file } of readProofs()) expect(known.has(number), file).toBe(true);
  });
});

describe("titles", () => {
  const read = (text: string): string[] =>
    proofsIn(join(projectDir, "test/x.test.ts"), text).map(({ number }) => number);

  it.each([
    ['it("SEC-101 a", () => {})', ["SEC-101"]],
    ['it.each([1])("SEC-101: %s", () => {})', ["SEC-101"]],
    ["it.skipIf(missing)(`SEC-102 ${name}`, () => {})", ["SEC-102"]],
    ['describe("SEC-103 SEC-104 two", () => {})', ["SEC-103", "SEC-104"]],
    ['it("that is told later, SEC-101", () => {})', []],
    ['it.skip("SEC-101 a", () => {})', []],
    ['it.todo("SEC-101 a")', []],
    ['describe.skip("a", () => { it("SEC-101 b", () => {}); })', []],
    ['// it("SEC-101 a", () => {})', []],
    ['const text = "SEC-101 a";', []],
    ['expect(1, "SEC-101 a").toBe(1)', []],
  ])("of %s prove %j", (text, numbers) => {
    expect(read(text)).toEqual(numbers);
  });
});
