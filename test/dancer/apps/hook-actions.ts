/** Our own suite "hook-actions": each hook does each thing that a hook can do. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { HookName } from "../../../src/hooks.ts";
import type { Env } from "../support/server.ts";

const names: readonly HookName[] = [
  "before",
  "after",
  "before_deserializer",
  "after_deserializer",
  "before_serializer",
  "after_serializer",
  "before_template_render",
  "after_template_render",
  "before_layout_render",
  "after_layout_render",
  "before_file_render",
  "after_file_render",
  "before_error_init",
  "before_error_render",
  "after_error_render",
  "on_handler_exception",
  "on_route_exception",
];

const actions: Readonly<Record<string, (ctx: Context) => unknown>> = {
  halt: ({ halt }) => halt("halted"),
  "halt-403": ({ status, halt }) => {
    status(403);
    return halt("halted");
  },
  redirect: ({ redirect }) => redirect("/else"),
  die: () => {
    throw new Error("dead");
  },
  error: ({ sendError }) => sendError("sent", 409),
  forward: ({ forward }) => forward("/target"),
  pass: ({ pass }) => pass(),
  file: ({ sendFile }) => sendFile("f.txt"),
  header: ({ header }) => header("X-Hook", "set"),
  status: ({ status }) => status(202),
  type: ({ contentType }) => contentType("text/css"),
  cookie: ({ cookie }) => cookie("hooked", "yes"),
};

export default function define(app: App, env: Env): void {
  if (env["QS_SER"] !== undefined) app.set("serializer", env["QS_SER"].toLowerCase());
  app.set("engines", { json: { pretty: false } });
  app.set("layout", "main");
  app.set("show_errors", false);
  const done = new WeakSet<object>();
  for (const name of names) {
    app.hook(name, (ctx: Context) => {
      const [hook, action = ""] = (ctx.request.header("x-do") ?? "").split(":");
      if (hook !== name || ctx.request.path === "/target" || done.has(ctx)) return;
      done.add(ctx);
      actions[action]?.(ctx);
    });
  }
  app.hook("after", ({ response, header }) => {
    header("X-After", Number(response.header("X-After") ?? 0) + 1);
  });
  app.get("/plain", () => "plain");
  app.get("/view", ({ template }) => template("v"));
  app.get("/data", () => ({ a: 1 }));
  app.get("/send", ({ sendFile }) => sendFile("f.txt"));
  app.get("/die", () => {
    throw new Error("route");
  });
  app.get("/error", ({ sendError }) => sendError("route", 400));
  app.get("/target", () => "target");
  app.post("/in", ({ param }) => `in ${param("a") ?? ""}`);
}
