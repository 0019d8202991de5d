/** Which tests prove which security requirement: read from the titles in the source. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import ts from "typescript";
import { projectDir } from "../support/run-app.ts";
import { byArgument } from "./by-argument.ts";

/** A requirement as `requirements.json` has it. */
interface Requirement {
  readonly number: string;
  /** 1: before the first release, 2: before 1.0, 3: optional or later. */
  readonly level: number;
  readonly title: string;
}

/** A test whose title begins with a requirement's number. */
export interface Proof {
  readonly number: string;
  /** Relative to the project. */
  readonly file: string;
  readonly title: string;
}

/** A requirement and what is known of it. */
export interface Row extends Requirement {
  readonly proofs: readonly Proof[];
  /** Why no test names it. */
  readonly argument: string | undefined;
}

interface Fixture {
  readonly source: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
}

const fixture = JSON.parse(
  readFileSync(join(projectDir, "test/security/requirements.json"), "utf8"),
) as Fixture;

/** Every requirement with its tests, in the order of the numbers. */
export function readTable(): Row[] {
  const proofs = readProofs();
  return fixture.requirements.map((requirement) => ({
    ...requirement,
    proofs: proofs.filter(({ number }) => number === requirement.number),
    argument: byArgument[requirement.number],
  }));
}

/** What all tests prove. */
export function readProofs(): Proof[] {
  const files = ["test", "src/testing"].flatMap(sourcesBelow);
  return files.flatMap((file) => proofsIn(file));
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(projectDir, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(projectDir, folder, file))
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .sort();
}

/** Titles of tests and groups of tests; and, in a suite of cases for any runner, names that are numbered. */
export function proofsIn(path: string, text = readFileSync(path, "utf8")): Proof[] {
  const file = relative(projectDir, path);
  const isSuite = file.startsWith("src/");
  const proofs: Proof[] = [];
  const note = (title: string): void => {
    const numbers = /^(?:SEC-\d{3}[:,]? (?:and )?)+/.exec(title)?.[0].match(/SEC-\d{3}/g) ?? [];
    proofs.push(...numbers.map((number) => ({ number, file, title })));
  };
  const visit = (node: ts.Node): void => {
    if (isSuite && ts.isStringLiteralLike(node)) note(node.text);
    if (ts.isCallExpression(node)) {
      const name = testWord(node.expression);
      // What is skipped for good proves nothing.
      if (name !== undefined && /\.(?:skip|todo)\b/.test(name)) return;
      const [title] = node.arguments;
      if (name !== undefined && !isSuite && title !== undefined) note(textOf(title));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(basename(path), text, ts.ScriptTarget.Latest, true));
  return proofs;
}

/** `it`, `test` or `describe`, with what hangs on it: `it.each(table)` becomes `it.each`. */
function testWord(callee: ts.Expression): string | undefined {
  const text = callee.getText();
  return /^(?:it|test|describe)\b/.test(text) ? text.replace(/\(.*/s, "") : undefined;
}

function textOf(title: ts.Expression): string {
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.getText().slice(1, -1) : "";
}

/** How many requirements of levels 1 and 2 are met, and how. */
function summarize(rows: readonly Row[]): string {
  const binding = rows.filter(({ level }) => level < 3);
  const tested = binding.filter(({ proofs }) => proofs.length > 0).length;
  const argued = binding.filter((row) => row.proofs.length === 0 && row.argument !== undefined);
  const missing = binding.length - tested - argued.length;
  return `Of ${binding.length} requirements of levels 1 and 2, ${tested} are named by tests, ${argued.length} are met by argument, ${missing} are missing.`;
}

/** The page `docs/security.md`, before Prettier. */
export function toPage(rows: readonly Row[]): string {
  const lines = [
    "# Security requirements and their tests",
    "",
    "Each requirement has a number that never changes its meaning; a test that proves one begins its title with the number. Level 1 is for the first release, level 2 for 1.0, level 3 is optional. `npm run security:table` prints every title; with `-- --write` it makes this page, and a test checks that the page is current. What stands under `src/testing/` is a public suite: its cases run for each engine, yours too. Tests that need Redis, PostgreSQL, nginx or Chromium are skipped where it is missing, and say so; with `CI=true` they fail.",
    "",
    "A test that cannot fail proves nothing. For the groups 1xx to 6xx `test/guards/` lists the few words of source that meet each requirement. `npm run guards` takes them out in turn, in a copy of the project, runs the tests that name the requirement, and prints which of them failed; it ends with an error when a guard goes unnoticed, or when a test has failed for none of them. It takes about half an hour; `npm run guards -- SEC-304 src/csrf.ts` is quicker. That the words still stand where the list says is checked with all other tests: whoever moves a guard mends the list.",
    "",
    summarize(rows),
  ];
  for (const [digit, name] of Object.entries(fixture.groups)) {
    lines.push("", `## ${digit}xx ${name}`, "", "| number | level | what | where |");
    lines.push("| --- | --- | --- | --- |");
    for (const row of rows.filter(({ number }) => number.startsWith(`SEC-${digit}`))) {
      const title = row.title.replaceAll("|", "\\|");
      lines.push(`| ${row.number} | ${row.level} | ${title} | ${places(row)} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function places({ proofs, argument }: Row): string {
  if (proofs.length === 0) return argument ?? "no test yet";
  const files = [...new Set(proofs.map(({ file }) => file))].sort();
  return files
    .map((file) => `[${file.replace(/^test\/|\.ts$|\.test\.ts$/g, "")}](../${file})`)
    .join(", ");
}

/** Every title, for reading. */
export function toText(rows: readonly Row[]): string {
  const blocks = rows.map(({ number, level, title, proofs, argument }) => {
    const found = proofs.map((proof) => `    ${proof.file}: ${proof.title}`);
    if (found.length === 0) found.push(`    ${argument ?? "MISSING"}`);
    return [`${number} (${level}) ${title}`, ...found].join("\n");
  });
  return `${blocks.join("\n")}\n\n${summarize(rows)}\n`;
}
