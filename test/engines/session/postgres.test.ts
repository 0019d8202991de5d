import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  createPostgresStore,
  createTableStatement,
} from "../../../src/engines/session/postgres.ts";
import type { SessionStore, SessionStoreOptions } from "../../../src/engines/session/store.ts";
import { createApp, visit } from "../../support/app.ts";
import { surviveHang } from "../../support/hanging-store.ts";
import { PostgresServer, lacksPostgres } from "../../support/postgres.ts";
import {
  TestClock,
  allOf,
  describeSessionStore,
  newRecord,
  storeOptions,
} from "../../support/session-store.ts";

describe.skipIf(lacksPostgres)("the postgres engine", () => {
  let server: PostgresServer;
  const optionsFor = (table?: string): SessionStoreOptions =>
    storeOptions({
      engines: { postgres: { url: server.url, ...(table !== undefined && { table }) } },
    });

  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server.remove());

  async function query(statement: string): Promise<unknown[]> {
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = (await client.query(statement)) as { rows: unknown[] };
    await client.end();
    return rows;
  }

  describeSessionStore("postgres", {
    create: (given) => createPostgresStore({ ...given, setting: optionsFor().setting }),
    shared: true,
    breakDown: async () => {
      await server.kill();
      return () => server.start();
    },
  });
  describeSessionStore("postgres, with a server that hangs", {
    create: (given) => createPostgresStore({ ...given, setting: optionsFor().setting }),
    breakDown: () => {
      server.signal("SIGSTOP");
      return () => server.signal("SIGCONT");
    },
  });

  it("SEC-607 answers 503 in time while Postgres hangs, and everybody else as before", () =>
    surviveHang({ session: "postgres", engines: { postgres: { url: server.url } } }, server));

  it("makes its table when it is missing, in several processes at once", async () => {
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => createPostgresStore(optionsFor("public.made_at_once"))),
    );
    const opened = stores.map(async (store) => store.open("A".repeat(24), undefined));
    expect(await Promise.all(opened)).toEqual(stores.map(() => undefined));
    await Promise.all(stores.map(async (store) => store.close?.()));
  });

  it("works as a user who may make no table, once somebody has made it", async () => {
    await query(
      `${createTableStatement("given")}; CREATE ROLE app LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON given TO app`,
    );
    const url = server.url.replace("quickstep@", "app@");
    const setting = (): unknown => ({ postgres: { url, table: "given" } });
    const store = await createPostgresStore({ ...storeOptions(), setting });
    const record = newRecord(new TestClock(), { a: 1 });
    await store.save(record, allOf(record));
    expect((await store.open(record.id, undefined))!.data).toEqual({ a: 1 });
    await store.close?.();
  });

  it("keeps no id that opens a session", async () => {
    const store = await createPostgresStore(optionsFor("hashed"));
    const record = newRecord(new TestClock(), { a: 1 });
    await store.save(record, allOf(record));
    const [row] = await query("SELECT encode(id, 'hex') AS id, hashed::text AS all FROM hashed");
    expect(JSON.stringify(row)).not.toContain(record.id);
    expect(JSON.stringify(row)).not.toContain(Buffer.from(record.id).toString("hex"));
    await store.close?.();
  });

  it("deletes ended sessions without traffic", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const clock = new TestClock();
    const { setting } = optionsFor("cleaned");
    const store: SessionStore = await createPostgresStore(storeOptions({}, clock, { setting }));
    for (const record of [newRecord(clock, { a: 1 }), newRecord(clock, { a: 1 })]) {
      await store.save(record, allOf(record));
    }
    await store.destroy(newRecord(clock).id);
    const count = async () => (await query("SELECT FROM cleaned")).length;
    expect(await count()).toBe(3);
    clock.advance(3600 + 61);
    vi.advanceTimersByTime(60_000);
    await expect.poll(count).toBe(1);
    clock.advance(86_400);
    vi.advanceTimersByTime(60_000);
    await expect.poll(count).toBe(0);
    await store.close?.();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("SEC-607 gives an app with session: postgres short outages", async () => {
    const engines = { postgres: { url: server.url } };
    const app = createApp({ session: "postgres", engines }, (made) => {
      made.get("/n", ({ session }) => session("n") ?? "none");
      made.get("/set/:n", ({ session, params }) => session("n", params.n));
      made.get("/plain", () => "plain");
    });
    const client = visit(app);
    await client.get("/set/1");
    await server.kill();
    expect((await visit(app).get("/plain")).text).toBe("plain");
    const refused = await client.get("/n");
    expect([refused.status, refused.header("Retry-After"), refused.setCookies]).toEqual([
      503,
      "1",
      [],
    ]);
    await server.start();
    await expect.poll(async () => (await client.get("/n")).text, { timeout: 2000 }).toBe("1");
    await app.close();
  });

  it.each(["a b", "x;drop table y", 'a"b', "Sessions", ""])(
    "refuses a table name that would need quotes: %j",
    async (table) => {
      await expect(createPostgresStore(optionsFor(table))).rejects.toThrow(/"table" must be/);
    },
  );
});
