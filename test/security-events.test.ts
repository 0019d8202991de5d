import { describe, expect, it } from "vitest";
import { csrf } from "../src/csrf.ts";
import { createConsoleLogger } from "../src/engines/logger/console.ts";
import { createJsonLogger } from "../src/engines/logger/json.ts";
import type { SecurityEvent } from "../src/security-events.ts";
import { TestClock } from "./support/session-store.ts";
import { cookieName, createApp, logged, logOf, newKey, serve, visit } from "./support/app.ts";

/** An app with a user, on one key or several. */
function bench(session_cookie_key: unknown, clock = new TestClock(), more: object = {}) {
  const now = () => clock.time;
  const define = (app: ReturnType<typeof createApp>): void => {
    app.get("/login", ({ session }) => session("user", "alice"));
    app.get("/who", ({ session }) => session("user") ?? "nobody");
    app.get("/big", ({ session }) => session("big", "x".repeat(5000)));
    app.get("/logout", ({ session }) => session().destroy());
  };
  const app = createApp({ session_cookie_key, ...more }, define, { now });
  return { app, clock, client: visit(app) };
}

/** The security events that were logged, as data. */
function events(app: ReturnType<typeof createApp>): Record<string, unknown>[] {
  return logOf(app).entries.flatMap(({ security }) => (security === undefined ? [] : [security]));
}

describe("security events", () => {
  const old = newKey();
  const fresh = newKey();

  /** What makes each event happen once, and how it is told. */
  const ways: [SecurityEvent, string | RegExp, () => Promise<() => Promise<unknown>>][] = [
    [
      "cookie-refused",
      "tampered",
      async () => {
        const { app, client } = bench(old);
        await client.get("/login");
        const value = client.jar.value(cookieName)!;
        const cookie = `${cookieName}=${value.slice(0, -4)}${value.endsWith("AAAA") ? "BBBB" : "AAAA"}`;
        provoked = app;
        return () => client.get("/who", { headers: { cookie } });
      },
    ],
    [
      "cookie-refused",
      "key",
      async () => {
        const before = bench(old);
        await before.client.get("/login");
        const { app, client } = bench(fresh);
        client.jar.replaceBy(before.client.jar);
        provoked = app;
        return () => client.get("/who");
      },
    ],
    [
      "old-key",
      /^[0-9a-f]{8}$/,
      async () => {
        const before = bench(old);
        await before.client.get("/login");
        const { app, client } = bench([fresh, old]);
        client.jar.replaceBy(before.client.jar);
        provoked = app;
        return () => client.get("/who");
      },
    ],
    [
      "session-too-large",
      "cookie",
      () => {
        const { app, client } = bench(old);
        provoked = app;
        return Promise.resolve(() => client.get("/big"));
      },
    ],
    [
      "csrf-refused",
      "other-origin",
      () => {
        const { app, client } = bench(old);
        csrf(app);
        provoked = app;
        return Promise.resolve(() => client.post("/who", { headers: { origin: "http://evil" } }));
      },
    ],
    [
      "session-revoked",
      "session",
      async () => {
        const { app, client } = bench(old, new TestClock(), { session_revocation: "memory" });
        await client.get("/login");
        const headers = { cookie: client.jar.header("https://app.test/") };
        await client.get("/logout");
        provoked = app;
        return () => client.get("/who", { headers });
      },
    ],
  ];
  let provoked: ReturnType<typeof createApp>;

  it.each(ways)(
    "SEC-907 logs %s (%s) once however often it happens, and counts every time",
    async (event, detail, prepare) => {
      const provoke = await prepare();
      await provoke();
      const told = events(provoked);
      expect(told).toEqual([{ event, detail: expect.stringMatching(detail) as unknown, count: 1 }]);
      const entry = logOf(provoked).entries.find(({ security }) => security !== undefined)!;
      expect(entry.message).toBe(`security event ${event}: ${String(told[0]!.detail)}`);
      expect([entry.level, typeof entry.requestId]).toEqual(["warning", "string"]);
      for (let more = 0; more < 200; more += 1) await provoke();
      expect(events(provoked)).toEqual(told);
      expect(provoked.securityEvents.count(event)).toBe(201);
      expect(provoked.securityEvents.count(event, String(told[0]!.detail))).toBe(201);
      expect(provoked.securityEvents.count("revocation-unavailable")).toBe(0);
    },
  );

  it("SEC-907 logs a kind again after a minute, with how many came since, also among 10,000", () => {
    const { app, clock } = bench(old);
    const { report } = app.securityEvents;
    void app.start();
    return app.start().then(() => {
      for (let more = 0; more < 10_000; more += 1)
        report("csrf-refused", "no-token", { path: "/a" });
      report("csrf-refused", "wrong-token");
      clock.advance(60);
      report("csrf-refused", "no-token", { path: "/b" });
      expect(events(app)).toEqual([
        { event: "csrf-refused", detail: "no-token", count: 1, path: "/a" },
        { event: "csrf-refused", detail: "wrong-token", count: 1 },
        { event: "csrf-refused", detail: "no-token", count: 10_000, path: "/b" },
      ]);
      expect(logged(app)).toEqual([
        "security event csrf-refused: no-token (path /a)",
        "security event csrf-refused: wrong-token",
        "security event csrf-refused: no-token (10000 times since the last line, path /b)",
      ]);
      expect(app.securityEvents.count("csrf-refused")).toBe(10_002);
    });
  });

  it("SEC-905 SEC-907 keeps to one line whatever an event is about", async () => {
    const { app } = bench(old);
    await app.start();
    app.securityEvents.report("proxy-header-refused", "x-forwarded-for", {
      from: "1\n\u001b[31m2",
    });
    const [entry] = logOf(app).entries;
    for (const make of [createConsoleLogger, createJsonLogger]) {
      const lines: string[] = [];
      const stream = { write: (text: string) => void lines.push(text) };
      const options = { appdir: "/", environment: "production", setting: () => undefined };
      (await make(options, stream)).log(entry!);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^[ -~]+\n$/);
      expect(lines[0]).toMatch(/proxy-header-refused.*x-forwarded-for/);
    }
  });

  it("SEC-907 are fields of a line of JSON, beside the request", async () => {
    const { app, client } = bench(old, new TestClock(), { session_revocation: "memory" });
    csrf(app);
    await client.post("/who", { headers: { origin: "http://evil" } });
    const entry = logOf(app).entries.find(({ security }) => security !== undefined)!;
    const lines: string[] = [];
    const stream = { write: (text: string) => void lines.push(text) };
    const options = { appdir: "/", environment: "production", setting: () => undefined };
    (await createJsonLogger(options, stream)).log(entry);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: "warning",
      event: "csrf-refused",
      detail: "other-origin",
      count: 1,
      time: entry.time,
      requestId: entry.requestId,
      msg: "security event csrf-refused: other-origin",
    });
  });

  it("SEC-907 SEC-811 tell of a header that only a named proxy may send, and of nothing else", async () => {
    const settings = { behind_proxy: ["10.0.0.0/8"] };
    const app = createApp(settings, (made) => made.get("/", ({ request }) => request.address));
    const served = await serve(app);
    await served.client.get("/");
    expect(app.securityEvents.count("proxy-header-refused")).toBe(0);
    for (const name of ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"]) {
      await served.client.get("/", { headers: { [name]: "192.0.2.1" } });
      const detail = name.toLowerCase();
      expect(events(app).at(-1)).toEqual({
        ...{ event: "proxy-header-refused", detail, count: 1, from: "127.0.0.1" },
      });
    }
    await served.stop();
    const named = createApp({ behind_proxy: ["loopback"] }, (made) =>
      made.get("/", ({ request }) => request.address),
    );
    const trusted = await serve(named);
    await trusted.client.get("/", { headers: { "X-Forwarded-For": "192.0.2.1" } });
    expect(named.securityEvents.count("proxy-header-refused")).toBe(0);
    await trusted.stop();
  });

  it("SEC-907 stays bounded when details come from strangers after all", async () => {
    const { app } = bench(old);
    await app.start();
    for (let more = 0; more < 2000; more += 1) app.securityEvents.report("csrf-refused", `${more}`);
    expect(app.securityEvents.count("csrf-refused")).toBe(1000);
  });
});

describe("the fingerprint of a session", () => {
  it("SEC-906 is the same for one session in every process with the key, and tells no id", async () => {
    const key = newKey();
    const define = (app: ReturnType<typeof createApp>): void => {
      app.get("/login", ({ session }) => {
        session("user", "alice");
        return { id: session().id, fingerprint: session().fingerprint };
      });
      app.get("/print", ({ session }) => session().fingerprint);
    };
    const [one, two, other] = [key, key, newKey()].map((session_cookie_key) =>
      createApp({ session_cookie_key: [session_cookie_key, key] }, define),
    );
    const client = visit(one!);
    const { id, fingerprint } = (await client.get("/login")).json as Record<string, string>;
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(id).not.toContain(fingerprint);
    const elsewhere = visit(two!);
    elsewhere.jar.replaceBy(client.jar);
    expect((await elsewhere.get("/print")).text).toBe(fingerprint);
    // Keyed: whoever knows the id cannot work it out.
    const otherKey = visit(other!);
    otherKey.jar.replaceBy(client.jar);
    expect((await otherKey.get("/print")).text).not.toBe(fingerprint);
  });
});
