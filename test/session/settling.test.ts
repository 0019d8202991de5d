import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createSimpleStore } from "../../src/engines/session/simple.ts";
import { createCookieStore } from "../../src/engines/session/cookie.ts";
import type { SessionStore, SessionStoreOptions } from "../../src/engines/session/store.ts";
import { cookieName, createApp, engines, serve, tempFolder, visit } from "../support/app.ts";

function define(app: App): void {
  app.get("/n", ({ session }) => session("n") ?? "none");
  app.get("/set/:n", ({ session, params }) => session("n", params.n));
}

describe.each(engines)("with the %s engine", (session) => {
  it("SEC-207 ten writes, a hook before, a hook after and a redirect make one Set-Cookie", async () => {
    const app = createApp({ session }, (made) => {
      made.hook("before", (ctx) => void ctx.session("before", 1));
      made.hook("after", (ctx) => void ctx.session("after", 1));
      made.get("/many", (ctx) => {
        for (let n = 0; n < 10; n += 1) ctx.session("n", n);
        ctx.session().flash("notice", "done");
        ctx.redirect("/all");
      });
      made.get("/regenerated", (ctx) => {
        ctx.session().destroy();
        ctx.session("n", 1);
        ctx.session().regenerate();
        ctx.session().regenerate();
        return "ok";
      });
      made.get("/all", (ctx) => ctx.session());
    });
    const client = visit(app);
    const reply = await client.get("/many");
    expect([reply.status, reply.setCookies.length]).toEqual([302, 1]);
    expect((await client.follow(reply)).json).toEqual({ before: 1, after: 1, n: 9 });
    expect((await client.get("/regenerated")).setCookies).toHaveLength(1);
    expect((await client.get("/all")).json).toEqual({ before: 1, after: 1, n: 1 });
  });

  it("SEC-208 sends no cookie and leaves the store alone unless the session was changed", async () => {
    const calls: string[] = [];
    const appdir = tempFolder({ "public/logo.svg": "<svg/>" });
    const app = createApp(
      { session: "counted" },
      (made) => {
        define(made);
        made.engine("session").register("counted", (options) => counted(session, options, calls));
        made.get("/untouched", () => "nothing");
        made.get("/read", (ctx) => [
          ctx.session("n"),
          ctx.session().has("n"),
          ctx.session().keys(),
        ]);
        made.get("/object", (ctx) => ctx.session("cart") ?? "none");
        made.get("/cart", (ctx) => ctx.session("cart", { items: [1] }));
        made.get("/undone", (ctx) => {
          ctx.session("x", 1);
          ctx.session().delete("x");
          ctx.session().delete("never");
          return "undone";
        });
        made.get("/empty", (ctx) => {
          ctx.session().regenerate();
          return typeof ctx.session().id;
        });
      },
      { appdir },
    );
    const client = visit(app);
    const silent = async (path: string, ...expected: string[]): Promise<void> => {
      calls.length = 0;
      const reply = await client.get(path);
      expect([reply.status, reply.setCookies, calls], path).toEqual([200, [], expected]);
    };
    for (const path of ["/untouched", "/logo.svg", "/read", "/undone", "/empty"])
      await silent(path);
    expect((await client.get("/cart")).setCookies).toHaveLength(1);
    await silent("/untouched");
    await silent("/logo.svg");
    for (const path of ["/read", "/object", "/undone"]) await silent(path, "open");
    expect((await client.head("/read")).setCookies).toEqual([]);
    calls.length = 0;
    expect((await client.get("/nowhere")).status).toBe(404);
    expect(calls).toEqual([]);
  });

  const ways: Record<string, (app: App) => void> = {
    return: (app) => app.get("/go", (ctx) => String(ctx.session("n", 1))),
    "a promise": (app) =>
      app.get("/go", async (ctx) => {
        await Promise.resolve();
        return String(ctx.session("n", 1));
      }),
    nothing: (app) => app.get("/go", (ctx) => void ctx.session("n", 1)),
    redirect: (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        ctx.redirect("/n");
      }),
    halt: (app) => app.get("/go", (ctx) => ctx.halt(ctx.session("n", 1))),
    "halt in a hook": (app) => {
      app.hook("before", (ctx) => {
        if (ctx.request.path === "/go") ctx.halt(ctx.session("n", 1));
      });
      app.get("/go", () => "not reached");
    },
    pass: (app) => {
      app.get("/g*", (ctx) => {
        ctx.session("n", 1);
        ctx.pass();
      });
      app.get("/go", () => "passed");
    },
    forward: (app) => {
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        ctx.forward("/on");
      });
      app.get("/on", () => "forwarded");
    },
    sendFile: (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        ctx.sendFile("page.txt");
      }),
    "sendFile of data": (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        ctx.sendFile("data", { data: true });
      }),
    sendError: (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        ctx.sendError("no", 403);
      }),
    "a hook after": (app) => {
      app.hook("after", (ctx) => {
        if (ctx.request.path === "/go") ctx.session("n", 1);
      });
      app.get("/go", () => "ok");
    },
    "a generator": (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        return (async function* () {
          await Promise.resolve();
          yield "a";
        })();
      }),
    "a stream": (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        return Readable.from(["a", "b"]);
      }),
    "a Web response": (app) =>
      app.get("/go", (ctx) => {
        ctx.session("n", 1);
        return new Response("web", { headers: { "set-cookie": "mine=1" } });
      }),
  };

  it.each(Object.keys(ways))("SEC-209 keeps a change when the handler ends by %s", async (way) => {
    const appdir = tempFolder({ "public/page.txt": "page" });
    const app = createApp(
      { session },
      (made) => {
        define(made);
        ways[way]!(made);
      },
      { appdir },
    );
    const served = await serve(app);
    for (const client of [visit(app), served.client]) {
      const reply = await client.get("/go");
      expect(reply.setCookies.filter((text) => text.startsWith(cookieName))).toHaveLength(1);
      expect((await client.get("/n")).text).toBe("1");
    }
    await served.stop();
  });

  it("SEC-209 keeps a change that was made for HEAD", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    expect((await client.head("/set/1")).setCookies).toHaveLength(1);
    expect((await client.get("/n")).text).toBe("1");
  });

  it.each(["throw", "reject", "throw later"])(
    "SEC-209 drops changes, but not destroy and regenerate, when the handler ends by %s",
    async (how) => {
      const fail = async (): Promise<never> => {
        if (how === "throw later") await new Promise((resolve) => setImmediate(resolve));
        throw new Error("boom");
      };
      const end = (): Promise<never> => {
        if (how === "throw") throw new Error("boom");
        return fail();
      };
      const app = createApp({ session }, (made) => {
        define(made);
        made.get("/write", (ctx) => {
          ctx.session("n", 2);
          return end();
        });
        made.get("/destroy", (ctx) => {
          ctx.session().destroy();
          ctx.session("n", 2);
          return end();
        });
        made.get("/login", (ctx) => {
          ctx.session().regenerate();
          ctx.session("n", 2);
          return end();
        });
        made.get("/keep", (ctx) => {
          ctx.session().regenerate({ keep: ["n"] });
          ctx.session("n", 2);
          return end();
        });
        made.get("/id", (ctx) => ctx.session().id);
        made.get("/keys", (ctx) => ctx.session().keys().join());
        made.get("/more", (ctx) => ctx.session("more", 1));
      });
      const client = visit(app);
      const dropped = await client.get("/write");
      expect([dropped.status, dropped.setCookies]).toEqual([500, []]);
      await client.get("/set/1");
      await client.get("/more");
      await client.get("/write");
      expect((await client.get("/n")).text).toBe("1");

      const id = (await client.get("/id")).text;
      const planted = client.jar.copy();
      expect((await client.get("/login")).status).toBe(500);
      expect((await client.get("/id")).text).not.toBe(id);
      expect((await client.get("/keys")).text).toBe("n,more");
      expect((await client.get("/n")).text).toBe("1");
      const old = visit(app);
      old.jar.replaceBy(planted);
      expect((await old.get("/n")).text).toBe(session === "cookie" ? "1" : "none");

      await client.get("/keep");
      expect((await client.get("/keys")).text).toBe("n");
      const reply = await client.get("/destroy");
      expect([reply.status, client.jar.names]).toEqual([500, []]);
      expect((await client.get("/n")).text).toBe("none");
    },
  );

  it("SEC-210 refuses a write, by name, once the headers of a stream have gone", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/stream", (ctx) => {
        ctx.session("n", 1);
        const late: Record<string, () => unknown> = {
          set: () => ctx.session("n", 2),
          delete: () => ctx.session().delete("n"),
          flash: () => ctx.session().flash("notice", "x"),
          regenerate: () => ctx.session().regenerate(),
          destroy: () => ctx.session().destroy(),
        };
        return (async function* () {
          yield "start";
          await new Promise((resolve) => setImmediate(resolve));
          for (const [name, write] of Object.entries(late)) {
            try {
              write();
              yield `\n${name} went through`;
            } catch (error) {
              yield `\n${name} ${(error as { code?: string }).code ?? String(error)}`;
            }
          }
          yield `\nread ${String(ctx.session("n"))}`;
        })();
      });
    });
    const served = await serve(app);
    for (const client of [visit(app), served.client]) {
      const lines = (await client.get("/stream")).text.split("\n");
      const refused = ["set", "delete", "flash", "regenerate", "destroy"];
      expect(lines).toEqual([
        "start",
        ...refused.map((name) => `${name} session-settled`),
        "read 1",
      ]);
      expect((await client.get("/n")).text).toBe("1");
    }
    await served.stop();
  });

  it("SEC-210 SEC-502 refuses a session that is first asked for once the headers of a stream have gone", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/late", async function* (ctx) {
        await Promise.resolve();
        try {
          ctx.session("n", 2);
          yield "went through";
        } catch (error) {
          yield (error as { code?: string }).code ?? String(error);
        }
      });
    });
    const client = visit(app);
    await client.get("/set/1");
    expect((await client.get("/late")).text).toBe("session-settled");
    expect((await client.get("/n")).text).toBe("1");
  });
});

/** The engine of this name, with a note of each call. */
function counted(
  name: (typeof engines)[number],
  options: SessionStoreOptions,
  calls: string[],
): SessionStore {
  const store = (name === "cookie" ? createCookieStore : createSimpleStore)(options);
  return new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function" || typeof key !== "string") return value;
      if (key !== "check" && key !== "close") {
        return (...args: unknown[]): unknown => {
          calls.push(key);
          return Reflect.apply(value, target, args);
        };
      }
      return value.bind(target) as unknown;
    },
  });
}

describe("an engine that has to be waited for", () => {
  const define = (made: App): void => {
    made.engine("session").register("patient", (options) => {
      const inner = createSimpleStore(options);
      return {
        waits: true,
        open: async (cookie) => inner.open(cookie, undefined),
        save: async (record, changes) => inner.save(record, changes),
        touch: async (record) => inner.touch(record),
        destroy: async (id) => inner.destroy(id),
      };
    });
    made.hook("before", ({ session, vars }) => {
      vars["user"] = session("user");
      session("paths", Number(session("paths") ?? 0) + 1);
    });
    made.get("/login", ({ session }) => session("user", "alice"));
    made.get("/paths", ({ session }) => session("paths"));
  };

  it("has opened the session for before hooks where no route matches, and keeps what they wrote", async () => {
    const client = visit(createApp({ session: "patient" }, define));
    await client.get("/login");
    const unknown = [await client.get("/nowhere"), await client.post("/paths")];
    expect(unknown.map(({ status }) => status)).toEqual([404, 405]);
    expect((await client.get("/paths")).text).toBe("4");
  });
});
