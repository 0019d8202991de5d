/**
 * Counts how many of our functions run for one request, by V8's precise coverage: the length of the hot road.
 *
 * Run it with `npm run calls`; `--json` prints the counts as JSON, `--functions CASE` the functions of one case.
 */
import { createServer, get, type IncomingMessage } from "node:http";
import { Session, type Profiler } from "node:inspector";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "../src/index.ts";

/** Calls per request and case. */
export type Calls = Readonly<Record<string, number>>;

const source = new URL("../src/", import.meta.url).href;
const rounds = 20;

const inspector = new Session();
inspector.connect();
inspector.post("Profiler.enable");
inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

const appdir = mkdtempSync(join(tmpdir(), "quickstep-calls-"));
const key = "a key that seals nothing but this count";

function createApp(session: string | null, ambient = true): App {
  const settings = { session, session_cookie_key: key, session_secure: "auto", logger: "null" };
  const app = new App({ appdir, environment: "production", env: {}, settings, ambient });
  app.get("/", () => "Hello");
  app.get("/hello/:name", ({ params }) => `Hello ${params.name}`);
  app.get("/data", () => ({ message: "Hello" }));
  app.get("/login", ({ session: word }) => word("name", "Ada"));
  app.get("/whoami", ({ session: word }) => word("name") ?? "nobody");
  app.get("/count", ({ session: word }) => String(word("n", Number(word("n") ?? 0) + 1)));
  return app;
}

const cases: Readonly<Record<string, { app: App; path: string }>> = {
  hello: { app: createApp(null), path: "/" },
  "hello, explicit": { app: createApp(null, false), path: "/" },
  param: { app: createApp(null), path: "/hello/Ada" },
  json: { app: createApp(null), path: "/data" },
  notfound: { app: createApp(null), path: "/nowhere" },
  "session unused": { app: createApp("cookie"), path: "/" },
  "session read": { app: createApp("cookie"), path: "/whoami" },
  "session write": { app: createApp("cookie"), path: "/count" },
  "memory session": { app: createApp("simple"), path: "/count" },
};

const counts: Record<string, number> = {};
for (const [name, { app, path }] of Object.entries(cases)) {
  await app.start();
  const server = createServer((req, res) => app.listener(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const cookie = cookieOf(await ask(port, "/login", ""));
  for (let i = 0; i < 3; i++) await ask(port, path, cookie);
  await takeCalls();
  for (let i = 0; i < rounds; i++) await ask(port, path, cookie);
  const calls = await takeCalls();
  counts[name] = Math.round([...calls.values()].reduce((sum, n) => sum + n, 0) / rounds);
  if (process.argv.includes("--functions") && process.argv.includes(name)) print(calls);
  await new Promise((resolve) => server.close(resolve));
  await app.close();
}
rmSync(appdir, { recursive: true });

if (process.argv.includes("--json")) process.stdout.write(JSON.stringify(counts));
else for (const [name, count] of Object.entries(counts)) console.log(`${count}\t${name}`);

function ask(port: number, path: string, cookie: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = cookie === "" ? {} : { cookie };
    get({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
      answer.resume().on("end", () => resolve(answer));
    }).on("error", reject);
  });
}

function cookieOf(answer: IncomingMessage): string {
  return (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
}

/** The calls of our functions since the last take. */
function takeCalls(): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    inspector.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error === null) resolve(callsOf(result));
      else reject(error);
    });
  });
}

function callsOf(scripts: readonly Profiler.ScriptCoverage[]): Map<string, number> {
  const calls = new Map<string, number>();
  for (const { url, functions } of scripts) {
    if (!url.startsWith(source)) continue;
    for (const { functionName, ranges } of functions) {
      const name = `${url.slice(source.length)} ${functionName}`;
      calls.set(name, (calls.get(name) ?? 0) + (ranges[0]?.count ?? 0));
    }
  }
  return calls;
}

function print(calls: ReadonlyMap<string, number>): void {
  for (const [name, count] of [...calls].sort(([, a], [, b]) => b - a)) {
    if (count > 0) console.log(`${(count / rounds).toFixed(1)}\t${name}`);
  }
}
