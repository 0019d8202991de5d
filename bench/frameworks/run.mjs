#!/usr/bin/env node
// Measures Quickstep and its rivals at the same tasks. See README.md.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./cases.mjs";
import { load, pairSlice, soloSlice } from "./measure.mjs";
import { start, stop } from "./process.mjs";
import { floor, servers } from "./servers.mjs";
import { summary, toMarkdown } from "./report.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: given } = parseArgs({
  options: {
    only: { type: "string" }, // cases, with commas between
    servers: { type: "string" }, // servers, with commas between
    rounds: { type: "string", default: "15" }, // paired slices in each set
    sets: { type: "string", default: "1" }, // fresh processes, so often
    solo: { type: "string", default: "0" }, // slices for requests per second in each set
    seconds: { type: "string", default: "0.3" },
    warm: { type: "string", default: "1.5" },
    connections: { type: "string", default: "50" },
    node: { type: "string", default: process.execPath },
    out: { type: "string" },
  },
});
const options = {
  rounds: Number(given.rounds),
  sets: Number(given.sets),
  solo: Number(given.solo),
  seconds: Number(given.seconds),
  warm: Number(given.warm),
  connections: Number(given.connections),
  node: given.node,
  serverCpu: "0",
  clientCpu: "1",
};
const wanted = pick(given.only, Object.keys(cases));
const names = pick(
  given.servers,
  servers.map(({ name }) => name),
);
const rivals = servers.filter(({ name }) => name !== floor && names.includes(name));
const base = servers.find(({ name }) => name === floor);
const nodeVersion = execFileSync(options.node, ["-v"], { encoding: "utf8" }).trim();
const problems = [];
const results = {};

function pick(list, known) {
  const chosen = list?.split(",") ?? known;
  const unknown = chosen.find((name) => !known.includes(name));
  if (unknown === undefined) return chosen;
  console.error(`unknown name "${unknown}" (known: ${known.join(", ")})`);
  process.exit(2);
}

async function bring(server, kase) {
  const s = await start(server, kase, { node: options.node, cpu: options.serverCpu });
  try {
    s.check = await cases[kase](s.port);
  } catch (error) {
    await stop(s);
    throw error;
  }
  return s;
}

/** Only the two servers that are compared are alive, both fresh: servers that wait for their turn go cold. */
async function measureSet(server, kase, row) {
  const first = await bring(base, kase);
  let s;
  try {
    s = await bring(server, kase);
    row.note ??= s.check.note;
    const half = Math.max(1, options.connections >> 1);
    const warm = await Promise.all(
      [first, s].map((one) => load(one, options.warm, half, options.clientCpu)),
    );
    warm.forEach((w, i) => {
      [first, s][i].done += w.requests;
    });
    s.isSlow = warm[1].perSecond < 150;
    for (let r = 0; r < options.rounds; r++) {
      let slice = await pairSlice(first, s, options);
      // A slice in which something else used the servers' cpu is repeated.
      for (let i = 0; i < 2 && slice.foreign > 0.15; i++) {
        const again = await pairSlice(first, s, options);
        if (again.foreign < slice.foreign) slice = again;
      }
      if (slice.bad) problems.push(`${kase}, ${server.name}: ${slice.bad}`);
      row.pairs.push(slice);
    }
    let before = options.solo > 0 ? await soloSlice(first, options) : undefined;
    for (let r = 0; r < options.solo; r++) {
      const own = await soloSlice(s, options);
      const after = await soloSlice(first, options);
      row.solos.push(own.perSecond / ((before.perSecond + after.perSecond) / 2));
      before = after;
    }
    row.after = await s.check.after?.(s.done);
    await cases[kase](s.port);
  } finally {
    await stop(first);
    if (s) await stop(s);
  }
}

for (const kase of wanted) {
  const rows = new Map();
  const here = rivals.filter((server) => !server.cases || server.cases.includes(kase));
  for (let set = 0; set < options.sets; set++) {
    const order = here.map((_, i) => here[(i + set) % here.length]);
    for (const server of set % 2 ? order.reverse() : order) {
      const row = rows.get(server.name) ?? { name: server.name, pairs: [], solos: [] };
      rows.set(server.name, row);
      try {
        await measureSet(server, kase, row);
        console.error(
          `${kase} ${set + 1}/${options.sets} ${server.name}: ${row.pairs
            .slice(-options.rounds)
            .map((x) => x.ratio.toFixed(2))
            .join(" ")}`,
        );
      } catch (error) {
        problems.push(`${kase}, ${server.name}: left out: ${error.message}`);
        console.error(problems.at(-1));
      }
    }
  }
  results[kase] = [...rows.values()].filter(({ pairs }) => pairs.length > 0).map(summary);
}

const run = {
  node: nodeVersion,
  cpu: os.cpus()[0].model,
  date: new Date().toISOString().slice(0, 10),
  options,
  results,
  problems,
};
const out = given.out ?? path.join(here, "out", nodeVersion);
mkdirSync(path.dirname(out), { recursive: true });
writeFileSync(`${out}.json`, JSON.stringify(run, null, 1));
const text = toMarkdown(run);
writeFileSync(`${out}.md`, text);
console.log(text);
process.exit(problems.length > 0 ? 1 : 0);
