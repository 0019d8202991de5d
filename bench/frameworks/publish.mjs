#!/usr/bin/env node
// Writes docs/performance.md and its pictures from the results in out/.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toMarkdown, toSvg } from "./report.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const page = readFileSync(`${docs}performance.md`, "utf8");
const [start, end] = ["<!-- results -->", "<!-- end of results -->"];
if (!page.includes(start) || !page.includes(end))
  throw new Error(`docs/performance.md lacks ${start} or ${end}`);

const read = (name) => readFileSync(`${out}${name}`, "utf8");
const runs = readdirSync(out)
  .filter((name) => /^v[\d.]+\.json$/.test(name))
  .sort()
  .map((name) => JSON.parse(read(name)));
const parts = runs.flatMap((run) => {
  const major = /^v(\d+)/.exec(run.node)[1];
  const picture = `performance-node${major}.svg`;
  writeFileSync(`${docs}${picture}`, toSvg(run));
  const others = ["startup", "growth", "seal"].flatMap((name) => {
    try {
      return [read(`${name}-${run.node}.md`)];
    } catch {
      return [];
    }
  });
  const profiles = readdirSync(out)
    .filter((name) => name.startsWith("profile-") && name.endsWith(`-${run.node}.md`))
    .map(read);
  return [
    `![CPU time per request of each server, Node ${major}](${picture})`,
    toMarkdown(run),
    ...others,
    ...(profiles.length > 0
      ? [`#### Where the time goes\n\nCPU time per request by area, \`node profile.mjs CASE\`.`]
      : []),
    ...profiles,
  ];
});
const before = page.slice(0, page.indexOf(start) + start.length);
writeFileSync(
  `${docs}performance.md`,
  `${before}\n\n${parts.map((part) => part.trim()).join("\n\n")}\n\n${page.slice(page.indexOf(end))}`,
);
console.log(`docs/performance.md: ${runs.map(({ node }) => node).join(", ")}`);
