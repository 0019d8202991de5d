import { describe, expect, it } from "vitest";
import { idleLimit } from "../../src/engines/session/store.ts";
import { TestClock } from "../support/session-store.ts";
import { cookieName, createApp, engines, visit } from "../support/app.ts";

const hour = 3600;
const day = 24 * hour;

/** An app whose visitors may be remembered, a clock to turn and a visitor with a jar. */
function bench(settings: object) {
  const clock = new TestClock();
  const now = () => clock.time;
  const app = createApp(
    { session_expires: hour, session_lifetime: 30 * day, ...settings },
    (it) => {
      it.get("/login/:time", ({ session, params }) => {
        session("user", "alice");
        session().expires(params.time === "none" ? null : params.time);
        return "in";
      });
      it.get("/again", ({ session }) => {
        session().regenerate({ keep: ["user"] });
        return session("user");
      });
      it.get("/who", ({ session }) => session("user") ?? "nobody");
      it.get("/keys", ({ session }) => session().keys());
      it.get("/reserved", ({ session }) => session("_expires", 9));
    },
    { now },
  );
  return { app, clock, client: visit(app) };
}

describe.each(engines)("remember me with the %s engine", (session) => {
  it.each([
    // asked for, idle seconds in force
    ["7 days", 7 * day],
    ["30 days", 30 * day],
    ["1 year", 30 * day],
    ["60", 60],
    ["none", hour],
  ])("SEC-308 expires(%j) gives this session an idle time of %i seconds", async (time, idle) => {
    const { app, clock, client } = bench({ session });
    await client.get(`/login/${time}`);
    const cookie = client.jar.header("https://app.test/");
    const other = visit(app);
    await other.get("/login/none");
    const others = other.jar.header("https://app.test/");
    clock.advance(idle);
    // With the other engine, looking would count as a use.
    if (session === "cookie") {
      expect((await client.get("/who", { headers: { cookie } })).text).toBe("alice");
    }
    clock.time += 1;
    expect((await client.get("/who", { headers: { cookie } })).text).toBe("nobody");
    const rest = await other.get("/who", { headers: { cookie: others } });
    expect(rest.text).toBe(idle < hour ? "alice" : "nobody");
  });

  it("SEC-308 ends at the absolute limit however often a remembered session is used", async () => {
    const { clock, client } = bench({ session, session_lifetime: 10 * day });
    await client.get("/login/1 year");
    const end = clock.time + 10 * day * 1000;
    while (clock.time + day * 1000 < end) {
      clock.advance(day);
      expect((await client.get("/who")).text).toBe("alice");
    }
    const cookie = client.jar.header("https://app.test/");
    clock.time = end + 1;
    expect((await client.get("/who", { headers: { cookie } })).text).toBe("nobody");
  });

  it("outlives the browser, is refreshed at half its own time, and is kept by regenerate", async () => {
    const { clock, client } = bench({ session, session_expires: null });
    const first = await client.get("/login/10 days");
    expect(first.setCookies[0]).toContain(`; Max-Age=${30 * day}`);
    client.jar.endBrowser();
    let refreshed = 0;
    for (let days = 1; days <= 20; days += 1) {
      clock.advance(day);
      const reply = await client.get("/who");
      expect(reply.text).toBe("alice");
      refreshed += reply.setCookies.length;
      client.jar.endBrowser();
    }
    expect(refreshed).toBe(session === "cookie" ? 4 : 0);
    await client.get("/again");
    client.jar.endBrowser();
    clock.advance(9 * day);
    expect((await client.get("/who")).text).toBe("alice");
    expect((await client.get("/keys")).json).toEqual(["user"]);
  });

  it("ends with the browser again after expires(null)", async () => {
    const { client } = bench({ session, session_expires: null });
    await client.get("/login/10 days");
    expect((await client.get("/login/none")).setCookies[0]).not.toContain("Max-Age");
  });

  it.each(["0", "soon", "-1 hour"])("refuses expires(%j)", async (time) => {
    const { client } = bench({ session });
    expect((await client.get(`/login/${time}`)).status).toBe(500);
    expect((await client.get("/reserved")).status).toBe(500);
    expect(client.jar.names).toEqual([]);
  });
});

it("SEC-308 tells engines no idle time beyond the absolute limit", () => {
  const limits = { idle: hour, absolute: 30 * day };
  expect(idleLimit({ _expires: 365 * day }, limits)).toBe(30 * day);
  expect(idleLimit({ _expires: "x" }, limits)).toBe(hour);
});

it.each([
  ["500 days", 400 * day],
  ["400 days", 400 * day],
  ["399 days", 399 * day],
])("SEC-215 promises a cookie for 400 days at most: session_lifetime %s", async (time, seconds) => {
  const { client } = bench({ session_lifetime: time });
  const reply = await client.get("/login/none");
  expect(reply.setCookies).toHaveLength(1);
  expect(reply.setCookies[0]).toMatch(
    new RegExp(`^${cookieName}=[^;]+; Max-Age=${seconds}; (?!.*Expires)`),
  );
});
