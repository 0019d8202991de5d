/** Prints requirement → tests, or with `--write` makes docs/security.md. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { projectDir } from "../support/run-app.ts";
import { readTable, toPage, toText } from "./table.ts";

const rows = readTable();
if (process.argv.includes("--write")) {
  const page = join(projectDir, "docs/security.md");
  writeFileSync(page, await format(toPage(rows), { parser: "markdown" }));
  process.stdout.write(`wrote ${page}\n`);
} else {
  process.stdout.write(toText(rows));
}
