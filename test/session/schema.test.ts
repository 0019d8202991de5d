import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { App } from "../../src/app.ts";
import { createSimpleStore } from "../../src/engines/session/simple.ts";
import { storeOptions, TestClock } from "../support/session-store.ts";
import { createApp, engines, logged, newKey, visit } from "../support/app.ts";
import type { Client } from "../../src/testing/client.ts";

const key = newKey();

/** An app that writes and shows whatever it is told. */
function bench(session: string, shape: (app: App) => void = () => undefined) {
  const app = createApp({ session, session_cookie_key: key }, (it) => {
    shape(it);
    it.get("/write/:key", ({ session, params, request }) =>
      session(params.key, JSON.parse(request.param("value") ?? "null")),
    );
    it.get("/login", ({ session }) => {
      session().bind("alice");
    });
    it.get("/all", ({ session }) => ({ user: session().user, ...session().toJSON() }));
  });
  return { app, client: visit(app) };
}

async function write(client: Client, name: string, value: unknown) {
  return client.get(`/write/${name}?value=${encodeURIComponent(JSON.stringify(value))}`);
}

/** The same visitor at an app that was deployed anew. */
function at(app: App, before: Client): Client {
  const client = visit(app);
  client.jar.replaceBy(before.jar);
  return client;
}

const visits = z.object({ visits: z.number().default(0), name: z.string().optional() });

describe.each(engines)("a session's schema with the %s engine", (session) => {
  it("refuses what does not fit when it is saved, with its path, and keeps what was there", async () => {
    const { app, client } = bench(session, (it) => {
      it.sessionSchema(visits);
    });
    await write(client, "visits", 3);
    expect((await write(client, "visits", "three")).status).toBe(500);
    expect(logged(app, "error").join()).toMatch(/does not fit its schema: "visits": .*number/);
    expect((await client.get("/all")).json).toEqual({ visits: 3 });
  });

  it("fills in defaults when it is opened, and sends no cookie for that", async () => {
    const { client } = bench(session, (it) => {
      it.sessionSchema(visits);
    });
    await write(client, "name", "ann");
    const reply = await client.get("/all");
    expect([reply.json, reply.setCookies]).toEqual([{ visits: 0, name: "ann" }, []]);
    await write(client, "name", "bob");
    expect((await client.get("/all")).json).toEqual({ visits: 0, name: "bob" });
  });

  it("keeps what belongs to the framework through a schema that strips", async () => {
    const { client } = bench(session, (it) => {
      it.sessionSchema(visits, { version: 1 });
    });
    await client.get("/login");
    await write(client, "visits", 1);
    expect((await client.get("/all")).json).toEqual({ user: "alice", visits: 1 });
  });
});

describe("a session's schema", () => {
  const next = z.strictObject({ count: z.number(), name: z.string().optional() });

  it("drops a session that does not fit, warns once, and never shows a value", async () => {
    const before = bench("cookie");
    await write(before.client, "visits", "secret words");
    const { app } = bench("cookie", (it) => {
      it.sessionSchema(visits);
    });
    for (let more = 0; more < 3; more += 1) {
      const client = at(app, before.client);
      expect((await client.get("/all")).json).toEqual({});
    }
    expect(logged(app)).toHaveLength(1);
    expect(logged(app)[0]).toMatch(/dropped a session that does not fit its schema: "visits"/);
    expect(logged(app)[0]).not.toContain("secret");
  });

  it("migrates an older shape, and writes it back at the next write", async () => {
    const before = bench("cookie", (it) => {
      it.sessionSchema(visits, { version: 1 });
    });
    await write(before.client, "visits", 7);
    const from: number[] = [];
    const { app } = bench("cookie", (it) => {
      it.sessionSchema(next, {
        version: 2,
        migrate: (old, version) => {
          from.push(version);
          const { visits: count, ...rest } = old;
          return { count, ...rest };
        },
      });
    });
    const client = at(app, before.client);
    const reply = await client.get("/all");
    expect([reply.json, reply.setCookies, from]).toEqual([{ count: 7 }, [], [1]]);
    await write(client, "name", "ann");
    from.length = 0;
    expect([(await client.get("/all")).json, from]).toEqual([{ count: 7, name: "ann" }, []]);
  });

  it.each([
    ["without a migration", undefined],
    ["when the migration says so", () => undefined],
  ])("drops an older shape %s", async (_, migrate) => {
    const before = bench("cookie");
    await write(before.client, "visits", 7);
    const { app } = bench("cookie", (it) => {
      it.sessionSchema(next, { version: 2, ...(migrate && { migrate }) });
    });
    expect((await at(app, before.client).get("/all")).json).toEqual({});
    expect(logged(app)[0]).toMatch(/version 0 is not taken over to version 2/);
  });

  it("takes migrated keys away from where the engine merges by key", async () => {
    const clock = new TestClock();
    clock.time = Date.now();
    const store = createSimpleStore(storeOptions({ session_max_entries: 10 }, clock));
    const deployed = (version: number) =>
      bench("shared", (it) => {
        it.engine("session").register("shared", () => store);
        it.sessionSchema(z.record(z.string(), z.unknown()), {
          version,
          migrate: ({ old, ...rest }) => ({ fresh: old, ...rest }),
        });
      });
    const before = deployed(1);
    await write(before.client, "old", 1);
    const client = at(deployed(2).app, before.client);
    await write(client, "other", 2);
    expect((await client.get("/all")).json).toEqual({ fresh: 1, other: 2 });
  });

  it("cannot validate asynchronously, and says so", async () => {
    const { app, client } = bench("simple", (it) => {
      it.sessionSchema(z.object({}).refine(() => Promise.resolve(true)));
    });
    expect((await write(client, "a", 1)).status).toBeGreaterThanOrEqual(500);
    expect(logged(app, "error").length).toBeGreaterThan(0);
  });
});
