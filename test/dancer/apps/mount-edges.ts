/** Our own suite "mount-edges": every word below a path of another server. */
import type { App } from "../../../src/app.ts";
import { pairs } from "../support/show.ts";

export const mount = "/app";

export default function define(app: App): void {
  app.set("show_errors", false);
  app.set("auto_page", true);
  app.set("layout", "main");
  app.set("session", "simple");
  app.hook("before", (ctx) => {
    const { pathInfo } = ctx.request;
    ctx.var("seen", pathInfo);
    if (pathInfo === "/secret") ctx.redirect("/login");
    if (pathInfo === "/rewrite") ctx.request.pathInfo = "/rewritten";
    if (pathInfo === "/halted") ctx.halt(`halted at ${pathInfo}`);
  });
  app.hook("after", ({ header, vars }) => header("X-Seen", String(vars["seen"] ?? "")));

  app.get("/", () => "root");
  app.get("/info", ({ request: { scriptName, pathInfo, uri, base, uriBase } }) =>
    [
      `script_name=${scriptName}`,
      `path_info=${pathInfo}`,
      `uri=${uri}`,
      `request_uri=${uri}`,
      `base=${base}`,
      `uri_base=${uriBase}`,
    ].join(" "),
  );
  app.get("/tok/:id", ({ params }) => `tok ${params.id}`);
  app.get("/spl/**", ({ splat }) => `spl ${[splat[0]].flat().join("|")}`);
  app.get(/\/rx\/(\d+)/, ({ splat }) => `rx ${String(splat[0])}`);
  app.get("/app", () => "inner app");
  app.get("/app/deep", () => "inner app deep");
  app.get("/rel", ({ redirect }) => redirect("info"));
  app.get("/up", ({ redirect }) => redirect("../x"));
  app.get("/ext", ({ redirect }) => redirect("http://other.test/y"));
  app.get("/301", ({ redirect }) => redirect("/info", 301));
  app.get("/rq", ({ redirect }) => redirect("/info?a=1&b=2#c"));
  app.get("/empty", ({ redirect }) => redirect(""));
  app.get("/slash", ({ redirect }) => redirect("/"));
  app.get("/urifor", ({ uriFor }) =>
    [uriFor("/a"), uriFor("a"), uriFor(""), uriFor("/"), uriFor("/a", { x: "y z" })].join(" "),
  );
  app.get("/requri", ({ uriFor }) => uriFor("/p"));
  app.get("/fwd", ({ forward }) => forward("/info"));
  app.get("/fwdq", ({ forward }) => forward("/tok/7", { a: "1" }));
  app.get("/fwdp", ({ forward }) => forward("/login", { a: "1" }, { method: "POST" }));
  app.get("/fwdf", ({ forward }) => forward("/s.txt"));
  app.get("/login", () => "login form");
  app.post("/login", ({ param }) => `logged in ${param("a") ?? "nobody"}`);
  app.post("/form", ({ redirect }) => redirect("/done"));
  app.get("/secret", () => "secret");
  app.get("/rewritten", () => "rewritten");
  app.get("/halted", () => "never");
  app.get("/set/:v", ({ session, params }) => {
    session("v", params.v);
    return "set";
  });
  app.get("/get", ({ session }) => String(session("v") ?? "none"));
  app.get("/cookie", ({ cookie }) => {
    cookie("c", "v", { path: "/app/sub" });
    return "c";
  });
  app.get("/view", ({ template }) => template("v", { n: 1 }));
  app.get("/std", ({ template }) => template("std"));
  app.get("/send", ({ sendFile }) => sendFile("s.txt"));
  app.get("/error", ({ sendError }) => sendError("x", 403));
  app.get("/die", () => {
    throw new Error("x");
  });
  app.get("/pass", ({ pass }) => pass());
  app.get("/q", ({ allParams }) => pairs(allParams()));
  app.prefix("/pre", () => {
    app.get("/", () => "pre root");
    app.get("/in", ({ redirect }) => redirect("/pre/out"));
    app.get("/out", ({ request }) => `out ${request.pathInfo}`);
  });
  app.any(["put", "patch"], "/m", ({ request }) => `${request.method} ${request.pathInfo}`);
  app.get("/uml/:x", ({ params }) => params.x);
}
