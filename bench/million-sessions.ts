/** A million sessions of the simple engine: memory, request time, expiry without traffic. `npm run bench:million` */
import { performance } from "node:perf_hooks";
import { App } from "../src/app.ts";
import { createSimpleStore } from "../src/engines/session/simple.ts";
import type { SessionStore } from "../src/engines/session/store.ts";
import { createSessionId } from "../src/session/session-id.ts";

const count = Number(process.env["BENCH_SESSIONS"] ?? 1_000_000);
let time = Date.now();
let store: SessionStore | undefined;
const app = new App({
  environment: "development",
  now: () => time,
  settings: { session: "measured", session_max_entries: 2 * count, logger: "null" },
});
app.engine("session").register("measured", (options) => (store = createSimpleStore(options)));
app.get("/", ({ session }) => session("n", Number(session("n") ?? 0) + 1));
await app.start();

async function requestTime(): Promise<number> {
  const first = await app.fetch(new Request("http://localhost/"));
  const cookie = String(first.headers.get("set-cookie")).split(";")[0] ?? "";
  const rounds = 5000;
  const ask = (): Promise<Response> =>
    app.fetch(new Request("http://localhost/", { headers: { cookie } }));
  for (let n = 0; n < rounds; n += 1) await ask();
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const start = performance.now();
    for (let n = 0; n < rounds; n += 1) await ask();
    times.push(((performance.now() - start) / rounds) * 1000);
  }
  return Math.min(...times);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const before = await requestTime();
const empty = heap();
const start = performance.now();
for (let n = 0; n < count; n += 1) {
  const id = createSessionId();
  const data = { user: `user${n}`, visits: n, theme: "dark" };
  void store?.save(
    { id, version: 0, createdAt: time, lastSeen: time, data },
    { written: Object.keys(data), deleted: [] },
  );
}
const filled = performance.now() - start;
const full = heap();
console.log(
  `${count} sessions of three keys: ${Math.round((full - empty) / count)} bytes of heap each, ${Math.round(full / 2 ** 20)} MB in all; saved in ${Math.round(filled)} ms`,
);
console.log(
  `a request that changes its session: ${before.toFixed(1)} µs with none, ${(await requestTime()).toFixed(1)} µs with ${count} in place`,
);

time += 25 * 3600 * 1000;
let longest = 0;
let last = performance.now();
const beat = setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 5);
// The engine looks for expired sessions once a minute.
await new Promise((resolve) => setTimeout(resolve, 65_000));
clearInterval(beat);
console.log(
  `expired without traffic: ${Math.round((heap() - empty) / 2 ** 20)} MB are left 65 s after the idle time had passed; the event loop stood still for ${Math.round(longest)} ms at most`,
);
await app.close();
