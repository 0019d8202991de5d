import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, engines, logged, visit } from "../support/app.ts";

interface Cart {
  items: unknown[];
  note?: string;
}

/** Data of each kind that a session carries. */
const everything = {
  text: "åäö \u{1F36A} \u0000 \ud800",
  number: -1.5e300,
  zero: 0,
  yes: true,
  no: false,
  nothing: null,
  list: [1, [2, [3, null]], {}],
  map: { constructor: { prototype: 1 }, "": "", "a.b": [] },
};

function define(app: App): void {
  app.get("/all", ({ session }) => session());
  app.get("/everything", ({ session }) => {
    for (const [key, value] of Object.entries(everything)) session(key, value);
    return session();
  });
  app.get("/cart", ({ session }) => session("cart", { items: ["tea"] }));
}

/** Ways to change an object in place, and what it is afterwards. */
const changes: Record<string, [change: (cart: Cart) => unknown, after: Cart]> = {
  "push()": [(cart) => cart.items.push("milk"), { items: ["tea", "milk"] }],
  "a new property": [(cart) => (cart.note = "soon"), { items: ["tea"], note: "soon" }],
  "a change further down": [(cart) => cart.items.push({ a: [1] }), { items: ["tea", { a: [1] }] }],
  "length = 0": [(cart) => (cart.items.length = 0), { items: [] }],
  "sort() and splice()": [
    (cart) => {
      cart.items.push("a");
      cart.items.sort();
    },
    { items: ["a", "tea"] },
  ],
};

describe.each(engines)("a value in a session of the %s engine", (session) => {
  it("SEC-120 comes back as it went in", async () => {
    const client = visit(createApp({ session }, define));
    const reply = await client.get("/everything");
    expect(reply.json).toEqual(everything);
    expect((await client.get("/all")).json).toEqual(everything);
  });

  it.each(Object.keys(changes))(
    "is saved when it was read and changed in place by %s",
    async (how) => {
      const [change, after] = changes[how]!;
      const app = createApp({ session }, (made) => {
        define(made);
        made.get("/change", (ctx) => {
          change(ctx.session("cart") as Cart);
          return ctx.session("cart");
        });
        made.get("/entries", (ctx) => {
          const [[, cart] = []] = ctx.session().entries();
          change(cart as Cart);
          return "changed";
        });
        made.get("/later", async (ctx) => {
          const cart = ctx.session("cart", { items: ["tea"] }) as Cart;
          await Promise.resolve();
          change(cart);
          return "changed";
        });
      });
      for (const path of ["/change", "/entries", "/later"]) {
        const client = visit(app);
        await client.get("/cart");
        expect((await client.get(path)).setCookies).toHaveLength(session === "cookie" ? 1 : 0);
        expect((await client.get("/all")).json, path).toEqual({ cart: after });
      }
    },
  );

  it("sends nothing when it was read and changed back", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/back", (ctx) => {
        const cart = ctx.session("cart") as Cart;
        cart.items.push("milk");
        cart.items.pop();
        return "back";
      });
    });
    const client = visit(app);
    await client.get("/cart");
    expect((await client.get("/back")).setCookies).toEqual([]);
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const refused: Record<string, [value: unknown, path: string, what: RegExp]> = {
    "a Date": [{ items: [{ made: new Date(0) }] }, "cart.items[0].made", /Date/],
    "a function": [{ items: [() => 1] }, "cart.items[0]", /function/],
    undefined: [{ note: undefined }, "cart.note", /undefined/],
    NaN: [[1, [Number.NaN]], "cart[1][0]", /NaN/],
    "a bigint": [{ "a b": 1n }, 'cart["a b"]', /bigint/],
    "a Map": [new Map(), "cart", /Map/],
    "an instance": [{ url: new URL("http://a.test/") }, "cart.url", /class URL/],
    "a cycle": [{ items: cycle }, "cart.items[0]", /cycle/],
    "a __proto__ key": [
      JSON.parse('{"a":{"__proto__":{"x":1}}}'),
      "cart.a.__proto__",
      /prototypes/,
    ],
  };

  it.each(Object.keys(refused))(
    "SEC-120 is refused with its path when it holds %s, at the write",
    async (kind) => {
      const [value, path, what] = refused[kind]!;
      const app = createApp({ session }, (made) => {
        define(made);
        made.get("/bad", (ctx) => {
          try {
            ctx.session("cart", value);
          } catch (error) {
            ctx.session("caught", true);
            return { code: (error as { code: string }).code, message: (error as Error).message };
          }
          return "went through";
        });
      });
      const client = visit(app);
      await client.get("/cart");
      const reply = (await client.get("/bad")).json as { code: string; message: string };
      expect(reply.code).toBe("session-data-invalid");
      expect(reply.message).toContain(`cannot carry "${path}": it is`);
      expect(reply.message).toMatch(what);
      expect((await client.get("/all")).json).toEqual({ cart: { items: ["tea"] }, caught: true });
      expect(({} as { x?: unknown }).x).toBeUndefined();
    },
  );

  it.each(Object.keys(refused))(
    "SEC-120 is refused with its path when it came to hold %s, at the end",
    async (kind) => {
      const [value, path, what] = refused[kind]!;
      const app = createApp({ session }, (made) => {
        define(made);
        made.get("/bad", (ctx) => {
          ctx.session("other", 1);
          (ctx.session("cart") as Cart).items.push(value);
          return "looked fine";
        });
        made.get("/worse", (ctx) => {
          (ctx.session("cart") as Cart).items.push(value);
          ctx.session("other", 1);
          return "looked fine";
        });
      });
      const client = visit(app);
      await client.get("/cart");
      for (const route of ["/bad", "/worse"]) {
        const reply = await client.get(route);
        expect([reply.status, reply.setCookies]).toEqual([500, []]);
        const message = logged(app, "error").at(-1);
        expect(message).toContain(`"cart.items[1]${path.slice("cart".length)}": it is`);
        expect(message).toMatch(what);
        expect((await client.get("/all")).json).toEqual({ cart: { items: ["tea"] } });
      }
      expect(logged(app, "error")).toHaveLength(2);
    },
  );

  it("SEC-119 is refused under a key that is reserved or touches prototypes", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/key", (ctx) => {
        const codes = ["__proto__", "id", "_flash"].map((key) => {
          try {
            ctx.session(key, { x: 1 });
          } catch (error) {
            return (error as { code: string }).code;
          }
          return "went through";
        });
        ctx.session("constructor", "mine");
        return codes;
      });
      made.get("/missing", (ctx) => [
        ctx.session("toString") ?? null,
        ctx.session("__proto__") ?? null,
        ctx.session().has("hasOwnProperty"),
        ctx.session().flash("valueOf") ?? null,
      ]);
    });
    const client = visit(app);
    expect((await client.get("/missing")).json).toEqual([null, null, false, null]);
    expect((await client.get("/key")).json).toEqual(Array(3).fill("session-key-reserved"));
    expect((await client.get("/all")).json).toEqual({ constructor: "mine" });
    expect((await client.get("/missing")).json).toEqual([null, null, false, null]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
