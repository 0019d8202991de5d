/** Our own suite "session-edges": with each engine, values of odd kinds, hooks, leaving, login and logout. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("session_cookie_key", "a test key of some length 0123456789");
  app.set("session_dir", "sess");
  app.set("session", (env["QS_ENGINE"] ?? "simple").toLowerCase());
  app.hook("before", ({ request, session }) => {
    if (request.path === "/hooked") session("seen", 1);
  });
  app.hook("after", ({ request, session }) => {
    if (request.path === "/latehook") session("late", "yes");
  });
  const writes = (path: string, key: string, value: unknown, answer: (ctx: Context) => unknown) =>
    app.get(path, (ctx) => {
      ctx.session(key, value as string);
      return answer(ctx);
    });

  app.get("/set/:k/:v", ({ session, params }) => {
    session(params.k, params.v);
    return "set";
  });
  app.get("/get/:k", (ctx) => shown(ctx, ctx.params.k));
  app.get("/hooked", (ctx) => shown(ctx, "seen"));
  app.get("/latehook", () => "late");
  writes("/undef", "a", null, () => "undef set");
  writes("/zero", "z", 0, (ctx) => shown(ctx, "z"));
  writes("/emptys", "e", "", (ctx) => shown(ctx, "e"));
  writes("/uni", "u", "ü €", (ctx) => shown(ctx, "u"));
  writes("/list", "l", [1, "b"], () => "list");
  writes("/big", "big", "x".repeat(1000), () => "big");
  app.get("/bigget", ({ session }) => String(session("big") ?? "").length);
  app.get("/over", (ctx) => {
    ctx.session("a", 1);
    ctx.session("a", 2);
    return shown(ctx, "a");
  });
  writes("/halt", "h", 1, ({ halt }) => halt("halted"));
  writes("/redirect", "r", 1, ({ redirect }) => redirect("/x"));
  writes("/error", "er", 1, ({ sendError }) => sendError("x", 400));
  app.get("/pass/:x", ({ session, pass }) => {
    session("p", 1);
    return pass();
  });
  app.get("/pass/*", (ctx) => shown(ctx, "p"));
  app.get("/destroy", ({ session }) => {
    session().destroy();
    return "destroyed";
  });
  app.get("/none", () => "none");
  app.get("/ids", ({ session }) => (session().id.length > 10 ? "long" : "short"));
  app.post("/login", ({ session, param, redirect }) => {
    session("user", param("user"));
    return redirect("/get/user");
  });
  app.get("/logout", ({ session, redirect }) => {
    session().destroy();
    return redirect("/get/user");
  });
}

function shown({ session }: Context<unknown>, key: string): string {
  const value: unknown = session(key);
  if (value === undefined || value === null) return "undef";
  return Array.isArray(value) ? `[${value.join("+")}]` : `[${String(value)}]`;
}
