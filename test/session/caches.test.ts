import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import { Response } from "../../src/response/response.ts";
import { createApp, engines, logged, serve, tempFolder, visit } from "../support/app.ts";
import { CookieJar, type Reply } from "../../src/testing/index.ts";
import { SharedCache } from "./shared-cache.ts";

function define(app: App): void {
  app.get("/login/:user", ({ session, params }) => session("user", params.user));
  app.get("/public", ({ header }) => {
    header("Cache-Control", "public, max-age=60");
    return "for all";
  });
  app.get("/me", ({ session, header }) => {
    header("Cache-Control", "public, max-age=60");
    return `page of ${(session("user") ?? "nobody") as string}`;
  });
  app.get("/count", ({ session, header }) => {
    header("Cache-Control", "public, max-age=60");
    return session("n", Number(session("n") ?? 0) + 1);
  });
}

const cacheable = ["public, max-age=60", "max-age=31536000", "s-maxage=10, max-age=0"];

describe.each(engines)("a shared cache before the %s engine", (session) => {
  it.each(cacheable)(
    "SEC-501 gets no-store with a session cookie, though the app asked for %s",
    async (wanted) => {
      const app = createApp({ session }, (made) => {
        made.get("/one", (ctx) => {
          ctx.header("Cache-Control", wanted);
          return String(ctx.session("n", 1));
        });
        made.get("/two", (ctx) => {
          ctx.session("n", 2);
          ctx.pushHeader("Cache-Control", "must-revalidate", wanted);
          return "two";
        });
        made.get("/out", (ctx) => {
          ctx.header("Cache-Control", wanted);
          ctx.session().destroy();
        });
      });
      const client = visit(app);
      for (const path of ["/one", "/two", "/out"]) {
        const reply = await client.get(path);
        // An engine that keeps the data leaves the browser the cookie that it has.
        expect(reply.setCookies).toHaveLength(path === "/two" && session === "simple" ? 0 : 1);
        expect([reply.header("cache-control"), reply.header("vary")]).toEqual([
          "no-store",
          "Cookie",
        ]);
      }
      const warnings = logged(app).filter((text) => text.includes("Cache-Control"));
      expect(warnings).toHaveLength(3);
      for (const text of warnings) expect(text).toMatch(/session cookie.*max-age.*no-store/);
    },
  );

  it("SEC-501 gets no-store without a warning where the app asked for nothing public", async () => {
    const app = createApp({ session }, (made) => {
      made.get("/plain", (ctx) => String(ctx.session("n", 1)));
      made.get("/private", (ctx) => {
        ctx.header("Cache-Control", "private, no-cache, max-age=0");
        return String(ctx.session("n", 2));
      });
    });
    for (const path of ["/plain", "/private"]) {
      expect((await visit(app).get(path)).header("cache-control")).toBe("no-store");
    }
    expect(logged(app)).toEqual([]);
  });

  const uses: Record<string, (ctx: Context) => unknown> = {
    'session("k")': (ctx) => ctx.session("k"),
    "get()": (ctx) => ctx.session().get("k"),
    'session("k", v)': (ctx) => ctx.session("k", 1),
    "set()": (ctx) => ctx.session().set("k", 1),
    "has()": (ctx) => ctx.session().has("k"),
    in: (ctx) => "k" in ctx.session(),
    "delete()": (ctx) => ctx.session().delete("k"),
    "keys()": (ctx) => ctx.session().keys(),
    "entries()": (ctx) => ctx.session().entries(),
    "toJSON()": (ctx) => ctx.session().toJSON(),
    JSON: (ctx) => JSON.stringify(ctx.session()),
    spread: (ctx) => ({ ...(ctx.session() as object) }),
    id: (ctx) => ctx.session().id,
    "flash()": (ctx) => ctx.session().flash("notice"),
    "regenerate()": (ctx) => ctx.session().regenerate(),
    "destroy()": (ctx) => ctx.session().destroy(),
    "session() alone": (ctx) => void ctx.session(),
    "a template that names it": (ctx) => ctx.template("greeting"),
    "a login check in a hook": () => "page",
    "a hook after": () => "page",
  };

  it.each(Object.keys(uses))(
    "SEC-502 is told Vary: Cookie when the session was used by %s",
    async (way) => {
      const appdir = tempFolder({ "views/greeting.tt": "Hello <% session.user %>" });
      const app = createApp(
        { session },
        (made) => {
          if (way.startsWith("a login check"))
            made.hook("before", (ctx) => void ctx.session().has("k"));
          if (way === "a hook after") made.hook("after", (ctx) => void ctx.session());
          made.get("/use", (ctx) => uses[way]!(ctx as Context) ?? "ok");
        },
        { appdir },
      );
      const client = visit(app);
      for (let count = 0; count < 2; count += 1) {
        const reply = await client.get("/use");
        expect([reply.status, reply.header("vary")]).toEqual([200, "Cookie"]);
      }
    },
  );

  it("SEC-504 is told nothing when the session was not used, whatever cookies came", async () => {
    const appdir = tempFolder({
      "views/plain.tt": "Hello <% name %>",
      "public/logo.svg": "<svg/>",
    });
    const app = createApp(
      { session },
      (made) => {
        define(made);
        made.get("/template", (ctx) => ctx.template("plain", { name: "all" }));
        made.get("/cookies", (ctx) => Object.keys(ctx.cookies).length);
        made.get("/moved", (ctx) => {
          ctx.redirect("/public");
        });
      },
      { appdir },
    );
    const client = visit(app);
    await client.get("/login/alice");
    for (const path of ["/public", "/template", "/cookies", "/moved", "/logo.svg", "/nowhere"]) {
      const reply = await client.get(path);
      expect([reply.header("vary"), reply.setCookies], path).toEqual([undefined, []]);
      expect(reply.header("cache-control") ?? "", path).not.toContain("no-store");
    }
  });

  it("SEC-504 serves the public page to all, and nobody's page or cookie to anybody else", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      // What goes wrong without Vary; it shows that this cache can mix visitors up.
      made.get("/careless", (ctx) => {
        ctx.header("Cache-Control", "public, max-age=60");
        return ctx.request.header("cookie") ?? "nobody";
      });
    });
    let now = 0;
    const direct = visit(app);
    const cache = new SharedCache(
      (method, path, asked) => direct.request(method, path, asked),
      () => now,
    );
    const through = () => {
      const jar = new CookieJar();
      const get = async (path: string): Promise<Reply> => {
        const cookie = jar.header("https://app.test/");
        const reply = await cache.request("GET", path, { headers: { cookie } });
        for (const text of reply.setCookies) jar.store("https://app.test/", text);
        return reply;
      };
      return { jar, get };
    };
    const [alice, bob, nobody] = [through(), through(), through()];
    await alice.get("/login/alice");
    await bob.get("/login/bob");

    const secrets = new Map<string, string>();
    for (let round = 0; round < 5; round += 1) {
      now += 10_000;
      for (const [name, client] of Object.entries({ alice, bob, nobody })) {
        expect((await client.get("/me")).text).toBe(`page of ${name}`);
        const reply = await client.get("/count");
        expect(reply.text).toBe(String(round + 1));
        const pair = client.jar.header("https://app.test/");
        for (const [other, value] of secrets) if (other !== name) expect(pair).not.toBe(value);
        secrets.set(name, pair);
      }
    }
    cache.hits = 0;
    for (const client of [alice, bob, nobody, alice, bob]) {
      expect((await client.get("/public")).text).toBe("for all");
    }
    expect(cache.hits).toBe(4);
    const careless = await alice.get("/careless");
    expect((await bob.get("/careless")).text).toBe(careless.text);
  });

  const endings: Record<string, (ctx: Context) => unknown> = {
    "an error": () => {
      throw new Error("boom");
    },
    "a rejected promise": () => Promise.reject(new Error("boom")),
    sendError: (ctx) => ctx.sendError("no", 404),
    "a redirect": (ctx) => ctx.redirect("/"),
    "status 304": (ctx) => ctx.status(304),
    "a file not modified": (ctx) => ctx.sendFile("logo.svg"),
    "an unknown page": (ctx) => ctx.pass(),
    halt: (ctx) => ctx.halt("stop"),
    forward: (ctx) => ctx.forward("/elsewhere"),
    stream: () => ReadableStream.from(["a"]),
  };

  it.each(Object.keys(endings))(
    "SEC-505 is told the same when the answer is %s, GET or HEAD",
    async (ending) => {
      const appdir = tempFolder({ "public/logo.svg": "<svg/>" });
      const end = endings[ending]!;
      const app = createApp(
        { session },
        (made) => {
          made.get("/elsewhere", () => "elsewhere");
          made.get("/read", (ctx) => {
            ctx.session("user");
            return end(ctx);
          });
          made.get("/out", (ctx) => {
            ctx.session().destroy();
            return end(ctx);
          });
          made.get("/in", (ctx) => {
            ctx.header("Cache-Control", "public, max-age=60");
            ctx.session("user", "alice");
            return end(ctx);
          });
          made.get("/login", (ctx) => ctx.session("user", "alice"));
        },
        { appdir },
      );
      const served = await serve(app);
      const headers: Record<string, string> = {};
      if (ending === "a file not modified") {
        headers["if-none-match"] = (await visit(app).get("/logo.svg")).header("etag")!;
      }
      const isDropped = ["an error", "a rejected promise"].includes(ending);
      for (const { newClient } of [served, { newClient: () => visit(app) }]) {
        for (const method of ["GET", "HEAD"]) {
          const client = newClient();
          const read = await client.request(method, "/read", { headers });
          if (ending.includes("304") || ending.includes("not modified"))
            expect(read.status).toBe(304);
          expect([read.header("vary"), read.setCookies]).toEqual(["Cookie", []]);
          const written = await client.request(method, "/in", { headers });
          expect(written.header("vary")).toBe("Cookie");
          expect(written.setCookies).toHaveLength(isDropped ? 0 : 1);
          if (!isDropped) expect(written.header("cache-control")).toBe("no-store");
          await client.get("/login");
          const out = await client.request(method, "/out", { headers });
          expect(out.setCookies).toHaveLength(1);
          expect([out.header("vary"), out.header("cache-control")]).toEqual(["Cookie", "no-store"]);
          expect(client.jar.names).toEqual([]);
        }
      }
      await served.stop();
    },
  );
});

describe("Vary", () => {
  const table: [string[], string][] = [
    [[], "Cookie"],
    [["Accept"], "Accept, Cookie"],
    [["Accept, Accept-Encoding"], "Accept, Accept-Encoding, Cookie"],
    [["Accept", "Accept-Encoding"], "Accept, Accept-Encoding, Cookie"],
    [["Cookie"], "Cookie"],
    [["cookie"], "cookie"],
    [["COOKIE, Accept"], "COOKIE, Accept"],
    [["Accept,cOOkie ,Origin"], "Accept,cOOkie ,Origin"],
    [["Cookie2"], "Cookie2, Cookie"],
    [["X-Cookie"], "X-Cookie, Cookie"],
    [["*"], "*"],
    [["Accept, *"], "Accept, *"],
  ];

  it.each(table)("SEC-503 %j is merged with Cookie to %j", async (given, expected) => {
    const app = createApp({ session: "simple" }, (made) => {
      made.get("/", (ctx) => {
        ctx.pushHeader("Vary", ...given);
        return String(ctx.session().has("k"));
      });
    });
    expect((await visit(app).get("/")).header("vary")).toBe(expected);
    const response = new Response();
    for (const value of given) response.appendHeader("vary", value);
    for (let count = 0; count < 3; count += 1) response.vary("Cookie");
    expect(response.headerValues("Vary").join(", ")).toBe(expected);
  });
});
