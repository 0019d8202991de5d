import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "../../../src/app.ts";
import { createRedisRevocationList, createRedisStore } from "../../../src/redis.ts";
import type {
  RevocationList,
  RevocationListOptions,
} from "../../../src/engines/revocation/revocation-list.ts";
import { revocationListContract } from "../../../src/testing/revocation-list-contract.ts";
import { createApp, newKey, visit } from "../../support/app.ts";
import { lacksRedis, RedisServer } from "../../support/redis.ts";

describe.skipIf(lacksRedis)("the revocation list in Redis", () => {
  let server: RedisServer;
  const apps: App[] = [];
  const lists: RevocationList[] = [];

  beforeEach(async () => {
    server = await RedisServer.start();
  });
  afterEach(async () => {
    for (const one of [...apps.splice(0), ...lists.splice(0)]) await one.close?.();
    await server.remove();
  });

  async function connect(now = Date.now): Promise<RevocationList> {
    const setting = (name: string): unknown =>
      name === "engines" ? { redis: { url: server.url } } : undefined;
    const list = await createRedisRevocationList({ now, setting, warn: () => undefined });
    lists.push(list);
    return list;
  }

  it("SEC-408 keeps the latest moment for as long as it is of use, and tells one of many that it is news", async () => {
    const [one, two] = [await connect(), await connect()];
    const until = Date.now() + 3600_000;
    expect(await one.endedBefore("a")).toBe(0);
    const news = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        Promise.resolve((at % 2 === 0 ? one : two).end("a", 500, until)),
      ),
    );
    expect(news.filter(Boolean)).toHaveLength(1);
    expect(await two.end("a", 499, until)).toBe(false);
    expect(await two.end("a", 501, until)).toBe(true);
    expect([await one.endedBefore("a"), await one.endedBefore("b")]).toEqual([501, 0]);
    const { createClient } = await import("redis");
    const client = createClient({ url: server.url });
    await client.connect();
    expect(await client.keys("*")).toEqual(["quickstep:session:ended:a"]);
    const left = await client.pTTL("quickstep:session:ended:a");
    expect(left).toBeGreaterThan(3590_000);
    expect(left).toBeLessThanOrEqual(3600_000);
    await client.close();
  });

  it("takes a client of one's own, which sessions may share", async () => {
    const { createClient } = await import("redis");
    const client = await createClient({ url: server.url }).connect();
    const close = vi.fn();
    const connection = { client, prefix: "shop:", close };
    let time = Date.now();
    const settings = { session: "mine", session_revocation: "mine" };
    const define = (it: App): void => {
      it.engine("session").register("mine", (options) => createRedisStore(options, connection));
      it.engine("revocation").register("mine", (options) =>
        createRedisRevocationList(options, connection),
      );
      it.get("/login", ({ session }) => session().bind("alice"));
      it.get("/who", ({ session }) => session().user ?? "nobody");
    };
    const app = createApp(settings, define, { now: () => time });
    const visitor = visit(app);
    await visitor.get("/login");
    expect((await visitor.get("/who")).text).toBe("alice");
    time += 1;
    await app.endSessions("alice");
    expect((await visitor.get("/who")).text).toBe("nobody");
    const kinds = (await client.keys("*")).map((key) => key.replace(/[\w{}-]+$/, ""));
    expect(kinds.sort()).toEqual(["shop:", "shop:ended:"]);
    await app.close();
    expect(close).toHaveBeenCalledTimes(2);
    client.destroy();
  });

  it("SEC-406 SEC-409 makes logouts final in all processes, and a dead Redis answers nobody but those without a session", async () => {
    const key = newKey();
    const make = (): App => {
      const app = createApp(
        {
          session_cookie_key: key,
          session_revocation: "redis",
          session_timeout: 0.2,
          engines: { redis: { url: server.url } },
        },
        (it) => {
          it.get("/login", ({ session }) => session("user", "alice"));
          it.get("/who", ({ session }) => session("user") ?? "nobody");
          it.get("/logout", ({ session }) => {
            session().destroy();
          });
        },
      );
      apps.push(app);
      return app;
    };
    const [here, there] = [visit(make()), visit(make())];
    await here.get("/login");
    const headers = { cookie: here.jar.header("https://app.test/") };
    expect((await there.get("/who", { headers })).text).toBe("alice");
    await here.get("/logout");
    expect((await there.get("/who", { headers })).text).toBe("nobody");
    expect((await here.get("/who", { headers })).text).toBe("nobody");

    await here.get("/login");
    await server.kill();
    const began = Date.now();
    expect((await here.get("/who")).status).toBe(503);
    expect((await here.get("/logout")).status).toBe(503);
    expect(Date.now() - began).toBeLessThan(1000);
    expect((await there.get("/who")).text).toBe("nobody");
    await server.start();
    await expect
      .poll(async () => (await here.get("/who")).text, { timeout: 4000, interval: 50 })
      .toBe("alice");
  });
});

describe.skipIf(lacksRedis)('the revocation list "redis" keeps the contract', () => {
  let server: RedisServer;
  /** With the address of a server that starts after the cases were named. */
  const create = (given: RevocationListOptions): Promise<RevocationList> =>
    createRedisRevocationList({ ...given, setting: () => ({ redis: { url: server.url } }) });

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.remove());

  const breakDown = async () => {
    await server.kill();
    return () => server.start();
  };
  for (const { name, run } of revocationListContract({ create, shared: true, breakDown }))
    it(name, run);
});
