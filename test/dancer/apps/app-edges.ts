/** Our own suite "app-edges": loaded apps, the ajax plugin and route conditions. */
import { ajaxPlugin } from "../../../src/ajax.ts";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("layout", "main");
  app.set("app", { owner: "main" });
  app.set("show_errors", false);
  const { ajax } = ajaxPlugin(app);
  const owner = (of: App): string => String(of.settings.app["owner"] ?? "undef");
  let log: string[] = [];
  app.hook("before", () => log.push("mb"));
  app.hook("after", () => log.push("ma"));
  app.get("/log", () => {
    const names = log.join(" ");
    log = [];
    return names;
  });
  app.get("/", () => "main root");
  app.get("/x", () => "main x");
  app.get("/own", () => owner(app));
  app.get("/pass/:a", ({ pass }) => pass());
  app.get("/view", ({ template }) => template("v", { n: 1 }));
  app.any(["get", "post"], "/multi", ({ request }) => `multi ${request.method}`);
  ajax("/aj", () => "<aj/>");
  app.get("/aj", () => "no aj");
  ajax("/aj2/:n", ({ params }) => `aj2 ${params.n}`);
  ajax("/ajs", ({ status, header }) => {
    status(201);
    header("X-A", 1);
    return "<s/>";
  });
  ajax("/ajj", ({ contentType }) => {
    contentType("json");
    return "{}";
  });
  ajax("/ajv", ({ template }) => template("v", { n: 2 }));
  ajax("/ajf", ({ forward }) => forward("/aj"));
  ajax("/ajr", ({ redirect }) => redirect("/x"));
  ajax("/aje", ({ sendError }) => sendError("x", 400));
  ajax("/aju", () => "ü");
  app.get("/ag", { agent: "Fire" }, ({ request }) => `fire ${request.userAgent}`);
  app.get("/ag", { user_agent: /chrome/i }, () => "chrome");
  app.get("/ag", () => "any");
  app.get("/ln", { accept_language: "de", agent: "x" }, () => "de x");
  app.get("/ln", { accept_language: "de" }, () => "de");
  app.get("/ln", () => "other");
  app.get("/me", { method: "GET" }, () => "get only");
  app.get("/pa/:id", { path: "5" }, ({ params }) => `five ${params.id}`);

  app.loadApp((sub) => {
    sub.hook("before", () => log.push("sb"));
    sub.get("/sub", () => "sub");
    sub.get("/x", () => "sub x");
    sub.get("/own-sub", () => owner(sub));
    sub.get("/pass/*", () => "sub passed");
    sub.get("/late", () => "sub late");
  });
  app.loadApp(
    (deep) => {
      deep.hook("before", () => log.push("db"));
      deep.hook("after", () => log.push("da"));
      deep.get("/", () => "deep root");
      deep.get("/own", () => owner(deep));
      deep.get("/view", ({ template }) => template("v", { n: 3 }));
      deep.get(/\/r(\d+)/, ({ splat }) => `deep r ${splat.join()}`);
      deep.get("/f", ({ forward }) => forward("/x"));
      deep.get("/fd", ({ forward }) => forward("/deep/own"));
      deep.get("/red", ({ redirect }) => redirect("/x"));
      deep.get("/uri", ({ uriFor }) => uriFor("/y"));
      deep.get("/die", () => {
        throw new Error("x");
      });
      deep.get("/:any", ({ params }) => `deep any ${params.any}`);
      deep.prefix("/in", () => {
        deep.get("/a", () => "deep in a");
        deep.get("/", () => "deep in root");
      });
    },
    { prefix: "/deep", settings: { app: { owner: "deep" }, layout: "other" } },
  );
  app.get("/late", () => "main late");
}
