#!/usr/bin/env node
// From the start of the process to listening, and resident memory then: node startup.mjs [ROUNDS] [--node PATH]
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median, say } from "./report.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const {
  values: { node },
  positionals: [rounds = "15"],
} = parseArgs({
  options: { node: { type: "string", default: process.execPath } },
  allowPositionals: true,
});
const names = ["raw", "quickstep", "fastify", "hono", "h3", "polka", "koa", "express"];
const found = new Map(names.map((name) => [name, []]));

for (let round = 0; round <= Number(rounds); round++) {
  for (const name of names) {
    const out = execFileSync(
      node,
      [
        "--import",
        path.join(here, "startup-probe.mjs"),
        path.join(here, "servers", `${name}.mjs`),
        "0",
        "hello",
      ],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, NODE_ENV: "production" },
      },
    );
    // The first round warms the file cache.
    if (round > 0) found.get(name).push(JSON.parse(out.trim().split("\n").at(-1)));
  }
}
const print = say("startup", execFileSync(node, ["-v"], { encoding: "utf8" }).trim());
print(
  `#### Start\n\nFrom the start of the process to listening, and resident memory then: median of ${rounds} interleaved starts.\n`,
);
print("| server | ms | MB |\n|---|---|---|");
for (const [name, runs] of found) {
  print(
    `| ${name} | ${median(runs.map(({ ms }) => ms)).toFixed(0)} | ${(median(runs.map(({ rss }) => rss)) / 2 ** 20).toFixed(1)} |`,
  );
}
