/** Dancer's suite "vars": set in hooks and routes, per request, in templates. */
import type { App } from "../../../src/app.ts";
import { pairs, show } from "../support/show.ts";

export default function define(app: App): void {
  app.hook("before", (ctx) => {
    ctx.var("from_hook", "h");
    if (ctx.request.path !== "/fresh") ctx.var("a", "before");
  });
  app.hook("after", (ctx) => ctx.header("X-Var", String(ctx.var("last") ?? "none")));

  app.get("/set", (ctx) => {
    ctx.var("a", 1);
    ctx.var("a", 2);
    return ctx.var("a");
  });
  app.get("/hook", (ctx) => ctx.var("from_hook"));
  app.get("/fresh", ({ vars }) => pairs(vars));
  app.get("/ret", (ctx) => ctx.var("x", "returned"));
  app.get("/undef", (ctx) => (ctx.var("never") === undefined ? "undef" : "defined"));
  app.get("/ref", (ctx) => {
    ctx.var("list", [1]);
    (ctx.var("list") as number[]).push(2);
    return (ctx.var("list") as number[]).map(show).join("+");
  });
  app.get("/direct", (ctx) => {
    ctx.vars["d"] = 5;
    return ctx.var("d");
  });
  app.get("/tmpl", (ctx) => {
    ctx.var("b", "route");
    return ctx.template("v");
  });
  app.get("/after", (ctx) => {
    ctx.var("last", "seen after");
    return "x";
  });
}
