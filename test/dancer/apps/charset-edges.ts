/** Our own suite "charset-edges": none, UTF-8 and ISO-8859-1, in bodies, parameters, views, files and errors. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  if (env["QS_CHARSET"] !== undefined) app.set("charset", env["QS_CHARSET"]);
  app.set("show_errors", false);
  const says = (path: string, text: unknown, type?: string): void =>
    app.get(path, ({ contentType }) => {
      if (type !== undefined) contentType(type);
      return text;
    });

  says("/text", "ä");
  says("/euro", "€");
  says("/ascii", "plain");
  says("/empty", "");
  app.get("/q", ({ param }) => measured(param("a")));
  app.post("/b", ({ param }) => measured(param("a")));
  app.get("/p/:a", ({ param }) => measured(param("a")));
  app.get("/s/*", ({ splat }) => measured(splat[0]));
  app.get("/raw", ({ request }) => request.path.length);
  app.post("/body", ({ request }) => request.bytes.length);
  app.get("/view", ({ template }) => template("v", { x: "ä" }));
  app.get("/viewq", ({ template, param }) => template("v", { x: param("a") }));
  says("/xml", "<ä/>", "text/xml");
  says("/png", "bytes", "image/png");
  says("/css", "ä", "css");
  says("/upper", "x", "text/plain; charset=UTF-8");
  app.get("/halt", ({ halt }) => halt("ä"));
  app.get("/error", ({ sendError }) => sendError("ä", 400));
  app.get("/die", () => {
    throw new Error("ä");
  });
  app.get("/redirect", ({ redirect }) => redirect("/ok"));
  app.get("/status", ({ status }) => {
    status(404);
    return "ä";
  });
  app.get("/file", ({ sendFile }) => sendFile("f.txt"));
  app.get("/data", ({ sendFile }) => sendFile("data", { data: true, contentType: "text/plain" }));
  app.get("/fwd", ({ forward }) => forward("/text"));
  app.get("/var", (ctx: Context) => measured(ctx.var("a", ctx.param("a"))));
  says("/len", "äöü".length);
  says("/num", 1.5);
  says("/nl", "a\r\nb\n");
  says("/bom", "\ufeffx");
  says("/astral", "\u{1f600}");
}

function measured(value: unknown): string {
  return typeof value === "string" ? `${value.length}:${value}` : "undef";
}
