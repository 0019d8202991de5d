import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { App } from "../../../src/app.ts";
import { hashSessionId } from "../../../src/engines/session/id-hash.ts";
import type { Client } from "../../../src/testing/index.ts";
import { createApp, logged, visit } from "../../support/app.ts";
import { replicaInStep, startRedisCluster } from "../../support/redis-cluster.ts";
import { lacksRedis, type RedisServer } from "../../support/redis.ts";

/** What a visitor got, and in how many milliseconds. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly took: number;
  readonly retryAfter: string | undefined;
  readonly setCookies: readonly string[];
}

/** Somebody who asks for one path again and again. */
class Visitor {
  readonly answers: Answer[] = [];
  readonly #client: Client;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(client: Client, path: string, headers = {}) {
    this.#client = client;
    this.#path = path;
    this.#headers = headers;
  }

  /** Somebody who kept the cookies as they are now. */
  static thief(client: Client, path: string): Visitor {
    return new Visitor(client, path, { cookie: client.jar.header("https://app.test/") });
  }

  /** The text of the last answer that was no refusal. */
  get last(): string | undefined {
    return this.answers.findLast(({ status }) => status === 200)?.text;
  }

  async ask(): Promise<void> {
    const began = performance.now();
    const reply = await this.#client.get(this.#path, { headers: this.#headers });
    const { status, text, setCookies } = reply;
    const took = performance.now() - began;
    const retryAfter = reply.header("Retry-After");
    this.answers.push({ status, text, took, retryAfter, setCookies });
  }
}

function define(app: App): void {
  app.get("/begin", ({ session }) => {
    session("n", 0);
    return session().id;
  });
  app.get("/add", ({ session }) => session("n", Number(session("n") ?? 0) + 1));
  app.get("/n", ({ session }) => session("n") ?? "none");
  app.get("/logout", ({ session }) => {
    session().destroy();
  });
}

/** How often these nodes were asked which slots are where. */
async function looksAt(nodes: readonly RedisServer[]): Promise<number> {
  const stats = await Promise.all(nodes.map((node) => node.ask("info", "commandstats")));
  const counts = stats.map((text) => Number(/cmdstat_cluster\|slots:calls=(\d+)/.exec(text)?.[1]));
  return counts.reduce((sum, count) => sum + (count || 0), 0);
}

const deadline = 5000;

describe.skipIf(lacksRedis)("a Redis Cluster in which a master dies under load", () => {
  let nodes: readonly RedisServer[] = [];
  let killed: RedisServer;
  const apps: App[] = [];
  /** Those whose sessions the master had that dies, and those of the others. */
  const lost: Visitor[] = [];
  const others: Visitor[] = [];
  /** Those who kept cookies of sessions that have ended. */
  const thieves: Visitor[] = [];
  /** What each had written when the replica was in step. */
  const promised = new Map<Visitor, number>();
  /** Milliseconds without the master, and how often the apps looked meanwhile who has its place. */
  const search = { took: 0, looks: 0 };

  function make(settings: object): App {
    const redis = { url: nodes.map(({ url }) => url).join(), cluster: true };
    const given = { session_timeout: deadline / 1000, engines: { redis } };
    const app = createApp({ ...given, ...settings }, define);
    apps.push(app);
    return app;
  }

  /** Sessions on both sides, and some that have ended. */
  async function populate(app: App): Promise<void> {
    for (const [side, isHere] of [
      [lost, true],
      [others, false],
    ] as const) {
      for (let ended = 0; side.length < 4 || ended < 2;) {
        const client = visit(app);
        const { text: id } = await client.get("/begin");
        const key = `quickstep:session:{${hashSessionId(id)}}`;
        if (((await killed.ask("exists", key)) === "1") !== isHere) continue;
        if (side.length < 4) side.push(new Visitor(client, "/add"));
        else {
          thieves.push(Visitor.thief(client, "/n"));
          await client.get("/logout");
          ended += 1;
        }
      }
    }
  }

  /** Cookie sessions that the list ends, until the master that will die has some of its entries. */
  async function endCookieSessions(app: App): Promise<void> {
    while ((await killed.ask("keys", "*ended:*")).split("\n").filter(Boolean).length < 2) {
      const client = visit(app);
      await client.get("/begin");
      thieves.push(Visitor.thief(client, "/n"));
      await client.get("/logout");
    }
  }

  beforeAll(async () => {
    nodes = await startRedisCluster(1);
    killed = nodes[0]!;
    await populate(make({ session: "redis" }));
    await endCookieSessions(make({ session_revocation: "redis" }));
    let isOver = false;
    const visitors = [...lost, ...others, ...thieves];
    const load = async (): Promise<void> => {
      while (!isOver) for (const visitor of visitors) await visitor.ask();
    };
    const running = load();
    try {
      await vi.waitFor(() => expect(thieves.at(-1)?.answers).not.toHaveLength(0), 10_000);
      for (const visitor of [...lost, ...others]) promised.set(visitor, Number(visitor.last));
      await replicaInStep(killed, nodes);
      const [began, looks] = [performance.now(), await looksAt(nodes.slice(1))];
      await killed.kill();
      const before = new Map(visitors.map((visitor) => [visitor, visitor.answers.length]));
      const isWell = (visitor: Visitor): boolean =>
        visitor.answers.length > before.get(visitor)! + 2 &&
        visitor.answers.slice(-2).every(({ status }) => status === 200);
      // Whether it came to that is for the tests to say.
      await vi
        .waitUntil(() => visitors.every(isWell), { timeout: 30_000, interval: 50 })
        .catch(() => undefined);
      search.took = performance.now() - began;
      search.looks = (await looksAt(nodes.slice(1))) - looks;
    } finally {
      isOver = true;
      await running;
    }
  }, 90_000);
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await Promise.all(nodes.map((node) => node.remove()));
  });

  it("SEC-607 goes on with the sessions that the other masters have", () => {
    for (const { answers } of others) {
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
  });

  it("SEC-607 refuses the others at once, with 503 and Retry-After, and leaves their cookies", () => {
    const refused = lost.flatMap(({ answers }) => answers.filter(({ status }) => status !== 200));
    expect(refused.length).toBeGreaterThanOrEqual(lost.length);
    for (const { status, retryAfter, setCookies, took } of refused) {
      expect([status, retryAfter, setCookies]).toEqual([503, "1", []]);
      expect(took).toBeLessThan(deadline);
    }
    expect(logged(apps[0]!).filter((line) => line.includes("did not answer"))).toEqual([]);
  });

  it("SEC-607 serves everybody again, with what the replica had when the master died", () => {
    for (const visitor of [...lost, ...others]) {
      expect(visitor.answers.at(-1)?.status).toBe(200);
      const counts = visitor.answers.flatMap(({ status, text }) =>
        status === 200 ? [Number(text)] : [],
      );
      expect(promised.get(visitor)).toBeGreaterThan(0);
      expect(counts.at(-1)).toBeGreaterThan(promised.get(visitor)!);
      // No step back but over what nobody had promised.
      const isStep = (count: number, at: number): boolean =>
        at === 0 || count === counts[at - 1]! + 1 || count > promised.get(visitor)!;
      expect(counts.every(isStep), counts.join()).toBe(true);
    }
  });

  it("SEC-607 looks every two seconds at least for who has the place of the dead master", () => {
    expect(search.looks / apps.length).toBeGreaterThan(search.took / 2000);
  });

  it("SEC-602 SEC-406 revives no session that had ended, of the engine or of the list", () => {
    expect(thieves.length).toBeGreaterThanOrEqual(6);
    const told = thieves.flatMap(({ answers }) => answers).filter(({ status }) => status === 200);
    expect(new Set(told.map(({ text }) => text))).toEqual(new Set(["none"]));
  });

  it("says once in each log which node is gone, and that another has its place", () => {
    const wanted = expect.stringMatching(
      new RegExp(`^session: redis: 127\\.0\\.0\\.1:${killed.port}: .*; trying again$`),
    ) as unknown;
    for (const app of apps) {
      const lines = logged(app).filter((line) => line.startsWith("session: redis: "));
      expect(lines).toEqual([wanted, "session: redis: connected again"]);
    }
  });
});
