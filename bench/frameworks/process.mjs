// Server processes: started on a free port, pinned to one cpu, their CPU time read from /proc, ended with the runner.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

const live = new Set();
export const kill = (child, signal = "SIGTERM") => {
  try {
    process.kill(-child.pid, signal);
  } catch {
    /* gone */
  }
};
process.on("exit", () => {
  for (const child of live) kill(child, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** A child in a group of its own that does not outlive the runner. */
export function spawnOwn(command, args, options) {
  const child = spawn(command, args, { detached: true, ...options });
  live.add(child);
  child.on("exit", () => live.delete(child));
  return child;
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const s = net.createServer();
    s.on("error", reject);
    s.listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });

const canConnect = (port) =>
  new Promise((resolve) => {
    const s = net.connect(port, "127.0.0.1");
    s.on("connect", () => {
      s.destroy();
      resolve(true);
    });
    s.on("error", () => resolve(false));
  });

/** Starts a server for a case and waits until it listens. */
export async function start(server, kase, { node, cpu, patience = 15 }) {
  const port = await freePort();
  const words = server.command
    .replaceAll("{node}", node)
    .replaceAll("{here}", here)
    .replaceAll("{port}", String(port))
    .replaceAll("{case}", kase)
    .match(/"[^"]*"|'[^']*'|\S+/g)
    .map((w) => w.replace(/^(["'])(.*)\1$/, "$2"));
  const child = spawnOwn("taskset", ["-c", cpu, ...words], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let complaint = "";
  child.stderr.on("data", (d) => {
    if (complaint.length < 4000) complaint += d;
  });
  for (let i = 0; i < patience * 10; i++) {
    if (child.exitCode !== null)
      throw new Error(`exited with ${child.exitCode}: ${complaint.slice(0, 600)}`);
    if (await canConnect(port)) return { server, port, child, done: 0 };
    await sleep(100);
  }
  kill(child, "SIGKILL");
  throw new Error(`did not listen within ${patience} s: ${complaint.slice(0, 600)}`);
}

/** Ends a server; one that does not stop is killed. */
export async function stop({ child }) {
  kill(child);
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  for (let i = 0; i < 30 && isAlive(); i++) await sleep(50);
  if (isAlive()) kill(child, "SIGKILL");
}

function tree(root) {
  const children = new Map();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      /* gone */
    }
  }
  const all = [String(root)];
  for (let i = 0; i < all.length && all.length < 1000; i++)
    all.push(...(children.get(all[i]) ?? []));
  return all;
}

const TICK_US = 1e6 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** CPU time of a process and its children in microseconds: by clock ticks (10 ms) and by the scheduler, which is finer. */
export function cpuTime(root) {
  let ticks = 0;
  let ns = 0;
  for (const pid of tree(root)) {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    try {
      for (const t of readdirSync(`/proc/${pid}/task`))
        ns += Number(readFileSync(`/proc/${pid}/task/${t}/schedstat`, "latin1").split(" ")[0]);
    } catch {
      ns = NaN;
    }
  }
  const ticksUs = ticks * TICK_US;
  return { ticksUs, us: Number.isNaN(ns) ? ticksUs : ns / 1000 };
}

/** Busy time of one cpu in microseconds, whoever used it. */
export function cpuBusy(cpu) {
  const fields = new RegExp(`^cpu${cpu} (.*)$`, "m")
    .exec(readFileSync("/proc/stat", "latin1"))?.[1]
    .split(" ")
    .map(Number);
  return fields
    ? (fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7]) * TICK_US
    : NaN;
}

/** Waits until the servers have stopped working on what they had already received. */
export async function settle(...list) {
  for (const { child } of list) {
    let last = cpuTime(child.pid).us;
    for (let i = 0; i < 400; i++) {
      await sleep(15);
      const now = cpuTime(child.pid).us;
      if (now - last < 1000) break;
      last = now;
    }
  }
}
