/** Dancer's suite "auto-page": a view of the requested path is rendered when no route matches. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("auto_page", env["QS_AUTO"] !== "0");
  app.set("layout", "main");
  app.hook("before", ({ header }) => header("X-Before", 1));
  app.hook("after", ({ header }) => header("X-After", 1));

  app.get("/taken", () => "route");
  app.get("/passed", ({ pass }) => pass());
  app.post("/posted", () => "post");
}
