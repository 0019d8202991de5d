/** Our own suite "ajax-edges": the ajax plugin with every kind of route and answer. */
import { ajaxPlugin } from "../../../src/ajax.ts";
import type { App } from "../../../src/app.ts";
import { toJson } from "../../../src/serializers.ts";
import { pairs } from "../support/show.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  const { ajax } = ajaxPlugin(app);
  app.set("show_errors", false);
  app.set("layout", "main");
  app.set("engines", { json: { pretty: false } });
  if (env["QS_SER"] !== undefined) app.set("serializer", env["QS_SER"].toLowerCase());
  app.hook("before", ({ header, request, halt }) => {
    header("X-Ajax", request.isAjax ? 1 : 0);
    if (request.path === "/stopped") halt(`no ${request.isAjax ? "ajax" : "page"}`);
  });
  app.hook("after", ({ header, contentType }) =>
    header("X-After", (contentType() ?? "none").replace(/;.*/, "")),
  );

  ajax("/one", () => "<one/>");
  app.get("/one", () => "page one");
  app.post("/one", () => "post one");
  app.any("/two", () => "any two");
  ajax("/two", () => "ajax two");
  app.prefix("/p", () => {
    ajax("/in", () => "in prefix");
    ajax("/", () => "root of prefix");
    app.get("/in", () => "page in prefix");
  });
  ajax("/opt/:a?", ({ params }) => `opt ${params.a ?? "none"}`);
  ajax("/spl/*/**", ({ splat: [a, b] }) => `spl ${String(a)} [${[b].flat().join(" ")}]`);
  ajax(/\/rx\/(?<n>\d+)/, ({ captures }) => `rx ${captures["n"] ?? ""}`);
  ajax("/pass/:x", ({ params, pass }) => (params.x === "on" ? pass() : "ajax stays"));
  app.get("/pass/*", ({ splat }) => `passed ${splat.join("")}`);
  ajax("/view", ({ template }) => template("v", { n: "a" }));
  app.get("/view", ({ template }) => template("v", { n: "p" }));
  ajax("/viewl", ({ template }) => template("v", { n: "l" }, { layout: "main" }));
  ajax("/json", ({ contentType }) => {
    contentType("json");
    return toJson({ a: 1 }, { pretty: false });
  });
  ajax("/data", () => ({ a: 1 }));
  app.get("/gdata", () => ({ b: 2 }));
  ajax("/status", ({ status }) => {
    status("accepted");
    return "ok";
  });
  ajax("/error", ({ sendError }) => sendError("no", 422));
  ajax("/redirect", ({ redirect }) => redirect("/one"));
  ajax("/forward", ({ forward }) => forward("/one"));
  app.get("/gforward", ({ forward }) => forward("/one"));
  ajax("/file", ({ sendFile }) => sendFile("f.txt"));
  app.get("/gfile", ({ sendFile }) => sendFile("f.txt"));
  ajax("/cookie", ({ cookie }) => {
    cookie("c", 1);
    return "c";
  });
  ajax("/params", ({ allParams }) => pairs(allParams()));
  ajax("/utf", () => "ü€");
  ajax("/empty", () => "");
  ajax("/undef", () => undefined);
  ajax("/head", ({ header }) => {
    header("Content-Type", "text/own");
    return "own";
  });
  ajax("/var", (ctx) => `var ${String(ctx.var("x", 1))}`);
  app.get("/ghalt", ({ halt }) => halt("halted"));
  app.get("/gstatus", ({ status }) => {
    status(404);
    return "nf";
  });
  app.get("/gtype", ({ contentType }) => {
    contentType("css");
    return "a{}";
  });
  app.get("/gerror", ({ sendError }) => sendError("x", 400));
  app.get("/gdie", () => {
    throw new Error("x");
  });
  app.get("/stopped", () => "never");
  app.get("/gredirect", ({ redirect }) => redirect("/one"));
  app.get("/is", ({ request }) => (request.isAjax ? "yes" : "no"));
  app.get("/only-get", () => "get");
}
