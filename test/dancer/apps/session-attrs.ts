/** The suite session-attrs: the attributes of the session cookie. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { sessionRoutes } from "../support/session-routes.ts";

export default function define(app: App, env: Env): void {
  app.set("session", "simple");
  for (const pair of (env["QS_SET"] ?? "").split(";").filter((text) => text !== "")) {
    const [name = "", value = ""] = pair.split("=");
    app.set(name as never, /^\d+$/.test(value) ? (Number(value) as never) : (value as never));
  }
  sessionRoutes(app);
}
