#!/usr/bin/env node
// Runs everything, on one Node after the other, and writes the page: node all.mjs [NODE …]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const given = process.argv.slice(2);
const nodes = given.length > 0 ? given : [process.execPath];
const run = (script, ...args) => {
  const file = fileURLToPath(new URL(script, import.meta.url));
  execFileSync(process.execPath, [file, ...args], { stdio: "inherit" });
};
for (const node of nodes) {
  for (const script of ["run.mjs", "startup.mjs", "growth.mjs"]) run(script, "--node", node);
  execFileSync(node, [fileURLToPath(new URL("seal.mjs", import.meta.url))], { stdio: "inherit" });
}
run("publish.mjs");
