import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findSetting, settingNames } from "../../src/config/settings.ts";
import { App } from "../../src/app.ts";
import { ConfigError, EngineError, RouteError } from "../../src/errors.ts";
import { createAppWords } from "../../src/keywords.ts";
import { createApp, logged, tempFolder, visit } from "../support/app.ts";
import { appWith } from "./support.ts";

const text = async (app: App, path: string): Promise<string | number> => {
  const reply = await visit(app).get(path);
  return reply.status === 200 ? reply.text : reply.status;
};

describe("two doors, one room", () => {
  it("the words of an app are the app's", async () => {
    const app = createApp({ session: null });
    const { get, prefix, hook, set, setting, config, any } = createAppWords(app);
    hook("after", ({ header }) => header("X-Hook", "1"));
    prefix("/p", () => get("/a", ({ request }) => request.path));
    any(["put"], "/b", () => "b");
    app.get("/c", () => "c");
    set("layout", "wide");
    expect([setting("layout"), app.setting("layout"), config().layout]).toEqual([
      "wide",
      "wide",
      "wide",
    ]);
    expect(await text(app, "/p/a")).toBe("/p/a");
    expect(await text(app, "/c")).toBe("c");
    expect((await visit(app).request("PUT", "/b")).header("x-hook")).toBe("1");
  });

  it("two apps know nothing of each other", async () => {
    const one = createApp({ session: null, layout: "one" }, (it) =>
      it.get("/", ({ settings }) => settings.layout),
    );
    const two = createApp({ session: null, layout: "two" }, (it) =>
      it.get("/", ({ settings }) => settings.layout),
    );
    expect(await Promise.all([text(one, "/"), text(two, "/"), text(one, "/x")])).toEqual([
      "one",
      "two",
      404,
    ]);
  });

  it("without ambient words the context still serves", async () => {
    const app = createApp({ session: null }, (it) => it.get("/:a", ({ params }) => params.a), {
      ambient: false,
    });
    expect(await text(app, "/x")).toBe("x");
  });
});

describe("prefix", () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/here", () => "no prefix");
    it.prefix("/shop");
    it.get("/", () => "shop root");
    it.get("/cart", () => "cart");
    it.get("/item/:id", ({ params }) => `item ${params.id}`);
    it.get(/\/re\/(\d)/, ({ splat }) => `regex ${String(splat[0])}`);
    it.get("/*/splat", ({ splat }) => `splat ${String(splat[0])}`);
    it.prefix(null);
    it.get("/cart", () => "top cart");
    it.prefix("/a", () => {
      it.get("/x", () => "a x");
      it.prefix("/b", () => {
        it.get("/x", () => "a b x");
        it.get("/", () => "a b root");
      });
      it.get("/y", () => "a y");
    });
    it.get("/after", () => "after block");
    it.prefix("/slash");
    it.prefix("/");
    it.get("/reset", () => "prefix / resets");
    it.prefix("/one");
    it.prefix("/two");
    it.get("/last", () => "the last one counts");
    it.prefix(null);
    expect(() =>
      it.prefix("/boom", () => {
        throw new Error("x");
      }),
    ).toThrow("x");
    it.get("/undone", () => "undone");
  });

  it.each([
    ["/here", "no prefix"],
    ["/shop/", "shop root"],
    ["/shop", "shop root"],
    ["/shop/cart", "cart"],
    ["/shop/item/4", "item 4"],
    ["/shop/re/7", "regex 7"],
    ["/re/7", 404],
    ["/shop/x/splat", "splat x"],
    ["/cart", "top cart"],
    ["/a/b/x", "a b x"],
    ["/a/b/", "a b root"],
    ["/a/b", "a b root"],
    ["/a/x", "a x"],
    ["/a/y", "a y"],
    ["/after", "after block"],
    ["/y", 404],
    ["/a", 404],
    ["/reset", "prefix / resets"],
    ["/slash/reset", 404],
    ["/SHOP/cart", 404],
    ["/shop//cart", 404],
    ["/two/last", "the last one counts"],
    ["/one/two/last", 404],
    ["/undone", "undone"],
  ])("%s is %j", async (path, expected) => {
    expect(await text(app, path)).toBe(expected);
  });

  it("must start with a slash", () => {
    expect(() => new App().prefix("shop")).toThrow(
      expect.objectContaining({
        code: "route-prefix-invalid",
        message: 'the prefix "shop" must start with "/"',
      }),
    );
  });
});

describe("conditions", () => {
  it("choose among routes of one path, those with conditions first", async () => {
    const app = createApp({ session: null }, (it) => {
      it.get("/", () => "anybody");
      it.get("/", { agent: /Songbird (\d)/, host: "^shop" }, () => "bird");
      it.get("/", { agent: "Songbird" }, () => "any bird");
      it.get("/only", { x_token: "^t$" }, () => "token");
      it.post("/only", { contentType: "^application/json" }, () => "json");
    });
    const ask = async (path: string, headers: Record<string, string>) =>
      (await visit(app).get(path, { headers })).text.slice(0, 10);
    expect(await ask("/", {})).toBe("anybody");
    expect(await ask("/", { "user-agent": "Songbird 1", host: "shop.test" })).toBe("bird");
    expect(await ask("/", { "user-agent": "Songbird 1", host: "x.test" })).toBe("any bird");
    expect(await ask("/only", { "x-token": "t" })).toBe("token");
    expect((await visit(app).get("/only")).status).toBe(404);
    const headers = { "content-type": "application/json" };
    expect((await visit(app).post("/only", { headers, body: "{}" })).text).toBe("json");
  });
});

describe("loadApp", () => {
  it("takes in routes under a prefix, hooks for all, settings for its own", async () => {
    const app = createApp({ session: null, layout: "outer" }, (it) => {
      it.get("/shop/first", () => "outer first");
      it.loadApp(
        (shop) => {
          shop.hook("after", ({ header }) => header("X-Shop", "1"));
          shop.get(
            "/",
            ({ settings }) => `shop ${String(settings.layout)} ${String(shop.setting("layout"))}`,
          );
          shop.get("/first", () => "inner first");
          shop.prefix("/deep", () => shop.get("/x", () => "deep x"));
          shop.set("charset", "latin1");
          shop.get("/charset", ({ settings }) => settings.charset);
        },
        { prefix: "/shop", settings: { layout: "inner" } },
      );
      it.loadApp((plain) =>
        plain.get("/plain", ({ settings }) => `plain ${String(settings.layout)}`),
      );
      it.get("/outer", ({ settings }) => `outer ${String(settings.layout)} ${settings.charset}`);
    });
    expect(await text(app, "/shop")).toBe("shop inner inner");
    expect(await text(app, "/shop/first")).toBe("outer first");
    expect(await text(app, "/shop/deep/x")).toBe("deep x");
    expect(await text(app, "/shop/charset")).toBe("latin1");
    expect(await text(app, "/plain")).toBe("plain outer");
    expect(await text(app, "/outer")).toBe("outer outer utf-8");
    expect((await visit(app).get("/outer")).header("x-shop")).toBe("1");
  });

  it("renders with the layout of its own settings", async () => {
    const files = {
      "views/v.tt": "v",
      "views/layouts/a.tt": "a(<% content %>)",
      "views/layouts/b.tt": "b(<% content %>)",
    };
    const app = appWith(
      files,
      (it) => {
        it.get("/", ({ template }) => template("v"));
        it.loadApp((child) => child.get("/child", ({ template }) => template("v")), {
          settings: { layout: "b" },
        });
      },
      { layout: "a", template: "simple" },
    );
    expect([await text(app, "/"), await text(app, "/child")]).toEqual(["a(v)", "b(v)"]);
  });
});

describe("the settings given to loadApp", () => {
  it.each<[Record<string, unknown>, string]>([
    [{ layot: "inner" }, 'loadApp("/shop"): unknown setting "layot" (did you mean "layout"?)'],
    [{ layout: 5 }, 'loadApp("/shop"): "layout" must be text (put it in quotes), or null, got 5'],
  ])("are checked as set() checks them: %j", (settings, message) => {
    const app = createApp({ session: null });
    const load = (): void => app.loadApp(() => undefined, { prefix: "/shop", settings });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(message);
  });

  it("are in force as the table reads them, and so is what the loaded app sets", () => {
    const app = createApp({ session: null });
    const settings = { max_body_size: "1 kB" };
    app.loadApp(
      (child) => {
        expect(child.setting("max_body_size")).toBe(1024);
        expect(() => child.set("layot" as never, "x" as never)).toThrow('did you mean "layout"?');
        expect(() => child.set("log", "loud" as never)).toThrow(ConfigError);
      },
      { settings },
    );
  });
});

describe("load", () => {
  it("runs modules of the app's folder in order", async () => {
    const appdir = tempFolder({ "package.json": '{"type":"module"}' });
    const name = `loaded_${process.pid}`;
    for (const file of ["one", "two"]) {
      writeFileSync(join(appdir, `${file}.js`), `(globalThis.${name} ??= []).push("${file}");`);
    }
    const app = createApp({ session: null }, () => undefined, { appdir });
    await app.load("two.js", join(appdir, "one.js"));
    expect((globalThis as Record<string, unknown>)[name]).toEqual(["two", "one"]);
    await expect(app.load("three.js")).rejects.toThrow("three.js");
  });
});

describe("bad input is met with clear errors:", () => {
  const started = async (): Promise<App> => {
    const app = createApp({ session: null });
    await app.start();
    return app;
  };

  it.each<[string, (app: App) => void, string]>([
    [
      "a route",
      (app) => app.get("/late/:x", () => "x"),
      "the route GET /late/:x comes too late, the app is serving; declare all routes before the first request",
    ],
    [
      "a route of any method",
      (app) => app.any(["put"], /late/, () => "x"),
      "the route PUT /late/ comes too late, the app is serving; declare all routes before the first request",
    ],
    [
      "a hook",
      (app) => app.hook("before", () => "x"),
      'the hook "before" was added while the app serves; add hooks before dance()',
    ],
    [
      "an app",
      (app) => app.loadApp((child) => child.get("/late", () => "x"), { prefix: "/shop" }),
      'loadApp("/shop") comes too late, the app is serving; load apps before dance()',
    ],
  ])("%s added while the app serves", async (_, add, message) => {
    const app = await started();
    expect(() => add(app)).toThrow(expect.objectContaining({ code: "route-too-late", message }));
    expect(() => add(app)).toThrow(RouteError);
  });

  it("a route added by an app that was loaded, while serving", async () => {
    const loaded: App[] = [];
    const app = createApp({ session: null }, (it) => {
      it.loadApp((child) => void loaded.push(child));
    });
    await app.start();
    const [late] = loaded;
    const tooLate = expect.objectContaining({ code: "route-too-late" }) as Error;
    expect(() => late!.get("/x", () => "x")).toThrow(tooLate);
    expect(() => late!.loadApp(() => undefined)).toThrow(tooLate);
  });

  it("a setting that is read at start, whichever it is", async () => {
    const app = await started();
    const fixed = settingNames.filter((name) => findSetting(name)?.read === "start");
    expect(fixed).toEqual(expect.arrayContaining(["session", "views", "port", "max_body_size"]));
    for (const name of fixed) {
      expect(() => app.set(name as never, app.setting(name) as never)).toThrow(
        expect.objectContaining({ code: "setting-fixed" }),
      );
    }
    expect(app.set("layout", "other")).toBe("other");
    expect(() => app.set("layot" as never, "x" as never)).toThrow(
      expect.objectContaining({
        code: "setting-unknown",
        message: expect.stringContaining('"layout"') as string,
      }),
    );
    expect(() => app.set("log", "loud" as never)).toThrow(ConfigError);
  });

  it.each<[string, (app: App) => void, string]>([
    ["a path without a slash", (app) => app.get("hello", () => "x"), "hello"],
    ["a token without a name", (app) => app.get("/a/:", () => "x"), "/a/:"],
    ["no handler", (app) => app.get("/x", undefined as never), "/x"],
    ["a condition that is no expression", (app) => app.get("/x", { agent: "(" }, () => "x"), '"("'],
    [
      "an unknown hook",
      (app) => app.hook("befor" as never, (() => "x") as never),
      'unknown hook "befor"; did you mean "before"?',
    ],
  ])("%s", (_, declare, part) => {
    const app = createApp({ session: null });
    expect(() => declare(app)).toThrow(RouteError);
    expect(() => declare(app)).toThrow(part);
  });

  it.each([
    ["session", "coookie", "cookie", "cookie, postgres, redis, simple, yaml"],
    ["template", "etta", "eta", "eta, simple"],
    ["serializer", "jsn", "json", "json, jsonp, mutable, xml, yaml"],
    ["logger", "captur", "capture", "capture, console, file, json, null"],
  ])(
    "an unknown %s engine names the known ones and the nearest",
    async (kind, name, nearest, known) => {
      const app = createApp({ [kind]: name });
      await expect(app.start()).rejects.toBeInstanceOf(EngineError);
      await expect(app.start()).rejects.toMatchObject({
        code: "engine-unknown",
        message: `set() in code: unknown ${kind} engine "${name}" (known: ${known}; no package quickstep-${kind}-${name} is installed); did you mean "${nearest}"?`,
      });
    },
  );

  it("a template that is not there names the nearest", async () => {
    const app = appWith(
      { "views/index.tt": "x" },
      (it) => it.get("/", ({ template }) => template("indx")),
      { template: "simple" },
    );
    expect(await text(app, "/")).toBe(500);
    expect(logged(app, "error")).toEqual([
      'request to GET / crashed: view not found: no file views/indx.tt; did you mean "index"?',
    ]);
  });

  it("a layout that is not there is a warning, as in Dancer", async () => {
    const app = appWith(
      { "views/index.tt": "x", "views/layouts/main.tt": "y" },
      (it) => it.get("/", ({ template }) => template("index")),
      { template: "simple", layout: "mian" },
    );
    expect(await text(app, "/")).toBe("x");
    expect(logged(app)).toEqual([
      'the layout "mian" was not found; the page was rendered without one; did you mean "main"?',
    ]);
  });
});

it("puts a loaded app's prefix before that of an app it loads itself", async () => {
  const app = createApp({ session: null }, (main) => {
    main.loadApp((outer) => outer.loadApp((it) => it.get("/x", () => "inner"), { prefix: "/b" }), {
      prefix: "/a",
    });
  });
  expect((await visit(app).get("/a/b/x")).text).toBe("inner");
  expect((await visit(app).get("/b/x")).status).toBe(404);
});

it("answers 503 when a session engine that answers at once is out of order", async () => {
  const app = createApp({ session: "broken" }, (it) => {
    it.engine("session").register("broken", () => ({
      waits: false,
      open() {
        throw new Error("out of order");
      },
      save: () => "",
      touch: () => undefined,
      destroy: () => undefined,
    }));
    it.get("/", ({ session }) => session("a") ?? "none");
  });
  const request = new Request("http://app.test/", {
    headers: { cookie: "__Host-quickstep.session=x" },
  });
  const reply = await app.fetch(request);
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "1"]);
});
