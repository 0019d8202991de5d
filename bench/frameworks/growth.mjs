#!/usr/bin/env node
// How the cost of a request grows with routes, hooks, sessions and the size of a session: node growth.mjs [ROUNDS] [--node PATH]
// Each step is compared with the first of its row, both under load at once.
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { ask } from "./cases.mjs";
import { load, pairSlice } from "./measure.mjs";
import { start, stop } from "./process.mjs";
import { median, say } from "./report.mjs";

const {
  values: { node },
  positionals: [rounds = "8"],
} = parseArgs({
  options: { node: { type: "string", default: process.execPath } },
  allowPositionals: true,
});
const options = { seconds: 0.5, connections: 50, serverCpu: "0", clientCpu: "1" };
const rows = [
  { what: "routes", path: "/hello/alice", steps: [10, 100, 1000, 10_000] },
  { what: "hooks", path: "/", steps: [1, 5, 10, 20] },
  { what: "sessions", path: "/whoami", steps: [1, 1000, 100_000, 1_000_000] },
  { what: "size", path: "/whoami", steps: [1, 5, 10, 20, 28] },
];

async function bring({ what, path }, count) {
  const server = {
    name: `${what}-${count}`,
    command: `{node} {here}/servers/growth.mjs {port} growth ${what}-${count}`,
  };
  const s = await start(server, "growth", { node, cpu: options.serverCpu, patience: 120 });
  const login = await ask(s.port, "/login");
  const cookie = (login.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  s.check = { path, wrk: cookie === "" || path !== "/whoami" ? [] : ["-H", `Cookie: ${cookie}`] };
  return s;
}

const print = say("growth", execFileSync(node, ["-v"], { encoding: "utf8" }).trim());
print(
  `#### Growth\n\nCPU time per request with more routes, before hooks, sessions in memory, and hundreds of bytes in a cookie session; ratio to the first of each row, median of ${rounds} paired slices.\n`,
);
print("| | | | | | |\n|---|---|---|---|---|---|");
for (const row of rows) {
  const [first, ...steps] = row.steps;
  const cells = [`${first.toLocaleString("en")}: 1`];
  for (const count of steps) {
    const base = await bring(row, first);
    const s = await bring(row, count);
    await Promise.all([base, s].map((one) => load(one, 2.5, 25, options.clientCpu)));
    const ratios = [];
    for (let i = 0; i < Number(rounds); i++) ratios.push((await pairSlice(base, s, options)).ratio);
    await stop(base);
    await stop(s);
    cells.push(`${count.toLocaleString("en")}: ${median(ratios).toFixed(2)}`);
  }
  print(`| ${row.what} | ${[...cells, "", ""].slice(0, 5).join(" | ")} |`);
}
