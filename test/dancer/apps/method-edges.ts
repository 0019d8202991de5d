/** Our own suite "method-edges": any beside one, HEAD, expressions and catch-alls. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  if (env["QS_SER"] !== undefined) app.set("serializer", "json");
  app.set("show_errors", false);
  const says =
    (text: string) =>
    ({ request }: Context<unknown>): string =>
      `${text} ${request.method}`;
  const headed = (value: string, text: string) => (ctx: Context<unknown>) => {
    ctx.header("X-Head", value);
    return text;
  };
  app.hook("before", ({ header, request }) => header("X-Before", request.method));
  app.any("/any", says("any"));
  app.get("/get", says("get"));
  app.get("/first", () => "get first");
  app.any("/first", says("any second"));
  app.any("/second", says("any first"));
  app.post("/second", () => "never");
  app.any(["post", "put"], "/pp", says("pp"));
  app.any(["head"], "/head", headed("own", "head"));
  app.get("/head", headed("get", "get"));
  app.get("/head2", headed("get", "get"));
  app.any(["head"], "/head2", headed("own", "head"));
  app.options("/opt", ({ header }) => {
    header("Allow", "GET");
    return "options";
  });
  app.get("/opt", () => "get");
  app.del("/del/:id", ({ status }) => {
    status(204);
    return "";
  });
  app.patch("/pat", ({ request }) => `pat ${request.body}`);
  app.put("/put", ({ status, header, param }) => {
    status(201);
    header("Location", "/put/1");
    return `put ${param("a") ?? ""}`;
  });
  app.get("/hlen", () => "x".repeat(10));
  app.get("/hred", ({ redirect }) => redirect("/x"));
  app.get("/herr", ({ sendError }) => sendError("x", 400));
  app.get("/hhalt", ({ halt }) => halt("abc"));
  app.get("/hpass", ({ pass }) => pass());
  app.get("/hcookie", ({ cookie }) => {
    cookie("a", 1);
    return "x";
  });
  app.get("/hfwd", ({ forward }) => forward("/get"));
  app.get("/hif", ({ request }) => (request.method === "HEAD" ? "is head" : "is get"));
  app.get(/\/rx\/.+/, says("rx"));
  app.any(/\/rx\/.+/, says("any rx"));
  app.get("/**", ({ request, pass }) => {
    if (request.path.includes("nothing")) pass();
    return "catch get";
  });
  app.any("/post/**", says("catch any"));
}
