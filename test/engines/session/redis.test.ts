import { EventEmitter, once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { createClient, createCluster } from "redis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createRedisRevocationList } from "../../../src/engines/revocation/redis.ts";
import type { RevocationListOptions } from "../../../src/engines/revocation/revocation-list.ts";
import { createRedisStore } from "../../../src/engines/session/redis.ts";
import { hashSessionId } from "../../../src/engines/session/id-hash.ts";
import type { SessionStore, SessionStoreOptions } from "../../../src/engines/session/store.ts";
import { revocationListContract } from "../../../src/testing/revocation-list-contract.ts";
import { createApp, visit } from "../../support/app.ts";
import { surviveHang } from "../../support/hanging-store.ts";
import { startRedisCluster } from "../../support/redis-cluster.ts";
import { RedisServer, lacksRedis } from "../../support/redis.ts";
import {
  TestClock,
  allOf,
  describeSessionStore,
  newRecord,
  storeOptions,
} from "../../support/session-store.ts";

describe.skipIf(lacksRedis)("the redis engine", () => {
  let server: RedisServer;
  const options = (changed: Partial<SessionStoreOptions> = {}) =>
    storeOptions({ engines: { redis: { url: server.url } } }, undefined, changed);
  /** With the address of a server that starts after the cases were named. */
  const create = (given: SessionStoreOptions): Promise<SessionStore> =>
    createRedisStore({ ...given, setting: options().setting });

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.remove());

  describeSessionStore("redis", {
    create,
    shared: true,
    breakDown: async () => {
      await server.kill();
      return () => server.start();
    },
  });
  describeSessionStore("redis, with a server that hangs", {
    create,
    breakDown: () => {
      server.signal("SIGSTOP");
      return () => server.signal("SIGCONT");
    },
  });

  it("SEC-607 answers 503 in time while Redis hangs, and everybody else as before", () =>
    surviveHang({ session: "redis", engines: { redis: { url: server.url } } }, server));

  it("keeps no id that opens a session, and lets every key go by itself", async () => {
    const store = await createRedisStore(options({ now: Date.now }));
    const clock = Object.assign(new TestClock(), { time: Date.now() });
    const [record, other] = [newRecord(clock, { user: "ada" }), newRecord(clock, { b: 1 })];
    await store.save(record, allOf(record));
    await store.save(other, allOf(other));
    await store.destroy(other.id);
    const client = await createClient({ url: server.url }).connect();
    for (const key of await client.keys("*")) {
      expect(key).toMatch(/^quickstep:session:\{[0-9a-f]{64}\}$/);
      expect(JSON.stringify([key, await client.hGetAll(key)])).not.toContain(record.id);
      expect(await client.pTTL(key)).toBeGreaterThan(0);
    }
    const ttl = async (id: string) => client.pTTL(`quickstep:session:{${hashSessionId(id)}}`);
    expect(await ttl(record.id)).toBeLessThanOrEqual(3600_000 + 60_000);
    expect(await ttl(other.id)).toBeGreaterThan(86_400_000 - 60_000);
    client.destroy();
    await store.close?.();
  });

  it("takes a client of one's own, and a prefix", async () => {
    const client = await createClient({ url: server.url }).connect();
    const close = vi.fn();
    const store = await createRedisStore(options(), { client, prefix: "mine:", close });
    const record = newRecord(new TestClock(), { a: 1 });
    await store.save(record, allOf(record));
    expect(await client.exists(`mine:{${hashSessionId(record.id)}}`)).toBe(1);
    await store.close?.();
    expect(close).toHaveBeenCalledOnce();
    client.destroy();
  });

  it("starts while Redis is down, and is well when it comes", async () => {
    const late = await RedisServer.start();
    onTestFinished(() => late.remove());
    await late.kill();
    const warn = vi.fn<(message: string) => void>();
    const setting = (name: string): unknown =>
      ({ engines: { redis: { url: late.url } }, session_timeout: 0.1 })[name];
    const store = await createRedisStore(options({ setting, warn }));
    await expect(store.open("A".repeat(24), undefined)).rejects.toThrow();
    await late.start();
    await expect
      .poll(() => warn.mock.calls.flat(), { timeout: 2000 })
      .toEqual([expect.stringContaining("ECONNREFUSED"), "session: redis: connected again"]);
    expect(await store.open("A".repeat(24), undefined)).toBeUndefined();
    await store.close?.();
  });

  it("SEC-607 finds the server again when the machine that it was on has vanished", async () => {
    const relayed: Socket[] = [];
    const relay = createServer((near) => {
      const far = connect(server.port, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) relayed.push(socket.on("error", () => undefined));
    }).listen(0, "127.0.0.1");
    await once(relay, "listening");
    const url = `redis://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const setting = (name: string): unknown =>
      ({ engines: { redis: { url } }, session_timeout: 0.2 })[name];
    const warn = vi.fn<(message: string) => void>();
    const store = await createRedisStore(options({ setting, warn }));
    const record = newRecord(new TestClock(), { a: 1 });
    await store.save(record, allOf(record));
    // Nothing comes back from there any more, and nobody says that the connection is over.
    for (const socket of relayed.splice(0)) socket.unpipe().pause();
    await expect(store.open(record.id, undefined)).rejects.toThrow();
    await expect
      .poll(async () => (await store.open(record.id, undefined))?.data, { timeout: 2000 })
      .toEqual({ a: 1 });
    expect(warn.mock.calls.flat()).toEqual([
      "session: redis: no answer within 400 ms; trying again",
      "session: redis: connected again",
    ]);
    await store.close?.();
    for (const socket of relayed) socket.destroy();
    relay.close();
  });

  it("SEC-701 refuses to start with a wrong password, without showing it", async () => {
    const locked = await RedisServer.start(["--requirepass", "right-password"]);
    onTestFinished(() => locked.remove());
    const at = (password: string): Promise<SessionStore> => {
      const url = `redis://:${password}@127.0.0.1:${locked.port}`;
      return createRedisStore(options({ setting: () => ({ redis: { url } }) }));
    };
    await expect(at("wrong-password")).rejects.toThrow(
      /^session: redis: the server refuses us: WRONGPASS((?!wrong-password).)*$/,
    );
    const store = await at("right-password");
    expect(await store.open("A".repeat(24), undefined)).toBeUndefined();
    await store.close?.();
  });

  it("SEC-607 SEC-602 gives an app with session: redis short outages and final logouts", async () => {
    const own = await RedisServer.start();
    onTestFinished(() => own.remove());
    const gate = new EventEmitter();
    const app = createApp({ session: "redis", engines: { redis: { url: own.url } } }, (made) => {
      made.get("/n", ({ session }) => session("n") ?? "none");
      made.get("/set/:n", ({ session, params }) => session("n", params.n));
      made.get("/logout", ({ session }) => session().destroy());
      made.get("/plain", () => "plain");
      made.get("/slow", async ({ session }) => {
        const left = once(gate, "leave");
        gate.emit("entered");
        await left;
        return session("slow", "was here");
      });
    });
    const client = visit(app);
    await client.get("/set/1");
    await own.kill();
    expect((await visit(app).get("/plain")).text).toBe("plain");
    const refused = await client.get("/n");
    expect([refused.status, refused.header("Retry-After"), refused.setCookies]).toEqual([
      503,
      "1",
      [],
    ]);
    await own.start();
    await expect.poll(async () => (await client.get("/n")).text, { timeout: 2000 }).toBe("1");
    const copy = visit(app);
    copy.jar.replaceBy(client.jar.copy());
    const entered = once(gate, "entered");
    const slow = copy.get("/slow");
    await entered;
    await client.get("/logout");
    gate.emit("leave");
    expect((await slow).text).toBe("was here");
    expect((await copy.get("/n")).text).toBe("none");
    await app.close();
  });

  it("SEC-607 answers 503 to those who write when Redis is full, and keeps what it has", async () => {
    const full = await RedisServer.start();
    onTestFinished(() => full.remove());
    const app = createApp({ session: "redis", engines: { redis: { url: full.url } } }, (made) => {
      made.get("/n", ({ session }) => session("n") ?? "none");
      made.get("/set/:n", ({ session, params }) => session("n", params.n));
    });
    const client = visit(app);
    await client.get("/set/1");
    await full.ask("config", "set", "maxmemory", "1");
    const refused = await client.get("/set/2");
    expect([refused.status, refused.header("Retry-After")]).toEqual([503, "1"]);
    expect((await client.get("/n")).text).toBe("1");
    await full.ask("config", "set", "maxmemory", "0");
    expect((await client.get("/set/2")).status).toBe(200);
    await app.close();
  });

  it.each([
    [{ url: 1 }, 'engines: redis: "url" must be text'],
    [{ cluster: "perhaps" }, 'engines: redis: "cluster" must be true or false'],
    [{ uri: "redis://x" }, 'engines: redis: there is no "uri" (known: url, cluster, prefix)'],
    ["redis://x", "engines: redis must be a map"],
  ])("says what is wrong with its settings: %j", async (redis, message) => {
    await expect(createRedisStore(options({ setting: () => ({ redis }) }))).rejects.toThrow(
      message,
    );
  });
});

describe.skipIf(lacksRedis)("the redis engine on a cluster", () => {
  let nodes: readonly RedisServer[];
  const setting = (): unknown => ({
    redis: { url: nodes.map(({ url }) => url).join(), cluster: true },
  });
  const create = (given: SessionStoreOptions): Promise<SessionStore> =>
    createRedisStore({ ...given, setting });

  beforeAll(async () => {
    nodes = await startRedisCluster();
  }, 60_000);
  afterAll(() => Promise.all(nodes.map((node) => node.remove())));

  describeSessionStore("redis, on a cluster of three nodes", { create, shared: true });
  describe("the revocation list, on a cluster of three nodes, keeps the contract", () => {
    const subject = {
      create: (given: RevocationListOptions) => createRedisRevocationList({ ...given, setting }),
      shared: true,
    };
    for (const { name, run } of revocationListContract(subject)) it(name, run);
  });

  it("SEC-607 goes on with what the others have while one node hangs, and then with all", async () => {
    const warn = vi.fn<(message: string) => void>();
    const given = { ...(setting() as object) };
    const store = await createRedisStore(
      storeOptions({ engines: given, session_timeout: 0.5 }, undefined, { warn }),
    );
    const hung = nodes[0]!;
    const homes = new Map<boolean, string>();
    while (homes.size < 2) {
      const record = newRecord(new TestClock(), { a: 1 });
      await store.save(record, allOf(record));
      const key = `quickstep:session:{${hashSessionId(record.id)}}`;
      homes.set((await hung.ask("exists", key)) === "1", record.id);
    }
    const open = async (isHung: boolean) => store.open(homes.get(isHung)!, undefined);
    hung.signal("SIGSTOP");
    try {
      const silent = open(true);
      silent.catch(() => undefined);
      await expect.poll(() => warn.mock.calls, { timeout: 10_000 }).not.toEqual([]);
      for (let more = 0; more < 20; more += 1) expect((await open(false))?.data).toEqual({ a: 1 });
    } finally {
      hung.signal("SIGCONT");
    }
    await expect.poll(async () => (await open(true))?.data, { timeout: 10_000 }).toEqual({ a: 1 });
    await expect
      .poll(() => warn.mock.calls.flat().slice(0, 2), { timeout: 10_000 })
      .toEqual([
        "session: redis: no answer within 1000 ms; trying again",
        "session: redis: connected again",
      ]);
    await store.close?.();
  });

  it("spreads sessions over the nodes", async () => {
    const store = await create(storeOptions());
    for (let n = 0; n < 30; n += 1) {
      const record = newRecord(new TestClock(), { n });
      await store.save(record, allOf(record));
    }
    const cluster = await createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) }).connect();
    const sizes = cluster.masters.map(async (node) => (await cluster.nodeClient(node)).dbSize());
    for (const size of await Promise.all(sizes)) expect(size).toBeGreaterThan(0);
    cluster.destroy();
    await store.close?.();
  });
});
