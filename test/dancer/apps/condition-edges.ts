/** Our own suite "condition-edges": conditions on each attribute, with each kind of route and method. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("show_errors", false);
  app.hook("before", ({ header, route }) => {
    const { pattern = "none" } = route ?? {};
    header("X-Route", /^\/(?:pre(?:\/|$)|\\)/.test(pattern) ? "other" : pattern);
  });

  app.get("/m", { method: /^(GET|HEAD)$/ }, ({ request }) => `m ${request.method}`);
  app.any("/am", { method: /^P/ }, ({ request }) => `P ${request.method}`);
  app.any("/am", ({ request }) => `any ${request.method}`);
  app.any(["put", "delete"], "/pd", { referer: /shop/ }, ({ request }) => `shop ${request.method}`);
  app.any(["put", "delete"], "/pd", ({ request }) => `pd ${request.method}`);
  app.get("/enc", { accept_encoding: /gzip/ }, () => "gzip");
  app.get("/enc", { accept_charset: /utf/i }, () => "charset");
  app.get("/enc", () => "none");
  app.get("/ka", { keep_alive: /\d/ }, () => "ka");
  app.get("/ka", { ajax: "1" }, () => "xrw");
  app.get("/ka", () => "neither");
  app.get("/acc", { accept: /application\/json/ }, () => "json");
  app.get("/acc", { accept: /text\/html/ }, () => "html");
  app.get("/acc", () => "any");
  app.get("/tok/:id", { path: /\/\d+$/ }, ({ params }) => `number ${params.id}`);
  app.get("/tok/:id", { agent: /bot/ }, ({ params }) => `bot ${params.id}`);
  app.get("/tok/:id", ({ params }) => `text ${params.id}`);
  app.get("/spl/*", { agent: "bot" }, ({ splat }) => `bot ${splat.join("|")}`);
  app.get(
    "/spl/**",
    ({ splat }) =>
      `all ${splat.map((part) => (typeof part === "object" ? `[${part.join(" ")}]` : part)).join("|")}`,
  );
  app.get(/\/rx\/(\w+)/, { agent: /^a/i }, ({ splat }) => `rx ${splat.join("|")}`);
  app.get("/rx/:w", ({ params }) => `tok ${params.w}`);
  app.get("/pass", { agent: /p/ }, ({ pass }) => pass());
  app.get("/pass", { agent: /q/ }, () => "q");
  app.get("/pass", () => "last");
  app.post("/ct", { content_type: "json" }, () => "json");
  app.post("/ct", { content_type: /^text/, content_length: /^\d$/ }, () => "short text");
  app.post("/ct", () => "other");
  app.put("/ct", { content_type: /xml/ }, () => "put xml");
  app.del("/d", { referer: /x/ }, () => "del");
  app.patch("/d", { user_agent: /x/ }, () => "patch");
  app.options("/d", { agent: /x/ }, () => "options");
  app.prefix("/pre", () => {
    app.get("/a", { agent: /a/ }, () => "pre agent");
    app.get("/a", () => "pre a");
    app.get("/", { agent: /a/ }, () => "pre root agent");
  });
  app.get("/forw", { agent: /f/ }, ({ forward }) => forward("/acc"));
  app.get("/forw2", ({ forward }) => forward("/tok/9"));
  app.get("/fwdm", ({ forward }) => forward("/am", {}, { method: "POST" }));
  app.get("/empty", { agent: /^$/ }, () => "empty agent");
  app.get("/empty", () => "agent");
  app.get("/ua", { agent: /(\w+)\/(\d+)/ }, ({ request, param }) =>
    [request.userAgent, param("x") ?? "no x"].join(","),
  );
  app.get("/order", () => "first plain");
  app.get("/order", { agent: /./ }, () => "first with");
  app.get("/order", { agent: /z/ }, () => "second with");
  app.get("/prefer/:x", () => "token");
  app.get("/prefer/y", { agent: /./ }, () => "literal with");
  app.get("/fo", { is_forward: "1" }, () => "forwarded");
  app.get("/fo", () => "asked");
  app.get("/to-fo", ({ forward }) => forward("/fo"));
  app.get("/pi", { path_info: /pi/ }, () => "pi");
}
