import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { TestClock } from "../support/session-store.ts";
import {
  cookieName,
  createApp,
  engines,
  newKey,
  seenName,
  tempFolder,
  visit,
} from "../support/app.ts";
import type { Client } from "../../src/testing/index.ts";

const hour = 3600;
const day = 24 * hour;

/** A door that a handler waits at until the test opens it. */
class Gate {
  #open: () => void = () => undefined;
  #arrive: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));
  /** Settles once somebody waits at the door. */
  readonly arrived = new Promise<void>((resolve) => (this.#arrive = resolve));

  pass(): Promise<void> {
    this.#arrive();
    return this.opened;
  }

  open(): void {
    this.#open();
  }
}

let gate = new Gate();

function define(app: App): void {
  app.get("/login", ({ session }) => session("user", "alice"));
  app.get("/who", ({ session }) => session("user") ?? "nobody");
  app.get("/add", ({ session }) => session("n", Number(session("n") ?? 0) + 1));
  app.get("/n", ({ session }) => session("n") ?? "none");
  app.get("/again", ({ session }) => {
    session().regenerate();
    return session("user") ?? "nobody";
  });
  app.get("/logout", ({ session }) => {
    session().destroy();
  });
  app.get("/slow", async ({ session }) => {
    const user = session("user") ?? "nobody";
    await gate.pass();
    return user;
  });
}

/** An app, a clock to turn and a visitor with a jar. */
function bench(settings: object, clock = new TestClock()) {
  const now = () => clock.time;
  const app = createApp({ session_lifetime: 30 * day, ...settings }, define, { now });
  return { app, clock, client: visit(app) };
}

/** Who the visitor is for an app with other settings: a restart. */
async function after(client: Client, clock: TestClock, settings: object, path = "/who") {
  const restarted = bench(settings, clock);
  restarted.client.jar.replaceBy(client.jar);
  const reply = await restarted.client.get(path);
  client.jar.replaceBy(restarted.client.jar);
  return reply;
}

describe.each(engines)("the lifetime of a session with the %s engine", (session) => {
  it.each([
    [null, day],
    [hour, hour],
  ])(
    "SEC-301 ends after idle time, to the millisecond: session_expires %j",
    async (expires, idle) => {
      const { client, clock } = bench({ session, session_expires: expires });
      await client.get("/login");
      const kept = client.jar.copy();
      clock.advance(idle);
      expect((await client.get("/who")).text).toBe("alice");
      // A browser that ignores what it was told, and one that lost the refresh.
      client.jar.replaceBy(kept);
      clock.time += session === "cookie" ? 1 : idle * 1000 + 1;
      const cookie = `${cookieName}=${kept.cookies[0]!.value}`;
      const reply = await client.get("/who", { headers: { cookie } });
      expect([reply.text, reply.setCookies]).toEqual(["nobody", []]);
    },
  );

  it("SEC-302 ends at the absolute limit, whatever was done to keep it alive", async () => {
    const settings = { session, session_expires: hour, session_lifetime: day };
    const { client, clock } = bench(settings);
    await client.get("/login");
    const end = clock.time + day * 1000;
    const paths = ["/who", "/add", "/again"];
    for (let step = 0; clock.time + 1800_000 < end; step += 1) {
      clock.advance(1800);
      const reply = await client.get(paths[step % paths.length]!);
      expect(reply.text, `step ${step}`).not.toBe("nobody");
      for (const { expires = 0 } of client.jar.cookies) expect(expires).toBeLessThanOrEqual(end);
    }
    // The browser lets go of the cookie at the limit; the server does not count on that.
    const headers = { cookie: client.jar.header("https://app.test/") };
    clock.time = end;
    expect((await client.get("/who", { headers })).text).toBe("alice");
    clock.time += 1;
    expect((await client.get("/who", { headers })).text).toBe("nobody");
    expect(client.jar.names).toEqual([]);
  });

  it("SEC-303 is prolonged once half the idle time is used, and not at every request", async () => {
    const { client, clock } = bench({ session, session_expires: hour });
    await client.get("/login");
    let refreshed = 0;
    for (let minute = 1; minute <= 600; minute += 1) {
      clock.advance(60);
      const reply = await client.get("/who");
      expect(reply.text).toBe("alice");
      expect(reply.header("cache-control")).toBe(reply.setCookies[0] && "no-store");
      refreshed += reply.setCookies.length;
      for (const text of reply.setCookies) expect(text).toMatch(new RegExp(`^${seenName}=`));
    }
    expect(refreshed).toBe(session === "cookie" ? 600 / 30 : 0);
  });

  it.each([
    [3600, 3600],
    ["3600", 3600],
    ["1 hour", 3600],
    ["+2h", 7200],
    ["90 minutes", 5400],
    ["1 day 2 hours", 26 * hour],
  ])("SEC-306 reads session_expires: %j as %i seconds", async (phrase, seconds) => {
    const appdir = tempFolder({ "config.yml": `session_expires: ${JSON.stringify(phrase)}\n` });
    const clock = new TestClock();
    const now = () => clock.time;
    const app = createApp({ session }, define, { now, appdir });
    const client = visit(app);
    const reply = await client.get("/login");
    expect(reply.setCookies[0]).toContain(`; Max-Age=${30 * day}`);
    const cookie = `${cookieName}=${client.jar.value(cookieName)!}`;
    clock.advance(seconds);
    expect((await client.get("/who", { headers: { cookie } })).text).toBe("alice");
    clock.time += session === "cookie" ? 1 : seconds * 1000 + 1;
    expect((await client.get("/who", { headers: { cookie } })).text).toBe("nobody");
  });
});

describe("the lifetime of a session", () => {
  it.each(["1 fortnight", "soon", "-1 hour", "1 hour ago", "", "0", "1e9 hours of fun"])(
    "SEC-306 stops the start at session_expires: %j, with file and line",
    async (phrase) => {
      for (const name of ["session_expires", "session_lifetime"]) {
        const text = `session: simple\n${name}: ${JSON.stringify(phrase)}\n`;
        const app = createApp({}, define, { appdir: tempFolder({ "config.yml": text }) });
        const start = async () => app.start();
        await expect(start()).rejects.toThrow(new RegExp(`config\\.yml:2:\\d+.*${name}`));
      }
    },
  );

  it("SEC-307 is shortened for sessions already issued when a limit is", async () => {
    const key = { session_cookie_key: newKey() };
    const { client, clock } = bench({ ...key, session_expires: 14 * day });
    await client.get("/login");
    clock.advance(2 * hour);
    const long = { ...key, session_expires: 14 * day };
    expect((await after(client, clock, { ...key, session_expires: hour })).text).toBe("nobody");
    expect((await after(client, clock, { ...long, session_lifetime: hour })).text).toBe("nobody");
    expect((await after(client, clock, long)).text).toBe("alice");
  });

  it("SEC-110 SEC-302 is carried over to a new key at the next write or refresh, and counts on", async () => {
    const [old, fresh] = [newKey(), newKey()];
    const settings = { session_expires: hour, session_lifetime: 2 * hour };
    for (const path of ["/add", "/who"]) {
      const { client, clock } = bench({ ...settings, session_cookie_key: old });
      await client.get("/login");
      const issued = client.jar.copy();
      clock.advance(1800);
      const both = { ...settings, session_cookie_key: [fresh, old] };
      const resealed = await after(client, clock, both, path);
      expect(resealed.setCookies.map((text) => text.split("=")[0])).toEqual([cookieName]);
      const only = { ...settings, session_cookie_key: fresh };
      expect((await after(client, clock, only)).text).toBe("alice");
      const left = visit(bench(only, clock).app);
      left.jar.replaceBy(issued);
      const dropped = await left.get("/who");
      expect([dropped.status, dropped.text, dropped.setCookies]).toEqual([200, "nobody", []]);
      for (let step = 0; step < 2; step += 1) {
        clock.advance(1800);
        expect((await after(client, clock, only, "/add")).status).toBe(200);
        expect((await after(client, clock, only)).text).toBe("alice");
      }
      const headers = { cookie: client.jar.header("https://app.test/") };
      clock.advance(1800);
      const late = bench(only, clock).client;
      expect((await late.get("/who", { headers })).text).toBe("alice");
      clock.time += 1;
      expect((await late.get("/who", { headers })).text).toBe("nobody");
    }
  });

  it("SEC-110 is not touched by rotation on a request that neither writes nor is due for a refresh", async () => {
    const [old, fresh] = [newKey(), newKey()];
    const { client, clock } = bench({ session_cookie_key: old });
    await client.get("/login");
    const reply = await after(client, clock, { session_cookie_key: [fresh, old] });
    expect([reply.text, reply.setCookies]).toEqual(["alice", []]);
  });
});

describe.each(engines)("a slow request that only reads, with the %s engine", (session) => {
  /** Reads slowly while something else happens, and ends `later` seconds after that. */
  async function slow(client: Client, clock: TestClock, meanwhile: string, later = 0) {
    gate = new Gate();
    await client.get("/login");
    clock.advance(hour / 2);
    const reading = client.get("/slow");
    await gate.arrived;
    await client.get(meanwhile);
    clock.advance(later);
    gate.open();
    const reply = await reading;
    expect(reply.text).toBe("alice");
    return reply.setCookies.map((text) => text.split("=")[0]!);
  }

  it("SEC-304 rolls nothing back that was written meanwhile, though it refreshes", async () => {
    const { client, clock } = bench({ session, session_expires: hour });
    const sent = await slow(client, clock, "/add");
    expect(sent).toEqual(session === "cookie" ? [seenName] : []);
    expect((await client.get("/n")).text).toBe("1");
    clock.advance(hour);
    expect((await client.get("/who")).text).toBe("alice");
  });

  it("SEC-304 brings no session back that was logged out meanwhile, though it refreshes", async () => {
    const { client, clock } = bench({ session, session_expires: hour });
    const sent = await slow(client, clock, "/logout");
    expect(sent).toEqual(session === "cookie" ? [seenName] : []);
    expect(client.jar.names).not.toContain(cookieName);
    expect((await client.get("/who")).text).toBe("nobody");
    await client.get("/add");
    expect([(await client.get("/n")).text, (await client.get("/who")).text]).toEqual([
      "1",
      "nobody",
    ]);
  });

  it("SEC-304 gives a session that began meanwhile none of its own time", async () => {
    const { client, clock } = bench({ session, session_expires: hour });
    await slow(client, clock, "/again", 600);
    if (session === "cookie") expect(client.jar.names).toEqual([cookieName, seenName]);
    const headers = { cookie: client.jar.header("https://app.test/") };
    clock.advance(hour - 600);
    clock.time += 1;
    expect((await client.get("/who", { headers })).text).toBe("nobody");
  });
});
