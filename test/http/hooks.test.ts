import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import { createApp, logged, visit } from "../support/app.ts";
import { appWith } from "./support.ts";

describe("hooks around a route", () => {
  const define = (app: App, marks: string[]): void => {
    app.hook("before", () => void marks.splice(0, Infinity, "before1"));
    app.hook("before", async ({ request, halt }) => {
      await Promise.resolve();
      marks.push(`before2 ${request.path}`);
      if (request.path === "/halted") halt("unused");
    });
    app.hook("before", () => void marks.push("before3"));
    app.hook("after", async ({ response }) => {
      await Promise.resolve();
      marks.push(`after1 ${response.status}`);
    });
    app.hook("after", ({ request, response, header, status }) => {
      marks.push("after2");
      header("X-Trace", marks.join(" > "));
      if (request.path === "/upper") response.content = (response.content as string).toUpperCase();
      if (request.path === "/status") status(299);
    });
    app.get("/", () => (marks.push("route"), "home"));
    app.get("/upper", () => "make me loud");
    app.get("/status", () => "changed");
    app.get("/p/:x", ({ pass }) => (marks.push("passes"), pass()));
    app.get("/p/*", () => (marks.push("passed to"), "p"));
    app.get("/fails", () => {
      throw new Error("x");
    });
    app.get("/fails-later", () => Promise.reject(new Error("x")));
    app.get("/send-error", ({ sendError }) => sendError("x", 418));
  };
  const marks: string[] = [];
  const app = appWith({ "public/note.txt": "a static note\n" }, (it) => define(it, marks));
  const around = (path: string, inside: string, status = 200): string =>
    `before1 > before2 ${path} > before3${inside} > after1 ${status} > after2`;

  it.each([
    ["GET", "/", 200, "home", around("/", " > route")],
    ["GET", "/upper", 200, "MAKE ME LOUD", around("/upper", "")],
    ["GET", "/status", 299, "changed", around("/status", "")],
    ["GET", "/p/x", 200, "p", around("/p/x", " > passes > passed to")],
    ["GET", "/halted", 200, "unused", undefined],
    ["GET", "/nowhere", 404, undefined, undefined],
    ["POST", "/", 405, undefined, undefined],
    ["GET", "/fails", 500, undefined, undefined],
    ["GET", "/fails-later", 500, undefined, undefined],
    ["GET", "/send-error", 418, undefined, around("/send-error", "", 418)],
    ["GET", "/note.txt", 200, "a static note\n", undefined],
  ])("%s %s: %i", async (method, path, status, body, trace) => {
    const reply = await visit(app).request(method, path);
    expect(reply.status).toBe(status);
    if (body !== undefined) expect(reply.text).toBe(body);
    expect(reply.header("x-trace")).toBe(trace);
  });

  it("run before a 404 and not before a static file", async () => {
    await visit(app).get("/nowhere");
    expect(marks).toEqual(["before1", "before2 /nowhere", "before3"]);
    await visit(app).get("/note.txt");
    expect(marks).toEqual(["before1", "before2 /nowhere", "before3"]);
  });

  it("that halt keep later before hooks and after hooks from running", async () => {
    await visit(app).get("/halted");
    expect(marks).toEqual(["before1", "before2 /halted"]);
  });

  it("see the parameters and settings of the route that matched", async () => {
    const guarded = createApp({ session: null, layout: null }, (it) => {
      it.hook("before", ({ params, param, settings, halt }) => {
        if (param("id") === "7") halt([params["id"], settings.layout]);
      });
      it.loadApp((child) => child.get("/:id", () => "route"), { settings: { layout: "child" } });
    });
    expect((await visit(guarded).get("/7")).json).toEqual(["7", "child"]);
    expect((await visit(guarded).get("/8")).text).toBe("route");
  });

  it("that return something change nothing", async () => {
    const returning = createApp({ session: null }, (it) => {
      it.hook("before", () => "ignored");
      it.hook("after", () => "ignored");
      it.get("/", () => "route");
    });
    expect((await visit(returning).get("/")).text).toBe("route");
  });

  it("halt in an after hook replaces the answer", async () => {
    const replacing = createApp({ session: null }, (it) => {
      it.hook("after", ({ halt }) => halt("from after"));
      it.get("/", () => "route");
      it.get("/file", ({ sendFile }) => sendFile(Buffer.from("file")));
    });
    expect((await visit(replacing).get("/")).text).toBe("from after");
    expect((await visit(replacing).get("/file")).text).toBe("from after");
  });
});

/** Anything may be thrown; the compiler and the linter are told that it is an Error. */
const thing = (value: unknown): Error => value as Error;

describe("SEC-810 a later before hook cannot undo", () => {
  const refusals: [string, (ctx: Context) => unknown, number][] = [
    ["a redirect", ({ redirect }) => redirect("/login"), 302],
    ["a redirect set by hand", (ctx) => (ctx.status(302), ctx.header("Location", "/")), 302],
    ["a response", ({ response }) => void (response.content = "no"), 200],
  ];
  const others: [string, (ctx: Context) => unknown][] = [
    ["forwarding", ({ forward }) => forward("/inner")],
    ["forwarding late", async ({ forward }) => (await Promise.resolve(), forward("/inner"))],
    ["sending a file", ({ sendFile }) => sendFile(Buffer.from("secret"))],
    ["another path", ({ request }) => void (request.pathInfo = "/inner")],
  ];
  const all = refusals.flatMap(([refusal, refuse, status]) =>
    others.map(([other, goOn]) => ({ name: `${refusal} by ${other}`, refuse, status, goOn })),
  );

  it.each(all)("$name", async ({ refuse, status, goOn }) => {
    const guard = (hook: (ctx: Context) => unknown) => (ctx: Context) =>
      ctx.request.path === "/admin" ? hook(ctx) : undefined;
    const app = appWith({}, (it) => {
      it.hook("before", guard(refuse));
      it.hook("before", guard(goOn));
      it.get("/inner", () => "secret");
      it.get("/admin", () => "secret");
    });
    const reply = await visit(app).get("/admin");
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain("secret");
  });
});

describe("SEC-810 no route runs after a before hook that", () => {
  const refusals: [string, (ctx: Context) => unknown, number][] = [
    ["halts", ({ halt }) => halt("no"), 200],
    ["halts with a status", ({ status, halt }) => (status(401), halt("no")), 401],
    ["halts with nothing", ({ halt }) => halt(), 200],
    ...[300, 301, 302, 303, 307, 308].map((code): [string, (ctx: Context) => unknown, number] => [
      `redirects with ${code}`,
      ({ redirect }) => redirect("/login", code),
      code,
    ]),
    [
      "sets status and Location by itself",
      (ctx) => (ctx.status(302), ctx.header("Location", "/")),
      302,
    ],
    ["fills the response", ({ response }) => void (response.content = "no"), 200],
    ["fills the response with nothing", ({ response }) => void (response.content = ""), 200],
    ["sends an error", ({ sendError }) => sendError("no", 403), 403],
    ["sends a file", ({ sendFile }) => sendFile(Buffer.from("no")), 200],
    ["sends a file that is missing", ({ sendFile }) => sendFile("missing.txt"), 404],
    [
      "forwards to nothing",
      ({ forward, request }) => (request.isForward ? undefined : forward("/no/where")),
      404,
    ],
    ["passes", ({ pass }) => pass(), 500],
    [
      "throws an Error",
      () => {
        throw new Error("no");
      },
      500,
    ],
    [
      "throws a string",
      () => {
        throw thing("no");
      },
      500,
    ],
    [
      "throws null",
      () => {
        throw thing(null);
      },
      500,
    ],
    [
      "throws undefined",
      () => {
        throw thing(undefined);
      },
      500,
    ],
    ["rejects with nothing", () => Promise.reject(thing(undefined)), 500],
  ];
  const all = refusals.flatMap(([name, hook, status]) => [
    { name, hook, status, template: false },
    {
      name: `${name}, later`,
      hook: async (ctx: Context) => {
        await Promise.resolve();
        return hook(ctx);
      },
      status,
      template: false,
    },
    { name: `${name}, with an error_template`, hook, status, template: true },
  ]);

  it.each(all)("$name", async ({ hook, status, template }) => {
    let ran = 0;
    const app = appWith(
      { "views/oops.tt": "oops <% code %>" },
      (it) => {
        it.hook("before", hook);
        it.any("/secret", () => ((ran += 1), "secret"));
        it.any("/*", () => ((ran += 1), "secret"));
      },
      template ? { error_template: "oops" } : {},
    );
    for (const method of ["GET", "POST"]) {
      const reply = await visit(app).request(method, "/secret");
      expect(reply.status).toBe(status);
      expect(reply.text).not.toContain("secret");
      if (template && status === 500) expect(reply.text).toBe("oops 500");
    }
    expect(ran).toBe(0);
  });

  it("redirects and is followed by a hook that changes the status", async () => {
    let ran = 0;
    const app = createApp({ session: null }, (it) => {
      it.hook("before", ({ redirect }) => redirect("/login"));
      it.hook("before", ({ status }) => void status(200));
      it.get("/", () => ((ran += 1), "secret"));
    });
    const reply = await visit(app).get("/");
    expect([ran, reply.text]).toEqual([0, ""]);
  });
});

describe("after hooks of refusals", () => {
  it.each<[string, (ctx: Context) => unknown, boolean]>([
    ["run after a redirect", ({ redirect }) => redirect("/x"), true],
    ["do not run after halt", ({ halt }) => halt("x"), false],
    ["do not run after a filled response", ({ response }) => void (response.content = "x"), false],
    ["do not run after sendError", ({ sendError }) => sendError("x"), false],
    [
      "do not run after an error",
      () => {
        throw new Error("x");
      },
      false,
    ],
  ])("%s", async (_, hook, runs) => {
    let later = 0;
    const app = createApp({ session: null }, (it) => {
      it.hook("before", hook);
      it.hook("before", () => void (later += 1));
      it.hook("after", ({ header }) => header("X-After", "ran"));
      it.get("/", () => "route");
    });
    expect((await visit(app).get("/")).header("x-after")).toBe(runs ? "ran" : undefined);
    expect(later).toBe(runs || _.includes("filled") ? 1 : 0);
  });
});

describe("template hooks", () => {
  const app = appWith(
    {
      "views/index.tt": "name=<% name %>, extra=<% extra %>",
      "views/layouts/main.tt": "[<% title %>|<% content %>]",
    },
    (it) => {
      const mark = ({ vars }: Context, text: string): void =>
        void ((vars["seen"] ??= []) as string[]).push(text);
      it.hook("before_template_render", (ctx, tokens) => {
        mark(ctx, "bt");
        tokens["extra"] = "from hook";
        if (ctx.request.path === "/title") tokens["title"] = "hooked title";
        if (ctx.request.path === "/halt") ctx.halt("halted in template hook");
        if (ctx.request.path === "/redirect") ctx.redirect("/away");
      });
      it.hook("after_template_render", (ctx, text) => (mark(ctx, "at"), `${text}!`));
      it.hook("before_layout_render", async (ctx, tokens) => {
        await Promise.resolve();
        mark(ctx, "bl");
        tokens["title"] ??= "default title";
        if (ctx.request.path === "/content")
          tokens["content"] = String(tokens["content"]).replace("name", "NAME");
      });
      it.hook("after_layout_render", (ctx, text) => {
        mark(ctx, "al");
        return `${text} (${(ctx.vars["seen"] as string[]).join(" ")})`;
      });
      it.hook("after", ({ header, vars }) =>
        header("X-Seen", ((vars["seen"] ?? []) as string[]).join()),
      );
      for (const [path, name] of Object.entries({
        "/": "ann",
        "/title": "bob",
        "/content": "carl",
        "/halt": "fred",
        "/redirect": "gil",
      })) {
        it.get(path, ({ template }) => template("index", { name }));
      }
      it.get("/over", ({ template }) => template("index", { name: "dora", extra: "own" }));
      it.get("/nolayout", ({ template }) => template("index", { name: "eve" }, { layout: null }));
      it.get("/twice", async ({ template }) => {
        const a = await template("index", { name: "h" }, { layout: null });
        return `${a} / ${await template("index", { name: "i" })}`;
      });
      it.get("/none", () => "no template");
    },
    { layout: "main", template: "simple" },
  );

  it.each([
    ["/", 200, "[default title|name=ann, extra=from hook!] (bt at bl al)", "bt,at,bl,al"],
    ["/title", 200, "[hooked title|name=bob, extra=from hook!] (bt at bl al)", "bt,at,bl,al"],
    ["/content", 200, "[default title|NAME=carl, extra=from hook!] (bt at bl al)", "bt,at,bl,al"],
    ["/over", 200, "[default title|name=dora, extra=from hook!] (bt at bl al)", "bt,at,bl,al"],
    ["/nolayout", 200, "name=eve, extra=from hook!", "bt,at"],
    ["/halt", 200, "halted in template hook", undefined],
    ["/redirect", 302, "[default title|name=gil, extra=from hook!] (bt at bl al)", "bt,at,bl,al"],
    [
      "/twice",
      200,
      "name=h, extra=from hook! / [default title|name=i, extra=from hook!] (bt at bt at bl al)",
      "bt,at,bt,at,bl,al",
    ],
    ["/none", 200, "no template", ""],
  ])("at %s run in order and change what is rendered", async (path, status, body, seen) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.text, reply.header("x-seen")]).toEqual([status, body, seen]);
  });
});

describe("vars", () => {
  const app = appWith(
    { "views/v.tt": "a=<% vars.a %>;b=<% vars.b %>" },
    (it) => {
      it.hook("before", (ctx) => {
        ctx.var("from_hook", "h");
        if (ctx.request.path !== "/fresh") ctx.var("a", "before");
      });
      it.hook("after", (ctx) => ctx.header("X-Var", (ctx.var("last") ?? "none") as string));
      it.get("/set", (ctx) => (ctx.var("a", 1), ctx.var("a", 2), ctx.var("a")));
      it.get("/hook", (ctx) => ctx.var("from_hook"));
      it.get("/fresh", ({ vars }) => vars);
      it.get("/ret", (ctx) => ctx.var("x", "returned"));
      it.get("/undef", (ctx) => String(ctx.var("never")));
      it.get("/inherited", (ctx) => String(ctx.var("constructor")));
      it.get("/forget", (ctx) => (ctx.var("a", undefined), String(ctx.var("a"))));
      it.get("/ref", (ctx) => {
        const list = ctx.var("list", [1]);
        list.push(2);
        return (ctx.var("list") as number[]).join("+");
      });
      it.get("/direct", (ctx) => ((ctx.vars["d"] = 5), ctx.var("d")));
      it.get("/tmpl", (ctx) => (ctx.var("b", "route"), ctx.template("v")));
      it.get("/after", (ctx) => (ctx.var("last", "seen after"), "x"));
    },
    { template: "simple" },
  );

  it.each([
    ["/set", "2", "none"],
    ["/hook", "h", "none"],
    ["/ret", "returned", "none"],
    ["/undef", "undefined", "none"],
    ["/inherited", "undefined", "none"],
    ["/forget", "undefined", "none"],
    ["/ref", "1+2", "none"],
    ["/direct", "5", "none"],
    ["/tmpl", "a=before;b=route", "none"],
    ["/after", "x", "seen after"],
  ])("at %s are shared by hooks, routes and views of one request", async (path, body, after) => {
    const reply = await visit(app).get(path);
    expect([reply.text, reply.header("x-var")]).toEqual([body, after]);
  });

  it("leave nothing for the next request", async () => {
    const client = visit(app);
    await client.get("/set");
    expect((await client.get("/fresh")).json).toEqual({ from_hook: "h" });
    expect(logged(app, "error")).toEqual([]);
  });
});
