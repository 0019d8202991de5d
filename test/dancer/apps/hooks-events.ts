/** Dancer's suite "hooks-events": hooks around errors, exceptions, serializing and files. */
import type { App } from "../../../src/app.ts";
import type { HookName } from "../../../src/hooks.ts";
import type { Env } from "../support/server.ts";

const observed: readonly HookName[] = [
  "on_route_exception",
  "on_handler_exception",
  "before_error_init",
  "before_error_render",
  "after_error_render",
  "before_serializer",
  "after_serializer",
  "before_file_render",
  "after_file_render",
  "before_deserializer",
  "after_deserializer",
  "after",
];

export default function define(app: App, env: Env): void {
  if (env["QS_SER"] !== undefined) app.set("serializer", env["QS_SER"].toLowerCase());
  app.set("show_errors", false);
  let events: string[] = [];
  const take = (keep: (name: string) => boolean): string => {
    const taken = events.filter(keep).join(" ");
    events = [];
    return taken;
  };
  for (const name of observed) {
    app.hook(name, () => {
      events.push(name);
    });
  }
  app.hook("before_error_render", (_ctx, error) => {
    if (error.status === 409) error.title = "Changed title";
  });
  app.hook("after_error_render", ({ header, response, status }) => {
    header("X-Error", "seen");
    if (response.status === 410) status(503);
  });
  app.hook("after_file_render", ({ header }) => header("X-File", "seen"));
  app.hook("before_serializer", (_ctx, data) => {
    if (typeof data === "object" && data !== null) Object.assign(data, { by: "hook" });
  });

  app.get("/events", () => take((name) => !name.includes("serializ")));
  app.get("/all", () => take(() => true));
  app.get("/die", () => {
    throw new Error("x");
  });
  app.get("/send", ({ sendError }) => sendError("bad", 400));
  app.get("/title", ({ sendError }) => sendError("conflict", 409));
  app.get("/gone", ({ sendError }) => sendError("gone", 410));
  app.get("/map", () => ({ a: 1 }));
  app.post("/in", ({ allParams }) => ({ got: allParams()["x"] }));
  app.get("/none", ({ pass }) => pass());
}
