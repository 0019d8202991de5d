/** Sessions in a real Redis: parallel writers, a logout, and kill -9 in mid-load. `npm run bench:redis` */
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { RedisServer } from "../test/support/redis.ts";
import { runApp } from "../test/support/run-app.ts";

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string | undefined;
  readonly began: number;
  readonly took: number;
}

const redis = await RedisServer.start();
const script = fileURLToPath(new URL("session-app.ts", import.meta.url));
const apps = await Promise.all([1, 2].map(() => runApp(script, { BENCH_REDIS: redis.url })));
const pools = apps.map(
  ({ url }) => new Pool(url.replace("localhost", "127.0.0.1"), { connections: 100 }),
);

function poolOf(process: number): Pool {
  const pool = pools[process];
  if (pool === undefined) throw new RangeError(`there is no process ${process}`);
  return pool;
}

async function ask(path: string, cookie?: string, process = 0): Promise<Answer> {
  const began = performance.now();
  const headers = cookie === undefined ? {} : { cookie };
  const {
    statusCode,
    headers: sent,
    body,
  } = await poolOf(process).request({ method: "GET", path, headers });
  const text = await body.text();
  const took = performance.now() - began;
  const set = sent["set-cookie"];
  return {
    status: statusCode,
    text,
    cookie: String(set ?? "").split(";")[0] || undefined,
    began,
    took,
  };
}

async function newSession(): Promise<string> {
  return String((await ask("/set/first")).cookie);
}

for (const processes of [1, 2]) {
  const cookie = await newSession();
  const writers = Array.from({ length: 50 }, (_, n) => ask(`/set/key${n}`, cookie, n % processes));
  const statuses = new Set((await Promise.all(writers)).map(({ status }) => status));
  const kept = (JSON.parse((await ask("/keys", cookie)).text) as string[]).length - 1;
  console.log(
    `50 parallel writers on ${processes} process(es): ${kept} of 50 keys kept, statuses ${[...statuses].join()}`,
  );
}

const leaving = await newSession();
const slow = ask("/slow/300", leaving);
await delay(100);
await ask("/logout", leaving, 1);
await slow;
console.log(
  `a slow request that overlaps a logout: ${(await ask("/keys", leaving)).text.trim()} is left of the session`,
);

const sessions = await Promise.all(Array.from({ length: 200 }, newSession));
const users: Answer[] = [];
const strangers: Answer[] = [];
let isRunning = true;
async function load(
  answers: Answer[],
  path: string,
  cookies: readonly (string | undefined)[],
): Promise<void> {
  for (let n = 0; isRunning; n += 1) {
    answers.push(await ask(path, cookies[n % cookies.length], n % 2));
    await delay(2);
  }
}
const running = Array.from({ length: 10 }, (_, n) => [
  load(users, "/set/again", sessions.slice(n * 20, n * 20 + 20)),
  load(strangers, "/plain", [undefined]),
]).flat();
await delay(2000);
const killed = performance.now();
await redis.kill();
await delay(3000);
await redis.start();
const back = performance.now();
await delay(3000);
isRunning = false;
await Promise.all(running);

const phases: [string, number, number][] = [
  ["before", 0, killed],
  ["while Redis was dead", killed, back],
  ["after its return", back, Infinity],
];
for (const [name, from, to] of phases) {
  for (const [who, answers] of [
    ["with a session", users],
    ["without", strangers],
  ] as const) {
    const mine = answers.filter(({ began }) => began >= from && began < to);
    const times = mine.map(({ took }) => took).toSorted((a, b) => a - b);
    const counts = [...new Set(mine.map(({ status }) => status))].map(
      (status) => `${mine.filter((one) => one.status === status).length} × ${status}`,
    );
    const at = (share: number): string =>
      (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
    console.log(
      `${name}, ${who}: ${counts.join(", ")}; median ${at(0.5)} ms, 99 % ${at(0.99)} ms, slowest ${at(1)} ms`,
    );
  }
}
const failures = users.filter(({ began, status }) => began > back && status !== 200);
const last = failures.at(-1);
console.log(
  `well again ${last === undefined ? 0 : Math.round(last.began + last.took - back)} ms after Redis was`,
);
const kept = await Promise.all(
  sessions.map(async (cookie) => (await ask("/keys", cookie)).text.includes("first")),
);
console.log(`${kept.filter(Boolean).length} of ${sessions.length} sessions are still there`);

await Promise.all(pools.map((pool) => pool.close()));
await Promise.all(apps.map((app) => app.stop()));
await redis.remove();
