/** Our own suite "event-edges": what hooks of every kind hear and change, exceptions caught and not. */
import { basename } from "node:path";
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { Env } from "../support/server.ts";

class Mine extends Error {
  constructor(what: string, pattern = "mine: ") {
    super(pattern + what);
  }
}
class Sub extends Mine {
  constructor(what: string) {
    super(what, "sub: ");
  }
}

const before: Readonly<Record<string, (ctx: Context) => unknown>> = {
  "/bstatus": ({ status }) => status(203),
  "/btype": ({ contentType }) => contentType("text/plain"),
  "/bcookie": ({ cookie }) => cookie("bc", 1),
  "/bfile": ({ sendFile }) => sendFile("f.txt"),
  "/braise": () => {
    throw new Mine("hook");
  },
};

const after: Readonly<Record<string, (ctx: Context) => unknown>> = {
  "/areplace": ({ response }) => (response.content = "replaced"),
  "/astatus": ({ response }) => (response.status = 418),
  "/atype": ({ header }) => header("Content-Type", "text/x-after"),
  "/atype2": ({ contentType }) => contentType("text/x-other"),
  "/acookie": ({ cookie }) => cookie("ac", 1),
  "/aredirect": ({ redirect }) => redirect("/after"),
  "/adie": () => {
    throw new Error("after died");
  },
  "/aerror": ({ sendError }) => sendError("after error", 409),
  "/ahalt": ({ halt }) => halt("after halt"),
  "/araw": ({ response }) => (response.status = 299),
  "/akeyword": ({ header, status }) => {
    header("X-Via-Keyword", "yes");
    status(206);
  },
};

export default function define(app: App, env: Env): void {
  app.set("show_errors", env["QS_SHOW"] === "1");
  app.set("layout", "main");
  app.set("engines", { json: { pretty: false } });
  if (env["QS_TPL"] !== undefined) app.set("error_template", env["QS_TPL"]);
  if (env["QS_SER"] !== undefined) app.set("serializer", env["QS_SER"].toLowerCase());
  let log: string[] = [];
  const kind = (thrown: unknown): string =>
    thrown instanceof Mine || (typeof thrown === "object" && !(thrown instanceof Error))
      ? "obj"
      : "text";
  app.hook("before", ({ header }) => {
    log.push("b1");
    header("X-B1", 1);
  });
  app.hook("before", (ctx) => {
    log.push("b2");
    ctx.var("b2", 1);
    before[ctx.request.path]?.(ctx);
  });
  app.hook("before", ({ request, redirect, halt }) => {
    log.push("b3");
    if (request.path === "/b307") redirect("/to", 307);
    if (request.path === "/bredhalt") {
      redirect("/to");
      halt("body");
    }
  });
  app.hook("after", ({ response, header }) => {
    log.push(`a1:${response.status}`);
    header("X-A1", 1);
  });
  app.hook("after", (ctx) => {
    log.push("a2");
    const { path } = ctx.request;
    after[path]?.(ctx);
    if (path.startsWith("/append")) {
      ctx.response.content = `${String(ctx.response.content ?? "")}+`;
    }
  });
  app.hook("on_route_exception", (_ctx, thrown) => log.push(`route:${kind(thrown)}`));
  app.hook("on_handler_exception", (_ctx, thrown) => log.push(`handler:${kind(thrown)}`));
  app.hook("before_error_init", (_ctx, { status }) => log.push(`init:${status}`));
  app.hook("before_error_render", (_ctx, { status }) => log.push(`render:${status}`));
  app.hook("after_error_render", ({ request, response, header }) => {
    log.push(`rendered:${response.status}`);
    header("X-Err", "yes");
    if (request.path === "/econtent") response.content = "<p>hooked</p>";
  });
  app.hook("before_file_render", (_ctx, path) => log.push(`file:${basename(path)}`));
  app.hook("after_file_render", ({ request, header, status }) => {
    log.push("filed");
    header("Cache-Control", "max-age=60");
    if (request.path === "/g.txt") status(206);
  });
  app.hook("before_template_render", (_ctx, tokens) => {
    log.push("bt");
    tokens["by"] = "hook";
    delete tokens["gone"];
  });
  app.hook("after_template_render", ({ request }, text) => {
    log.push("at");
    const plain = text.replace(/\n$/, "");
    return request.path === "/vupper" ? plain.toUpperCase() : plain;
  });
  app.hook("before_layout_render", (_ctx, tokens) => {
    log.push("bl");
    tokens["title"] = "T";
  });
  app.hook("after_layout_render", (_ctx, text) => {
    log.push("al");
    return text.replace(/\n$/, "");
  });

  app.get("/log", () => {
    const names = log.join(" ");
    log = [];
    return names;
  });
  const plain =
    "plain bstatus btype bcookie bfile braise b307 bredhalt areplace astatus atype atype2 acookie aredirect append1 adie aerror ahalt araw akeyword to";
  for (const name of plain.split(" "))
    app.get(`/${name}`, ({ request }) => `route ${request.path}`);
  app.get("/uni", () => "ü€");
  app.get("/append2", ({ status, header }) => {
    status(201);
    header("X-Own", 1);
    return "created";
  });
  app.get("/append3", ({ redirect }) => redirect("/to"));
  app.get("/append4", ({ sendError }) => sendError("x", 404));
  app.get("/append5", ({ template }) => template("v"));
  app.get("/append6", ({ pass }) => pass());
  app.get("/append7", ({ halt }) => halt("halted"));
  app.get("/append8", ({ status }) => {
    status(204);
    return "none";
  });
  app.get("/append9", ({ forward }) => forward("/append1"));
  app.get("/econtent", ({ sendError }) => sendError("x", 400));
  const dies = (path: string, what: () => unknown): void =>
    app.get(path, () => {
      throw what();
    });
  dies("/mine", () => new Mine("a"));
  dies("/sub", () => new Sub("b"));
  dies("/diehash", () => ({ a: 1 }));
  dies("/dieobj", () => ({}));
  dies("/dieuni", () => new Error("ü€"));
  dies("/diehtml", () => new Error("<b>&"));
  app.get("/caught", () => {
    try {
      throw new Sub("c");
    } catch (caught) {
      return `caught ${(caught as Error).message}`;
    }
  });
  app.get("/tryok", () => "fine");
  app.get("/tryredir", ({ redirect }) => {
    redirect("/to");
    return "body";
  });
  app.get("/tryerr", ({ sendError }) => sendError("x", 410));
  app.get("/trypass", ({ pass }) => pass());
  app.get("/tryfwd", ({ forward }) => forward("/plain"));
  app.get("/nest", () => {
    try {
      try {
        throw new Mine("in");
      } catch {
        throw new Sub("out");
      }
    } catch (caught) {
      return (caught as Error).message;
    }
  });
  app.get("/err", ({ sendError }) => sendError("message ü", 400));
  app.get("/err2", ({ sendError }) => sendError("<i>html</i>", 500));
  app.get("/err3", ({ status, sendError }) => {
    status(404);
    return sendError("default");
  });
  app.get("/err4", ({ sendError }) => sendError("x", 600));
  app.get("/err5", ({ sendError }) => sendError("x", 401));
  app.get("/err6", ({ cookie, header, sendError }) => {
    cookie("lost", 1);
    header("X-Lost", 1);
    return sendError("x", 402);
  });
  app.get("/err404", ({ sendError }) => sendError("x", 404));
  app.get("/v", ({ template }) => template("v", { n: "N", gone: "G" }));
  app.get("/vupper", ({ template }) => template("v", { n: "n" }));
  app.get("/vnone", ({ template }) => template("missing"));
  app.get("/vnl", ({ template }) => template("v", { n: "n" }, { layout: null }));
  app.get("/file", ({ sendFile }) => sendFile("f.txt"));
  app.get("/nofile", ({ sendFile }) => sendFile("nope.txt"));
  app.get("/filehdr", ({ header, status, sendFile }) => {
    header("Cache-Control", "no-store");
    status(202);
    return sendFile("f.txt");
  });
  app.post("/p", ({ param }) => `posted ${param("a") ?? ""}`);
  app.any("/any", ({ request }) => request.method);
}
