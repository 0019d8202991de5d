import { randomInt } from "node:crypto";
import { setImmediate as immediate, setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { KeywordError } from "../../src/errors.ts";
import { halt, requestWords } from "../../src/keywords.ts";
import { createApp, engines, logged, serve, visit } from "../support/app.ts";

const { header, param, params, request, response, session, splat, status, vars } = requestWords;
const varWord = requestWords.var;

/** Ways to let others go first. */
const pauses: readonly (() => unknown)[] = [
  () => Promise.resolve(),
  () => immediate(),
  () => delay(0),
  () => delay(3),
  () => new Promise<void>((resolve) => process.nextTick(resolve)),
  () => new Promise<void>((resolve) => queueMicrotask(resolve)),
  () => ({ then: (resolve: () => void) => setTimeout(resolve, 1) }),
];

/** Lets nobody through until so many have come: then they all overlap. */
class Crowd {
  readonly #size: number;
  #count = 0;
  #open: () => void = () => undefined;
  readonly #complete = new Promise<void>((resolve) => (this.#open = resolve));

  constructor(size: number) {
    this.#size = size;
  }

  async join(): Promise<void> {
    this.#count += 1;
    if (this.#count === this.#size) this.#open();
    await this.#complete;
  }
}

/** What ambient words say about who is asking. */
function seen(): unknown[] {
  const { me, deep } = vars() as { me?: string; deep?: { me?: string } };
  return [
    session("me"),
    (session("cart") as string[] | undefined)?.[0],
    params("route")["me"],
    param("token"),
    varWord("me"),
    me,
    deep?.me,
    request().path.split("/").at(-1),
    request().header("x-me"),
    response().header("X-Me"),
    splat().length === 0 ? param("me") : undefined,
  ];
}

function define(app: App, crowd: () => Crowd): void {
  const visitor = async (): Promise<unknown[]> => {
    const me = param("me") ?? "";
    await crowd().join();
    varWord("me", me);
    vars()["deep"] = { me };
    header("X-Me", me);
    if (session("me") === undefined) session("me", me);
    if (session("cart") === undefined) session("cart", [me]);
    const views = [seen()];
    for (let count = 0; count < 6; count += 1) {
      await pauses[randomInt(pauses.length)]!();
      views.push(seen());
    }
    status(200);
    return [...new Set(views.flat())];
  };
  app.get("/plain/:me", visitor);
  app.post("/body/:me", visitor);
  app.get("/halted/:me", async () => halt(await visitor()));
  app.get("/stream/:me", async () => {
    const found = await visitor();
    return (async function* () {
      yield '["';
      for (let count = 0; count < 3; count += 1) {
        await pauses[count]!();
        found.push(...seen());
      }
      yield `${[...new Set(found)].join('","')}"]`;
    })();
  });
}

describe.each(engines)("overlapping requests with the %s engine", (engine) => {
  it("SEC-609 see only their own session, vars, params, body and response: 1,000 at once", async () => {
    const size = 1000;
    let crowd = new Crowd(size);
    const app = createApp({ session: engine }, (made) => define(made, () => crowd));
    const served = await serve(app);
    const clients = Array.from({ length: size }, served.newClient);
    for (let round = 0; round < 2; round += 1) {
      crowd = new Crowd(size);
      const replies = await Promise.all(
        clients.map((client, number) => {
          const me = `visitor${number}`;
          const headers = { "x-me": me };
          if (number % 4 === 0) return client.get(`/plain/${me}?token=${me}`, { headers });
          if (number % 4 === 1) return client.get(`/stream/${me}?token=${me}`, { headers });
          if (number % 4 === 2) return client.get(`/halted/${me}?token=${me}`, { headers });
          // Some bodies come in several pieces.
          const pad = "x".repeat(number % 8 === 3 ? 10 : 150_000);
          if (number % 16 < 8)
            return client.post(`/body/${me}`, { form: { token: me, pad }, headers });
          return client.post(`/body/${me}`, { json: { token: me, pad }, headers });
        }),
      );
      for (const [number, reply] of replies.entries()) {
        expect([reply.status, reply.json]).toEqual([200, [`visitor${number}`]]);
        expect(reply.header("x-me")).toBe(`visitor${number}`);
        expect(reply.setCookies).toHaveLength(round === 0 ? 1 : 0);
      }
    }
    expect(logged(app, "error")).toEqual([]);
    await served.stop();
  });

  it("SEC-605 share no object with each other or with the store", async () => {
    const kept: { items: unknown[] }[] = [];
    const app = createApp({ session: engine }, (made) => {
      made.get("/save", (ctx) => {
        kept.push(ctx.session("cart", { items: ["saved"] }));
        return "saved";
      });
      made.get("/read", (ctx) => {
        kept.push(ctx.session("cart") as { items: unknown[] });
        return ctx.session("cart");
      });
      made.get("/spoil", async (ctx) => {
        const cart = ctx.session("cart") as { items: unknown[] };
        cart.items.push("spoilt");
        await immediate();
        throw new Error("boom");
      });
    });
    const client = visit(app);
    await client.get("/save");
    kept[0]!.items.push("after the save");
    const replies = await Promise.all(["/read", "/spoil", "/read"].map((path) => client.get(path)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 500, 200]);
    for (const cart of kept) cart.items.push("later");
    expect((await client.get("/read")).json).toEqual({ items: ["saved"] });
    expect(new Set(kept).size).toBe(kept.length);
  });
});

describe("the memory engine", () => {
  it("SEC-605 forgets the visitors who were away longest beyond session_max_entries", async () => {
    let time = Date.now();
    const settings = { session: "simple", session_max_entries: 3 };
    const define = (made: App): void => {
      made.get("/login", (ctx) => ctx.session("user", "x"));
      made.get("/who", (ctx) => ctx.session("user") ?? "nobody");
    };
    const app = createApp(settings, define, { now: () => time });
    const clients = Array.from({ length: 5 }, () => visit(app));
    for (const client of clients.slice(0, 3)) await client.get("/login");
    time += 120_000;
    expect((await clients[0]!.get("/who")).text).toBe("x");
    for (const client of clients.slice(3)) await client.get("/login");
    const who = await Promise.all(clients.map(async (client) => (await client.get("/who")).text));
    expect(who).toEqual(["x", "nobody", "nobody", "x", "x"]);
    expect(logged(app).filter((text) => text.includes("session_max_entries"))).toHaveLength(1);
  });
});

describe("a request word", () => {
  it("SEC-609 throws an error that names it outside a request", async () => {
    const app = createApp({}, (made) => made.get("/", () => "ok"));
    await visit(app).get("/");
    for (const [name, word] of Object.entries(requestWords)) {
      const call = (): unknown => (word as (...args: unknown[]) => unknown)("x");
      expect(call, name).toThrow(KeywordError);
      expect(call, name).toThrow(new RegExp(`^${name}\\(\\) was called outside a request`));
    }
  });
});
