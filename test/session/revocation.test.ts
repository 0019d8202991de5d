import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import type {
  RevocationList,
  RevocationListOptions,
} from "../../src/engines/revocation/revocation-list.ts";
import { createMemoryRevocationList } from "../../src/engines/revocation/memory.ts";
import { TestClock } from "../support/session-store.ts";
import { cookieName, createApp, engines, newKey, visit } from "../support/app.ts";
import type { Client } from "../../src/testing/client.ts";

const day = 86_400;

function define(app: App): void {
  app.get("/login/:user", ({ session, params }) => {
    session().bind(params.user);
    session("name", params.user);
    return session().id;
  });
  app.get("/guest", ({ session }) => session("name", "guest"));
  app.get("/who", ({ session }) => session("name") ?? "nobody");
  app.get("/public", () => "public");
  app.get("/logout", ({ session }) => {
    session().destroy();
    return "out";
  });
  app.get("/again", ({ session }) => {
    session().regenerate();
    return "again";
  });
  app.get("/fail", ({ session }) => {
    session().destroy();
    throw new Error("after the logout");
  });
  app.get("/password/:user", async ({ session, params }) => {
    const mine = session();
    await app.endSessions(params.user);
    mine.bind(params.user);
    return "changed";
  });
}

/** A list on a bench: it can be told to fail or to hang, and it counts what it was asked. */
class BenchList implements RevocationList {
  readonly waits: boolean;
  asked = 0;
  state: "well" | "failing" | "hanging" = "well";
  readonly #list: RevocationList;

  constructor(options: RevocationListOptions, waits: boolean) {
    this.waits = waits;
    this.#list = createMemoryRevocationList(options);
  }

  end(key: string, before: number, until: number) {
    return this.#answer(() => this.#list.end(key, before, until));
  }

  endedBefore(key: string) {
    return this.#answer(() => this.#list.endedBefore(key));
  }

  #answer<T>(work: () => T | Promise<T>): T | Promise<T> {
    this.asked += 1;
    if (!this.waits) return work();
    if (this.state === "failing") return Promise.reject(new Error("connection refused"));
    if (this.state === "hanging") return new Promise(() => undefined);
    return Promise.resolve().then(work);
  }
}

/** Two processes that share a list and a key, a clock to turn, and visitors. */
function bench(settings: object = {}, waits = false) {
  const clock = new TestClock();
  const now = () => clock.time;
  const options = {
    now,
    setting: () => 1000,
    warn: () => undefined,
  };
  const list = new BenchList(options, waits);
  const key = newKey();
  const make = (): App => {
    const given = { session_cookie_key: key, session_revocation: "bench", ...settings };
    const app = createApp({ session_lifetime: 30 * day, ...given }, define, { now });
    app.engine("revocation").register("bench", () => list);
    return app;
  };
  const [app, other] = [make(), make()];
  return { app, other, clock, list, client: visit(app) };
}

/** Who a copy of the visitor's cookies is for an app. */
async function replay(copy: string, app: App): Promise<string> {
  return (await visit(app).get("/who", { headers: { cookie: copy } })).text;
}

function copyOf(client: Client): string {
  return client.jar.header("https://app.test/");
}

describe.each([false, true])(
  "revocation of cookie sessions, with a list that waits: %s",
  (waits) => {
    it.each(["/logout", "/again", "/fail", "/login/bob"])(
      "SEC-406 refuses a copy taken before %s, in every process that shares the list",
      async (path) => {
        const { app, other, client } = bench({}, waits);
        await client.get("/login/alice");
        const copy = copyOf(client);
        expect([await replay(copy, app), await replay(copy, other)]).toEqual(["alice", "alice"]);
        await client.get(path);
        expect([await replay(copy, app), await replay(copy, other)]).toEqual(["nobody", "nobody"]);
        expect(app.securityEvents.count("session-revoked", "session")).toBe(1);
        expect(other.securityEvents.count("session-revoked", "session")).toBe(1);
      },
    );

    it("SEC-406 keeps the session itself through regenerate, also in the other process", async () => {
      const { other, client } = bench({}, waits);
      await client.get("/login/alice");
      await client.get("/again");
      expect(await replay(copyOf(client), other)).toBe("alice");
    });

    it("SEC-406 SEC-602 lets no successor live of a session that had ended: logout beats a slow regenerate", async () => {
      let go = (): void => undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      let arrive = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const { app, client } = bench({}, waits);
      app.get("/slow", async ({ session }) => {
        session("name");
        arrive();
        await gate;
        session().regenerate();
        return "done";
      });
      await client.get("/login/alice");
      const slow = client.get("/slow");
      await arrived;
      await client.get("/logout");
      go();
      expect((await slow).text).toBe("done");
      expect((await client.get("/who")).text).toBe("nobody");
    });

    it("SEC-407 ends all sessions of one user, issued before now, and nobody else's", async () => {
      const { app, other, clock, client } = bench({}, waits);
      const [second, bob, guest] = [visit(other), visit(app), visit(app)];
      await client.get("/login/alice");
      await second.get("/login/alice");
      await bob.get("/login/bob");
      await guest.get("/guest");
      clock.time += 1;
      await app.endSessions("alice");
      const copies = [client, second, bob, guest].map(copyOf);
      for (const process of [app, other]) {
        const names = await Promise.all(copies.map((copy) => replay(copy, process)));
        expect(names).toEqual(["nobody", "nobody", "bob", "guest"]);
      }
      expect(other.securityEvents.count("session-revoked", "user")).toBe(2);
      // Even one that began long before: what counts is when it was bound to the user.
      await guest.get("/login/alice");
      expect((await guest.get("/who")).text).toBe("alice");
    });

    it("SEC-407 lets whoever changes the password stay, and nobody who was there before", async () => {
      const { app, clock, client } = bench({}, waits);
      await client.get("/login/alice");
      const copy = copyOf(client);
      const thief = visit(app);
      await thief.get("/login/alice");
      clock.time += 1;
      await client.get("/password/alice");
      expect((await client.get("/who")).text).toBe("alice");
      expect([await replay(copy, app), (await thief.get("/who")).text]).toEqual([
        "nobody",
        "nobody",
      ]);
    });

    it("SEC-407 ends everybody's sessions that were issued before now", async () => {
      const { app, other, clock, client } = bench({}, waits);
      await client.get("/login/alice");
      const guest = visit(other);
      await guest.get("/guest");
      clock.time += 1;
      await other.endAllSessions();
      const late = visit(app);
      await late.get("/guest");
      const names = [client, guest, late].map((one) => replay(copyOf(one), app));
      expect(await Promise.all(names)).toEqual(["nobody", "nobody", "guest"]);
    });

    it("never asks the list for a visitor without a session", async () => {
      const { app, list } = bench({}, waits);
      const paths = ["/public", "/who", "/guest"];
      for (const path of paths) await visit(app).get(path);
      const junk = { cookie: `${cookieName}=${"A".repeat(120)}` };
      await visit(app).get("/who", { headers: junk });
      expect(list.asked).toBe(0);
    });
  },
);

describe("revocation", () => {
  it.each(engines)("SEC-407 ends sessions of the %s engine too", async (session) => {
    const { app, clock, client } = bench({ session });
    await client.get("/login/alice");
    clock.time += 1;
    await app.endSessions("alice");
    expect((await client.get("/who")).text).toBe("nobody");
  });

  it("SEC-406 is off unless it is asked for, and says so", async () => {
    const app = createApp({}, define);
    await expect(app.endSessions("alice")).rejects.toThrow(/set session_revocation: memory/);
    const client = visit(app);
    await client.get("/login/alice");
    const copy = copyOf(client);
    await client.get("/logout");
    expect(await replay(copy, app)).toBe("alice");
  });

  it("SEC-407 refuses to end the sessions of nobody in particular", async () => {
    const { app } = bench();
    for (const user of ["", undefined, 7]) {
      await expect(app.endSessions(user as string)).rejects.toThrow(/name or id as text/);
    }
  });

  it.each(["failing", "hanging"] as const)(
    "SEC-409 answers 503 in time while the list is %s, and leaves those without a session alone",
    async (state) => {
      const { app, list, client } = bench({ session_timeout: 0.05 }, true);
      await client.get("/login/alice");
      const cookies = copyOf(client);
      list.state = state;
      for (const path of ["/who", "/logout"]) {
        const began = Date.now();
        const reply = await client.get(path);
        expect([reply.status, reply.header("retry-after")], path).toEqual([503, "1"]);
        expect(reply.setCookies).toEqual([]);
        expect(Date.now() - began).toBeLessThan(1000);
      }
      expect((await client.get("/public")).status).toBe(200);
      expect((await visit(app).get("/guest")).status).toBe(200);
      expect(copyOf(client)).toBe(cookies);
      expect(app.securityEvents.count("revocation-unavailable", "refused")).toBeGreaterThan(0);
      await expect(app.endSessions("alice")).rejects.toThrow();
    },
  );

  it("SEC-409 asks a list that hung no more for a moment, so that it costs one request its deadline", async () => {
    const { list, client } = bench({ session_timeout: 0.05 }, true);
    await client.get("/login/alice");
    list.state = "hanging";
    list.asked = 0;
    for (let more = 0; more < 10; more += 1) expect((await client.get("/who")).status).toBe(503);
    expect(list.asked).toBe(3);
  });

  it.each(["failing", "hanging"] as const)(
    "SEC-409 gives the benefit of the doubt while the list is %s, where the setting says so",
    async (state) => {
      const given = { session_timeout: 0.05, session_revocation_outage: "allow" };
      const { app, list, client } = bench(given, true);
      await client.get("/login/alice");
      list.state = state;
      expect((await client.get("/who")).text).toBe("alice");
      expect((await client.get("/logout")).text).toBe("out");
      expect(client.jar.names).toEqual([]);
      expect(app.securityEvents.count("revocation-unavailable", "allowed")).toBeGreaterThan(1);
      await expect(app.endSessions("alice")).rejects.toThrow();
    },
  );

  it("SEC-408 tells the list no longer life than the session can have", async () => {
    const ended: [number, number][] = [];
    const { app, clock, client } = bench();
    app.engine("revocation").register("bench", () => ({
      waits: false,
      end: (_key, before, until) => ended.push([before, until]) > 0,
      endedBefore: () => 0,
    }));
    const issued = clock.time;
    await client.get("/login/alice");
    clock.advance(10 * day - 3600 * 20);
    for (let hours = 0; hours < 3; hours += 1) await client.get("/who");
    await client.get("/logout");
    expect(ended).toEqual([]);
    const second = visit(app);
    const begun = clock.time;
    await second.get("/login/alice");
    clock.advance(3600);
    await second.get("/logout");
    expect(issued).toBeLessThan(begun);
    expect(ended).toEqual([[begun + 1, begun + 30 * day * 1000 + 60_000]]);
  });
});
