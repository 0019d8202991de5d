/** Dancer's suite "forward": params, method, body, vars, hooks, headers set before, 404. */
import type { App } from "../../../src/app.ts";
import { pairs } from "../support/show.ts";

export default function define(app: App): void {
  let count = 0;
  app.hook("before", ({ header }) => header("X-Before", (count += 1)));
  app.hook("after", ({ pushHeader, request }) => pushHeader("X-After", request.path));

  app.any(
    "/target",
    ({ request, allParams }) =>
      `${request.method} ${request.path} {${pairs(allParams(), ["splat"])}}`,
  );
  app.get("/simple", ({ forward }) => forward("/target"));
  app.get("/with", ({ forward }) => forward("/target", { extra: "1", q: "new" }));
  app.post("/post", ({ forward }) => forward("/target", { extra: "1" }));
  app.post("/to-get", ({ forward }) => forward("/target", {}, { method: "GET" }));
  app.get("/to-post", ({ forward }) => forward("/target", { made: "up" }, { method: "POST" }));
  app.get("/tok/:id", ({ params, forward }) => forward(`/show/${params.id}-x`));
  app.get("/show/:what", ({ allParams }) => `show {${pairs(allParams(), ["splat"])}}`);
  app.get("/gone", ({ forward }) => forward("/does/not/exist"));
  app.get("/file", ({ forward }) => forward("/file.txt"));
  app.get("/var", (ctx) => {
    ctx.var("kept", "yes");
    ctx.forward("/readvar");
  });
  app.get("/readvar", (ctx) => `var ${String(ctx.var("kept") ?? "lost")}`);
  app.get("/headers", ({ header, status, cookie, forward }) => {
    header("X-Lost", "1");
    status(202);
    cookie("lost", "1");
    forward("/target");
  });
  app.get("/sets", ({ forward }) => forward("/setter"));
  app.get("/setter", ({ header, status, cookie, contentType }) => {
    header("X-Set", "by target");
    status(203);
    cookie("set", "1");
    contentType("text/plain");
    return "set";
  });
  app.get("/one", ({ forward }) => forward("/two"));
  app.get("/two", ({ forward }) => forward("/three"));
  app.get("/three", ({ request }) => `three ${request.path}`);
  app.any(["get", "post"], "/body", ({ forward }) => forward("/rawbody"));
  app.any("/rawbody", ({ request, param }) => `raw[${request.body}] form[${param("a") ?? ""}]`);
  app.get("/query", ({ forward }) => forward("/target?x=1"));
  app.get("/dies", ({ forward }) => forward("/dead"));
  app.get("/dead", () => {
    throw new Error("dead");
  });
  app.get("/redirs", ({ forward }) => forward("/redirecting"));
  app.get("/redirecting", ({ redirect }) => redirect("/final"));
}
