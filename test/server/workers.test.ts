import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newKey, tempFolder } from "../support/app.ts";
import { childEnv, projectDir, runApp } from "../support/run-app.ts";

// Below the project, so that its packages are found.
const folder = tempFolder({}, join(projectDir, "test"));
const script = join(folder, "main.ts");
writeFileSync(
  script,
  `import { dance, get, info, session } from "quickstep";
   get("/pid", () => { info("asked"); return String(process.pid); });
   get("/login", () => session("user", "ada"));
   get("/who", () => \`\${session("user") ?? "nobody"} \${process.pid}\`);
   get("/slow", async () => {
     info("slow began");
     await new Promise((resolve) => setTimeout(resolve, 600));
     return "done";
   });
   get("/crash", () => { process.kill(process.pid, "SIGKILL"); });
   await dance();
   info("serving");
   if (process.env["CRASH_SOON"]) process.exit(3);`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = {
  NODE_ENV: "test",
  QUICKSTEP_SESSION: "cookie",
  QUICKSTEP_SESSION_COOKIE_KEY: newKey(),
};
const start = (workers: string, more: Record<string, string> = {}) =>
  runApp(script, { ...env, QUICKSTEP_WORKERS: workers, ...more });

/** Asks on a connection of its own each time, so that the cluster deals it out. */
async function ask(url: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await fetch(url, { headers: { connection: "close", ...headers } });
  return reply.text();
}

async function pids(url: string, atLeast: number): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let n = 0; n < 200 && seen.size < atLeast; n += 1) seen.add(await ask(`${url}/pid`));
  return seen;
}

/** Starts the script, and gives what it said when it has ended. */
async function failing(more: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=source", script], {
    cwd: projectDir,
    env: childEnv({ ...env, QUICKSTEP_PORT: "0", QUICKSTEP_WORKERS: "2", ...more }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

describe("workers", () => {
  it("share one port and the sessions in cookies, say so once, and tell in the log who they are", async () => {
    const app = await start("3");
    expect(app.output().match(/dancing at/g)).toHaveLength(1);
    expect(app.output()).toContain("with 3 workers");
    expect((await pids(app.url, 3)).size).toBe(3);
    const login = await fetch(`${app.url}/login`);
    const cookie = login.headers.getSetCookie()[0]!.split(";")[0]!;
    const who = new Set<string>();
    for (let n = 0; n < 12; n += 1) who.add(await ask(`${app.url}/who`, { cookie }));
    expect(who.size).toBe(3);
    for (const answer of who) expect(answer).toMatch(/^ada \d+$/);
    for (const n of [1, 2, 3])
      expect(app.output()).toMatch(new RegExp(`\\[worker ${n}\\] .*asked`));
    expect(app.output()).not.toContain("[worker undefined]");
    expect(await app.stop()).toBe(0);
  });

  it("SEC-817 all finish what runs when the first process is told to stop", async () => {
    const app = await start("2");
    const slow = Array.from({ length: 4 }, () => fetch(`${app.url}/slow`));
    await app.waitFor(/(?:slow began[^]*){4}/);
    const stopped = app.stop();
    for (const reply of await Promise.all(slow)) {
      expect([reply.status, reply.headers.get("connection"), await reply.text()]).toEqual([
        200,
        "close",
        "done",
      ]);
    }
    expect(await stopped).toBe(0);
    await expect(fetch(app.url)).rejects.toThrow();
  });

  it("are replaced when one crashes, and the app goes on", async () => {
    const app = await start("2");
    const before = await pids(app.url, 2);
    await fetch(`${app.url}/crash`).catch(() => undefined);
    await app.waitFor(/worker \d \(process \d+\) ended by SIGKILL; starting another/);
    await app.waitFor(/(?:serving[^]*){3}/);
    const after = await pids(app.url, 2);
    expect(after.size).toBe(2);
    expect([...after].filter((pid) => before.has(pid))).toHaveLength(1);
    expect(await app.stop()).toBe(0);
  });

  it("are not replaced without end", async () => {
    const { code, said } = await failing({ CRASH_SOON: "1" });
    expect(code).toBe(1);
    expect(said).toMatch(/worker \d \(process \d+\) ended with status 3; starting another/);
    expect(said.match(/6 times within a minute: stopping/g)).toHaveLength(1);
    expect(said.match(/starting another/g)!.length).toBeLessThanOrEqual(10);
  });

  it("end with the first process, even when that is killed", async () => {
    const app = await start("2");
    const workers = await pids(app.url, 2);
    app.kill("SIGKILL");
    await app.ended;
    const isAlive = (pid: string): boolean => {
      try {
        return process.kill(Number(pid), 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => [...workers].some(isAlive), { timeout: 10_000 }).toBe(false);
  });

  it("that cannot start say why once, and end the first process with status 1", async () => {
    const port = await failing({ QUICKSTEP_SESSION_COOKIE_KEY: "short" });
    expect([port.code, port.said.match(/cannot start/g)?.length]).toEqual([1, 1]);
    expect(port.said).toContain("session_cookie_key has 5 characters");
  });

  it.each([
    ["session: simple", { QUICKSTEP_SESSION: "simple" }],
    ["session_revocation: memory", { QUICKSTEP_SESSION_REVOCATION: "memory" }],
    ["session_cookie_overflow: simple", { QUICKSTEP_SESSION_COOKIE_OVERFLOW: "simple" }],
  ])("refuse %s, and say why and what to use", async (setting, more) => {
    const { code, said } = await failing(more);
    expect(code).toBe(1);
    expect(said).toContain(`cannot start: "${setting}" keeps what it knows in the memory of one`);
    expect(said).toMatch(/use (?:cookie, )?redis/);
  });

  it.each(["0", "1"])("are none with %s: one process does it all", async (workers) => {
    const app = await start(workers, { QUICKSTEP_SESSION: "simple" });
    expect(app.output()).not.toContain("workers");
    expect(await ask(`${app.url}/pid`)).toBe(String(app.pid));
    expect(await app.stop()).toBe(0);
  });
});
