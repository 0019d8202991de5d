#!/usr/bin/env node
// Where the time of a request goes, next to the floor's: node profile.mjs CASE [SERVER [BASE]] [--node PATH] [--seconds S]
// Both are under load at once while `perf` (Debian: linux-perf) takes samples; prints microseconds per request by area, and
// the functions that cost most, with all that they call.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./cases.mjs";
import { load } from "./measure.mjs";
import { kill, sleep, spawnOwn, start, stop } from "./process.mjs";
import { say } from "./report.mjs";
import { floor, servers } from "./servers.mjs";

const {
  values: given,
  positionals: [kase, name = "quickstep (explicit)", base = floor],
} = parseArgs({
  options: {
    node: { type: "string", default: process.execPath },
    seconds: { type: "string", default: "8" },
    top: { type: "string", default: "25" },
  },
  allowPositionals: true,
});
const HERTZ = 4000;
const recording = fileURLToPath(new URL("out/perf.data", import.meta.url));
mkdirSync(fileURLToPath(new URL("out/", import.meta.url)), { recursive: true });

const node = `${given.node} --perf-basic-prof-only-functions`;
const pair = [];
for (const wanted of [base, name]) {
  const server = servers.find((one) => one.name === wanted);
  if (server === undefined || cases[kase] === undefined)
    throw new Error(`unknown: ${kase}, ${wanted}`);
  const s = await start(server, kase, { node, cpu: "0" });
  s.check = await cases[kase](s.port);
  pair.push({ ...s, functions: new Map(), areas: new Map() });
}
const loadBoth = (seconds) => Promise.all(pair.map((s) => load(s, seconds, 25, "1")));

await loadBoth(4);
const pids = pair.map(({ child }) => child.pid);
const perf = spawnOwn(
  "perf",
  [
    "record",
    "-q",
    "-F",
    String(HERTZ),
    "-e",
    "cpu-clock",
    "-g",
    "-o",
    recording,
    "-p",
    pids.join(),
  ],
  { stdio: "ignore" },
);
await sleep(500);
const loads = await loadBoth(Number(given.seconds));
kill(perf, "SIGINT");
await new Promise((resolve) => perf.once("exit", resolve));
const samples = execFileSync("perf", ["script", "-i", recording, "-F", "pid,ip,sym,dso"], {
  encoding: "utf8",
  maxBuffer: 2 ** 30,
  stdio: ["ignore", "pipe", "ignore"],
});
for (const s of pair) await stop(s);

function areaOf({ symbol, object }) {
  if (object.includes("kernel")) return "kernel";
  if (object.startsWith("perf-")) {
    if (symbol.includes("node:")) return "node, JavaScript";
    if (symbol.includes("/dist/")) return "Quickstep";
    return symbol.includes("node_modules") ? "packages" : "the server's own code and stubs";
  }
  return object === "node" ? "node and V8, C++" : "C library";
}

for (const sample of samples.split("\n\n")) {
  const [pid, ...lines] = sample.split("\n").filter((line) => line !== "");
  const i = pids.indexOf(Number(pid?.trim()));
  if (i < 0) continue;
  const { areas, functions } = pair[i];
  const us = 1e6 / HERTZ / loads[i].requests;
  const frames = lines.flatMap((line) => {
    const found = /^\s*[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)? \((.*)\)$/.exec(line);
    return found ? [{ symbol: found[1], object: found[2].replace(/.*\//, "") }] : [];
  });
  if (frames.length === 0) continue;
  const add = (map, key) => map.set(key, (map.get(key) ?? 0) + us);
  add(areas, areaOf(frames[0]));
  for (const symbol of new Set(frames.filter((f) => areaOf(f) === "Quickstep").map(short)))
    add(functions, symbol);
}

/** `JS:*open file:///…/dist/sealing/sealer.js:50:9` is `sealing/sealer.js open`. */
function short({ symbol }) {
  const [, name, file] = /JS:[*^~+]?(\S*) .*\/dist\/(.*?\.js)/.exec(symbol) ?? [];
  return file === undefined ? symbol : `${file} ${name}`;
}

const two = (us = 0) => us.toFixed(2);
const version = execFileSync(given.node, ["-v"], { encoding: "utf8" }).trim();
const print = say(`profile-${kase}`, version);
print(`| ${kase}, us | ${base} | ${name} | difference |\n|---|---|---|---|`);
const [first, second] = pair;
for (const area of new Set([...first.areas.keys(), ...second.areas.keys()])) {
  const [a = 0, b = 0] = [first.areas.get(area), second.areas.get(area)];
  print(`| ${area} | ${two(a)} | ${two(b)} | ${two(b - a)} |`);
}
const sum = ({ areas }) => [...areas.values()].reduce((all, us) => all + us, 0);
print(`| all | ${two(sum(first))} | ${two(sum(second))} | ${two(sum(second) - sum(first))} |`);
const most = [...second.functions].sort((a, b) => b[1] - a[1]).slice(0, Number(given.top));
console.log(`\nFunctions of ${name}, with what they call:\n`);
for (const [symbol, us] of most) console.log(`- ${two(us)} ${symbol}`);
