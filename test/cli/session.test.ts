import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { listKeys } from "../../src/session/inspect.ts";
import { cookieName, createApp, newKey, seenName, tempFolder, visit } from "../support/app.ts";
import { childEnv } from "../support/run-app.ts";
import { cliArguments, runCli, type CliResult } from "../support/run-cli.ts";

const [old, fresh] = [newKey(), newKey()];
const overflow = { session_cookie_overflow: "simple" };

type App = ReturnType<typeof createApp>;

/** An app whose visitors log in; the old key seals unless the settings say otherwise. */
function appWith(settings: Readonly<Record<string, unknown>> = {}, now = Date.now): App {
  return createApp(
    { session_cookie_key: old, ...settings },
    (app) => {
      app.get("/login", ({ session }) => session("user", "al\u001b[2J\u009b\u202eice"));
      app.get("/fill", ({ session }) => session("notes", "x".repeat(5000)));
      app.get("/who", ({ session }) => session("user") ?? "nobody");
      app.get("/id", ({ session }) => session().id);
    },
    { now },
  );
}

/** A folder with a `config.yml` that says this. */
function folderWith(settings: Readonly<Record<string, unknown>>): string {
  return tempFolder({ "config.yml": JSON.stringify({ session: "cookie", ...settings }) });
}

const rotated = folderWith({ session_cookie_key: [fresh, old] });
const [freshId = "", oldId = ""] = listKeys(
  createApp({ session_cookie_key: [fresh, old] }).settings,
).map(({ id }) => id);

/** Gives the cookie on standard input. */
async function pipe(
  input: string,
  args: readonly string[] = [],
  cwd = rotated,
): Promise<CliResult> {
  const child = spawn(process.execPath, [...cliArguments, "session", "open", ...args], {
    cwd,
    env: childEnv(),
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** What a visitor's browser holds after these visits, and the session's id. */
async function cookieAfter(app: App, ...paths: string[]): Promise<{ value: string; id: string }> {
  const client = visit(app);
  for (const path of paths) await client.get(path);
  const value = client.jar.value(cookieName)!;
  return { value, id: (await client.get("/id")).text };
}

describe("quickstep session keys", () => {
  it("SEC-109 lists the keys by id and says which one seals, and shows none", async () => {
    const { code, stdout, stderr } = await runCli(["session", "keys"], rotated);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`${freshId}  seals and opens\n${oldId}  old: only opens\n`);
    const { stdout: json } = await runCli(["session", "keys", "--json"], rotated);
    expect(JSON.parse(json)).toEqual([
      { id: freshId, seals: true },
      { id: oldId, seals: false },
    ]);
    for (const key of [old, fresh]) expect(stdout + json).not.toContain(key.slice(7));
  });

  it("takes the keys of the environment that is named, and of another folder", async () => {
    const folder = tempFolder({
      "config.yml": JSON.stringify({ session_cookie_key: old }),
      "environments/production.yml": JSON.stringify({ session_cookie_key: fresh }),
    });
    const args = ["session", "keys", "--app", folder];
    expect((await runCli(args, rotated)).stdout).toContain(`${oldId}  seals`);
    const there = await runCli([...args, "--environment", "production"], rotated);
    expect(there.stdout).toBe(`${freshId}  seals and opens\n`);
  });

  it("says how to make a key where there is none", async () => {
    const { code, stdout, stderr } = await runCli(["session", "keys"], tempFolder());
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/session_cookie_key.*make one with/s);
  });
});

describe("quickstep session open", () => {
  it("shows content, times and the old key, from the command line or standard input", async () => {
    const { value, id } = await cookieAfter(appWith(), "/login");
    const replies = await Promise.all([
      runCli(["session", "open", value], rotated),
      runCli(["session", "open", `${cookieName}=${value}`], rotated),
      pipe(`${cookieName}=${value}\n`),
    ]);
    for (const { code, stdout, stderr } of replies) {
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`cookie  ${cookieName}\n`);
      expect(stdout).toContain(`key     ${oldId}, an old one: ${freshId} seals now\n`);
      expect(stdout).toMatch(/^began {3}20\d\d-.*Z\nsealed {2}20\d\d-.*Z\nends {4}20.*Z unless/m);
      expect(stdout).toContain(String.raw`"user": "al\u001b[2J\u009b\u202eice"`);
      expect(stdout).not.toContain(id);
    }
  });

  it("gives the same as JSON, without the session's id", async () => {
    const { value, id } = await cookieAfter(appWith({ session_cookie_key: fresh }), "/login");
    const { stdout } = await pipe(value, ["--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "session",
      cookieName,
      keyId: freshId,
      keyIsOld: false,
      isExpired: false,
      data: { user: "al\u001b[2J\u009b\u202eice" },
    });
    expect(id.length).toBeGreaterThan(10);
    expect(stdout).not.toContain(id);
  });

  it("says that a session has expired, and when", async () => {
    const { value } = await cookieAfter(
      appWith({}, () => Date.parse("2026-01-05T00:00:00Z")),
      "/login",
    );
    const hour = folderWith({ session_cookie_key: old, session_expires: "1 hour" });
    const { code, stdout } = await pipe(value, [], hour);
    expect(code).toBe(0);
    expect(stdout).toContain("expired  2026-01-05T01:00:00.000Z\n");
    expect(stdout).not.toContain("unless it is used");
  });

  it("opens the last-use cookie too", async () => {
    let time = Date.parse("2026-01-05T00:00:00Z");
    const client = visit(appWith({ session_expires: 60 }, () => time));
    await client.get("/login");
    time += 40_000;
    await client.get("/who");
    const { stdout } = await pipe(`${seenName}=${client.jar.value(seenName)!}`);
    expect(stdout).toMatch(/holds +the moment of a session's last use\n/);
    expect(stdout).toMatch(/used +2026-01-05T00:00:40.000Z\n$/);
  });

  it("tells that a large session is elsewhere, and not what it is found by", async () => {
    const app = appWith(overflow);
    const { value, id } = await cookieAfter(app, "/login", "/fill");
    const folder = folderWith({ session_cookie_key: old, ...overflow });
    for (const args of [[], ["--json"]]) {
      const { stdout } = await pipe(value, args, folder);
      expect(stdout).toMatch(/content +in the engine simple, too large|"isElsewhere": true/);
      expect(stdout).not.toContain("_overflow");
      expect(stdout).not.toContain(id);
    }
  });

  it.each([
    [
      "a key that is not listed",
      (value: string) => value,
      newKey(),
      /no key of .* \(here: [\da-f]{8}\)/,
    ],
    ["another name", (value: string) => `other=${value}`, old, /changed or cut off, or .* name/],
    ["less than all of it", (value: string) => value.slice(0, 40), old, /too short or too long/],
    [
      "a stranger's letters",
      (value: string) => `${value.slice(0, -9)}+/+/`,
      old,
      /no sealed cookie/,
    ],
    ["another format", (value: string) => `Ag${value.slice(2)}`, old, /its format is none/],
  ])("says why it does not open with %s", async (_what, change, key, reason) => {
    const { value } = await cookieAfter(appWith(), "/login");
    const { code, stdout, stderr } = await pipe(
      change(value),
      [],
      folderWith({ session_cookie_key: key }),
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain(value.slice(10, 30));
    expect(stderr).not.toContain(key.slice(7));
  });

  it("says that other engines seal nothing", async () => {
    const folder = folderWith({ session: "simple", session_cookie_key: old });
    const { stderr } = await pipe("c2hvcnQ", [], folder);
    expect(stderr).toContain('session is "simple" here, and only the engine "cookie" seals');
  });

  it("asks for a cookie when none comes", async () => {
    const { code, stderr } = await pipe("\n");
    expect(code).toBe(2);
    expect(stderr).toContain("there is no cookie to open\nUsage: quickstep session open");
  });
});

describe("quickstep session", () => {
  it.each([
    ["session", 2],
    ["session --help", 0],
    ["help session", 0],
  ])("lists its commands: quickstep %s", async (line, status) => {
    const { code, stdout } = await runCli(line.split(" "), rotated);
    expect(code).toBe(status);
    expect(stdout).toMatch(
      /^Usage: quickstep session COMMAND.* {2}session keys .* {2}session open /s,
    );
  });

  it.each(["session open --help", "help session open"])("teaches: %s", async (line) => {
    const { code, stdout } = await runCli(line.split(" "), rotated);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: quickstep session open \[COOKIE\].*standard input.*--json/s);
  });

  it.each([
    ["session opne", "session open"],
    ["sesion", "session"],
  ])("knows what is meant by %s", async (line, meant) => {
    const { code, stderr } = await runCli(line.split(" "), rotated);
    expect(code).toBe(2);
    expect(stderr).toContain(`there is no command "${line}"; did you mean "quickstep ${meant}"?`);
  });
});
