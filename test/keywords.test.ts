import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { KeywordError } from "../src/errors.ts";
import * as quickstep from "../src/index.ts";
import { createApp, tempFolder, visit } from "./support/app.ts";
import { childEnv, projectDir } from "./support/run-app.ts";

type Word = (...args: never[]) => unknown;

/** Each ambient word: how to call it during a request, and what then is the answer's text. */
const requestWords: Record<string, [call: () => unknown, expected: unknown]> = {
  captures: [() => quickstep.captures(), {}],
  contentType: [() => (quickstep.contentType("json"), quickstep.contentType()), "application/json"],
  cookie: [() => quickstep.cookie("c"), "crumb"],
  cookies: [() => quickstep.cookies()["c"], "crumb"],
  forward: [() => quickstep.forward("/target"), "forwarded"],
  halt: [() => quickstep.halt("halted"), "halted"],
  header: [() => (quickstep.header("X-A", "b"), quickstep.response().header("x-a")), "b"],
  headers: [() => (quickstep.headers({ "X-A": "b" }), quickstep.response().header("x-a")), "b"],
  layout: [() => (quickstep.layout("wide"), quickstep.template("v")), "wide(view)"],
  param: [() => quickstep.param("q"), "query"],
  paramArray: [() => quickstep.paramArray("q"), ["query"]],
  params: [() => ({ ...quickstep.params("query") }), { q: "query" }],
  pass: [() => quickstep.pass(), "passed to"],
  pushHeader: [
    () => (quickstep.pushHeader("X-A", 1, 2), quickstep.response().headerValues("x-a")),
    ["1", "2"],
  ],
  redirect: [
    () => (quickstep.redirect("/x"), quickstep.response().header("location")),
    "https://app.test/x",
  ],
  redirectLocal: [
    () => (quickstep.redirectLocal("/x"), quickstep.response().header("location")),
    "https://app.test/x",
  ],
  renderWithLayout: [() => quickstep.renderWithLayout("<p>x</p>"), "<p>x</p>"],
  request: [() => quickstep.request().path, null],
  response: [() => quickstep.response().status, "200"],
  sendError: [
    () => quickstep.sendError("shown nowhere", 418),
    expect.stringContaining("Error 418"),
  ],
  sendFile: [() => quickstep.sendFile(Buffer.from("file")), "file"],
  session: [() => (quickstep.session("k", "kept"), quickstep.session("k")), "kept"],
  splat: [() => quickstep.splat(), []],
  status: [() => quickstep.status(202), "202"],
  template: [() => quickstep.template("v"), "view"],
  upload: [() => String(quickstep.upload("f")), "undefined"],
  uploads: [() => quickstep.uploads("f"), []],
  uriFor: [() => quickstep.uriFor("/a", { b: 1 }), "https://app.test/a?b=1"],
  var: [() => (quickstep.var("k", "v"), quickstep.var("k")), "v"],
  vars: [() => (quickstep.var("k", "v"), quickstep.vars()), { k: "v" }],
};

/** Words that need no request: they act on the default app, or log. */
const elsewhere = [
  ..."any config dance del engine get hook load loadApp mime options patch post prefix put set setting start use".split(
    " ",
  ),
  ..."debug error info warning".split(" "),
];
const notWords = ["app", "raw"];

describe("the keyword table", () => {
  it("is the whole of what quickstep exports", () => {
    const words = Object.entries(quickstep)
      .filter(([name, value]) => typeof value === "function" && !/^[A-Z]/.test(name))
      .map(([name]) => name);
    expect(words.sort()).toEqual(
      [
        ...Object.keys(requestWords),
        ...elsewhere,
        ...notWords.filter((name) => name !== "app"),
      ].sort(),
    );
  });

  it.each(Object.keys(requestWords))(
    "%s() outside a request is an error that names the word",
    (name) => {
      const word = (quickstep as unknown as Record<string, Word>)[name]!;
      expect(() => word()).toThrow(KeywordError);
      expect(() => word()).toThrow(
        expect.objectContaining({
          code: "keyword-outside-request",
          message: `${name}() was called outside a request; use it in a handler or hook, or take it from the context they are handed`,
        }),
      );
    },
  );

  it.each(Object.entries(requestWords))(
    "%s() finds the request being served",
    async (name, [call, expected]) => {
      const appdir = tempFolder({
        "views/v.tt": "view",
        "views/layouts/wide.tt": "wide(<% content %>)",
      });
      const app = createApp(
        { session: "simple", template: "simple" },
        (it) => {
          it.get("/here", () => call());
          it.get("/later", async () => {
            await new Promise((resolve) => setTimeout(resolve, 1));
            return call();
          });
          it.get("/target", () => "forwarded");
          it.get("/*", () => "passed to");
        },
        { appdir },
      );
      for (const path of ["/here", "/later"]) {
        const reply = await visit(app).get(`${path}?q=query`, { headers: { cookie: "c=crumb" } });
        const wanted = name === "request" ? path : expected;
        const isData =
          typeof wanted === "object" && wanted !== null && !("asymmetricMatch" in wanted);
        expect(isData ? reply.json : reply.text).toEqual(wanted);
      }
      expect(() => (quickstep as unknown as Record<string, Word>)[name]!()).toThrow(KeywordError);
    },
  );

  it("SEC-609 keeps 1,000 overlapping requests apart through awaits, timers and bodies", async () => {
    const { param, request, session, vars, status } = quickstep;
    const app = createApp({ session: "cookie" }, (it) => {
      it.hook("before", async () => {
        vars()["mine"] = param("n");
        session("mine", param("n"));
        await new Promise((resolve) => setTimeout(resolve, Number(param("wait"))));
      });
      it.any("/:n", async () => {
        const first = [param("n"), vars()["mine"], session("mine"), request().path, param("body")];
        await new Promise((resolve) => setImmediate(resolve));
        await Promise.resolve();
        status(200 + (Number(param("n")) % 5) * 0 + (Number(param("n")) % 2));
        await new Promise((resolve) => setTimeout(resolve, Number(param("wait")) % 3));
        return [
          first,
          [param("n"), vars()["mine"], session("mine"), request().path, param("body")],
        ];
      });
    });
    const replies = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const path = `/${n}?wait=${(n * 37) % 17}`;
        const reply = await (n % 3 === 0
          ? visit(app).post(path, { form: { body: `b${n}` } })
          : visit(app).get(path));
        return [reply.status, reply.json];
      }),
    );
    const expected = Array.from({ length: 1000 }, (_, n) => {
      const mine = [`${n}`, `${n}`, `${n}`, `/${n}`, n % 3 === 0 ? `b${n}` : null];
      return [200 + (n % 2), [mine, mine]];
    });
    expect(replies).toEqual(expected);
  });

  it("log words carry the request's id during one, and work outside", async () => {
    const { info } = quickstep;
    const app = createApp({ session: null, log: "debug" }, (it) =>
      it.get("/", ({ debug, info: own, warning, error, request }) => {
        debug("a", { b: 1 });
        own("i");
        warning(new Error("w"));
        error("e");
        return request.id;
      }),
    );
    const { logOf } = await import("./support/app.ts");
    const { text } = await visit(app).get("/");
    const lines = logOf(app).entries.map(({ level, message, requestId }) => [
      level,
      message,
      requestId,
    ]);
    expect(lines).toEqual([
      ["debug", "a{ b: 1 }", text],
      ["info", "i", text],
      ["warning", "w", text],
      ["error", "e", text],
    ]);
    expect(() => info("outside")).not.toThrow();
  });
});

describe("SessionData and Settings", () => {
  it("are extended through the module's name, in a program of its own", async () => {
    const folder = tempFolder({
      "package.json": '{"type":"module"}',
      "tsconfig.json": JSON.stringify({
        extends: join(projectDir, "tsconfig.json"),
        compilerOptions: {
          paths: { quickstep: [join(projectDir, "src/index.ts")] },
          typeRoots: [join(projectDir, "node_modules/@types")],
          noUnusedLocals: false,
        },
        include: ["app.ts"],
      }),
      "app.ts": `
import { App, config, session, set, setting } from "quickstep";

declare module "quickstep" {
  interface SessionData { user: { name: string }; visits: number }
  interface Settings { readonly page_size: number }
}

export const name: string | undefined = session("user")?.name;
export const visits: number = session("visits", 1);
session().set("visits", 2);
const size: number = config().page_size;
const also: number = setting("page_size");
set("page_size", size + also);
new App().get("/", ({ session, settings }) => (session("visits") ?? 0) + settings.page_size);

// @ts-expect-error -- an unknown key
session("vists");
// @ts-expect-error -- a wrong value
session("visits", "two");
// @ts-expect-error -- a wrong value
session().set("user", { nme: "ann" });
// @ts-expect-error -- a wrong type
export const wrong: string | undefined = session("visits");
// @ts-expect-error -- a wrong value
set("page_size", "ten");
new App().get("/", ({ session, settings }) => {
  // @ts-expect-error -- an unknown key
  session("vists");
  // @ts-expect-error -- an unknown setting
  return settings.pge_size;
});
`,
    });
    const tsc = join(projectDir, "node_modules/typescript/bin/tsc");
    const options = { cwd: folder, env: childEnv() };
    await promisify(execFile)(process.execPath, [tsc, "--noEmit", "-p", folder], options).catch(
      (error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      },
    );
  });
});
