import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createSessionId } from "../../src/session/session-id.ts";
import { cookieName, createApp, engines, visit } from "../support/app.ts";

function define(app: App): void {
  app.get("/id", ({ session }) => session().id);
  app.get("/login/:user", ({ session, params }) => {
    session("user", params.user);
    return session().id;
  });
  app.get("/all", ({ session }) => session());
  app.get("/who", ({ session }) => session("user") ?? "nobody");
  app.get("/regenerate", ({ session }) => {
    const before = session().id;
    session().regenerate();
    return [before, session().id];
  });
  app.get("/keep", ({ session }) => {
    session("late", true);
    session().regenerate({ keep: ["user", "late", "missing"] });
    session("new", 1);
    return "ok";
  });
  app.get("/destroy-and-write", ({ session }) => {
    const before = session().id;
    session("cart", ["dropped"]);
    session().destroy();
    const emptied = [session("user"), session("cart"), session().keys(), session().has("user")];
    session("user", "bob");
    return { before, emptied, after: session().id };
  });
}

const form = /^[A-Za-z0-9_-]{24}$/;

describe.each(engines)("the id of a session with the %s engine", (session) => {
  it("SEC-401 is 144 random bits, new for every session and the same throughout it", async () => {
    const app = createApp({ session }, define);
    const ids = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const client = visit(app);
        const id = (await client.get("/login/x")).text;
        expect((await client.get("/id")).text).toBe(id);
        return id;
      }),
    );
    for (const id of ids) expect(id).toMatch(form);
    expect(new Set(ids).size).toBe(ids.length);
    // Nothing in it stands still or counts up: every bit is set in some ids and clear in others.
    const bytes = ids.map((id) => Buffer.from(id, "base64url"));
    for (let bit = 0; bit < 144; bit += 1) {
      const set = bytes.filter((one) => (one[bit >> 3]! >> (bit & 7)) & 1).length;
      expect(set).toBeGreaterThan(150);
      expect(set).toBeLessThan(350);
    }
  });

  it("SEC-402 is never one that the visitor chose", async () => {
    const app = createApp({ session }, define);
    const theirs = createSessionId();
    const chosen = ["../x", "../../etc/passwd", `${theirs}%0A`, `${theirs} x`, "x".repeat(10_240)];
    chosen.push(theirs, `%${theirs}`, `${theirs}=`, "__proto__", "constructor", "0", "a", "é");
    for (const value of chosen) {
      const headers = { cookie: `${cookieName}=${value}` };
      const client = visit(app);
      const read = await client.get("/who", { headers });
      expect([read.status, read.text, read.setCookies], value).toEqual([200, "nobody", []]);
      const reply = await client.get("/login/alice", { headers });
      expect(reply.text, value).toMatch(form);
      expect(reply.text, value).not.toBe(value);
      expect(client.jar.value(cookieName)).not.toBe(value);
      expect((await client.get("/who")).text).toBe("alice");
      expect((await visit(app).get("/who", { headers })).text, value).toBe("nobody");
    }
  });

  it("SEC-403 is new after regenerate: the data is kept, and the stored session of the old id is gone", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    const id = (await client.get("/login/alice")).text;
    const planted = visit(app);
    planted.jar.replaceBy(client.jar);
    const reply = await client.get("/regenerate");
    const [before, now] = reply.json as [string, string];
    expect(before).toBe(id);
    expect(now).toMatch(form);
    expect(now).not.toBe(id);
    expect(reply.setCookies).toHaveLength(1);
    expect((await client.get("/id")).text).toBe(now);
    expect((await client.get("/all")).json).toEqual({ user: "alice" });
    // The old cookie of the memory engine is dead at once; a sealed copy is good until it expires.
    expect((await planted.get("/who")).text).toBe(session === "simple" ? "nobody" : "alice");
    await planted.get("/login/mallory");
    expect((await client.get("/who")).text).toBe("alice");
  });

  it("SEC-403 is new after regenerate with only the keys that were to be kept", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/more", (ctx) => ctx.session("role", "guest"));
    });
    const client = visit(app);
    const id = (await client.get("/login/alice")).text;
    await client.get("/more");
    await client.get("/keep");
    expect((await client.get("/all")).json).toEqual({ user: "alice", late: true, new: 1 });
    expect((await client.get("/id")).text).not.toBe(id);
  });

  it("SEC-405 is new when something is written after destroy, and the data before it is gone at once", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    await client.get("/login/alice");
    const copy = visit(app);
    copy.jar.replaceBy(client.jar);
    const reply = await client.get("/destroy-and-write");
    const { before, after, emptied } = reply.json as Record<string, unknown>;
    expect(emptied).toEqual([null, null, [], false]);
    expect(after).toMatch(form);
    expect(after).not.toBe(before);
    expect(reply.setCookies).toHaveLength(1);
    expect((await client.get("/all")).json).toEqual({ user: "bob" });
    expect((await client.get("/id")).text).toBe(after);
    expect((await copy.get("/who")).text).toBe(session === "simple" ? "nobody" : "alice");
  });
});

it("SEC-602 a slow request that regenerates does not bring back a session that was logged out", async () => {
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const app = createApp({ session: "simple" }, (it) => {
    it.get("/login", ({ session }) => session("user", "ann"));
    it.get("/logout", ({ session }) => {
      session().destroy();
    });
    it.get("/slow", async ({ session }) => {
      session("user");
      begin();
      await gate;
      session().regenerate();
      return "done";
    });
    it.get("/me", ({ session }) => session("user") ?? "nobody");
  });
  const client = visit(app);
  await client.get("/login");
  const slow = client.get("/slow");
  await begun;
  await client.get("/logout");
  goOn();
  await slow;
  expect((await client.get("/me")).text).toBe("nobody");
});
