import { describe, expect, it } from "vitest";
import { TestClock } from "../support/session-store.ts";
import { cookieName, createApp, logged, visit } from "../support/app.ts";

const hour = 3600;

/** An app whose large sessions go to memory, a clock to turn and a visitor. */
function bench(settings: object = {}) {
  const clock = new TestClock();
  const now = () => clock.time;
  const given = { session_cookie_overflow: "simple", session_expires: hour, ...settings };
  const app = createApp(
    given,
    (it) => {
      it.get("/small", ({ session }) => session("user", "alice"));
      it.get("/big", ({ session }) => session("big", "x".repeat(20_000)).length);
      it.get("/drop", ({ session }) => session().delete("big"));
      it.get("/keys", ({ session }) => session().keys().sort().join());
      it.get("/length", ({ session }) => String((session("big") as string | undefined)?.length));
      it.get("/write/:key", ({ session, params }) => session(params.key, 1));
      it.get("/again", ({ session }) => {
        session().regenerate();
      });
      it.get("/remember", ({ session }) => {
        session().expires("2 days");
      });
      it.get("/logout", ({ session }) => {
        session().destroy();
      });
    },
    { now },
  );
  return { app, clock, client: visit(app) };
}

describe("overflow of cookie sessions", () => {
  it("SEC-205 keeps small sessions in the cookie, and refers to large ones, in one small cookie", async () => {
    const { app, client } = bench();
    await client.get("/small");
    const small = client.jar.value(cookieName)!;
    const reply = await client.get("/big");
    expect([reply.status, reply.text]).toEqual([200, "20000"]);
    expect(reply.setCookies).toHaveLength(1);
    expect(client.jar.value(cookieName)!.length).toBeLessThan(200);
    expect(client.jar.value(cookieName)).not.toBe(small);
    expect((await client.get("/keys")).text).toBe("big,user");
    expect((await client.get("/length")).text).toBe("20000");
    expect(logged(app)).toEqual([]);
    expect(app.securityEvents.count("session-too-large")).toBe(0);
  });

  it("keeps a session where it went, merges parallel writes there, and ends it there", async () => {
    const { client } = bench();
    await client.get("/big");
    await Promise.all(["a", "b", "c"].map((key) => client.get(`/write/${key}`)));
    expect((await client.get("/keys")).text).toBe("a,b,big,c");
    await client.get("/drop");
    expect((await client.get("/keys")).text).toBe("a,b,c");
    const copy = { cookie: client.jar.header("https://app.test/") };
    await client.get("/again");
    expect((await client.get("/keys", { headers: copy })).text).toBe("");
    expect((await client.get("/keys")).text).toBe("a,b,c");
    const last = { cookie: client.jar.header("https://app.test/") };
    await client.get("/logout");
    expect((await client.get("/keys", { headers: last })).text).toBe("");
  });

  it.each([
    ["/keys", hour],
    ["/remember", 48 * hour],
  ])("SEC-301 ends a session that overflowed after its idle time: %s", async (path, idle) => {
    const { client, clock } = bench();
    await client.get("/big");
    await client.get(path);
    for (let step = 0; step < 5; step += 1) {
      clock.advance(idle * 0.6);
      expect((await client.get("/length")).text).toBe("20000");
    }
    const headers = { cookie: client.jar.header("https://app.test/") };
    clock.advance(idle);
    clock.time += 1;
    expect((await client.get("/length", { headers })).text).toBe("undefined");
  });

  it.each([
    [{ session: "simple" }, /session_cookie_overflow: simple needs session: cookie/],
    [{ session_cookie_overflow: "cookie" }, /session_cookie_overflow: cookie needs/],
    [{ session_cookie_overflow: "simpel" }, /did you mean "simple"/],
  ])("stops the start at %j", async (settings, message) => {
    await expect(bench(settings).app.start()).rejects.toThrow(message);
  });
});
