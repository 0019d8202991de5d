import { describe, expect, it } from "vitest";
import type { SecurityEvent } from "../src/security-events.ts";
import { TestClock } from "./support/session-store.ts";
import { cookieName, createApp, logged, newKey, visit } from "./support/app.ts";

const shape = /^security event (\{"event":"[a-z-]+","detail":"[^"]+","count":\d+.*\})$/;

/** An app with a user, on one key or several. */
function bench(session_cookie_key: unknown, clock = new TestClock()) {
  const now = () => clock.time;
  const define = (app: ReturnType<typeof createApp>): void => {
    app.get("/login", ({ session }) => session("user", "alice"));
    app.get("/who", ({ session }) => session("user") ?? "nobody");
    app.get("/big", ({ session }) => session("big", "x".repeat(5000)));
  };
  const app = createApp({ session_cookie_key }, define, { now });
  return { app, clock, client: visit(app) };
}

/** The security events that were logged, as data. */
function events(app: ReturnType<typeof createApp>): Record<string, unknown>[] {
  return logged(app)
    .filter((message) => message.startsWith("security event"))
    .map((message) => JSON.parse(shape.exec(message)![1]!) as Record<string, unknown>);
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
  ];
  let provoked: ReturnType<typeof createApp>;

  it.each(ways)(
    "SEC-907 logs %s (%s) once however often it happens, and counts every time",
    async (event, detail, prepare) => {
      const provoke = await prepare();
      await provoke();
      const told = events(provoked);
      expect(told).toEqual([{ event, detail: expect.stringMatching(detail) as unknown, count: 1 }]);
      for (let more = 0; more < 200; more += 1) await provoke();
      expect(events(provoked)).toEqual(told);
      expect(provoked.securityEvents.count(event)).toBe(201);
      expect(provoked.securityEvents.count(event, String(told[0]!.detail))).toBe(201);
      expect(provoked.securityEvents.count("csrf-refused")).toBe(0);
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
      expect(app.securityEvents.count("csrf-refused")).toBe(10_002);
    });
  });

  it("SEC-905 SEC-907 keeps to one line whatever an event is about", async () => {
    const { app } = bench(old);
    await app.start();
    app.securityEvents.report("proxy-header-refused", "x-forwarded-for", {
      from: "1\n\u001b[31m2",
    });
    expect(logged(app)).toHaveLength(1);
    expect(logged(app)[0]).toMatch(/^[ -~]+$/);
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
