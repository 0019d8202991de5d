/** The suite session-cookie: sessions sealed in the cookie. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { sessionRoutes } from "../support/session-routes.ts";

export default function define(app: App, env: Env): void {
  app.set("session", "cookie");
  const key = env["QS_KEY"] ?? "a test key of some length 0123456789";
  if (key !== "") app.set("session_cookie_key", key);
  sessionRoutes(app);
  app.get("/none", () => "no session used");
  app.get("/data", ({ session }) => {
    session("d", { list: [1, "two"] });
    return "stored";
  });
  app.get("/data-get", ({ session }) => {
    const data = session("d") as { list: unknown[] } | undefined;
    return data === undefined ? "none" : data.list.join("+");
  });
  app.get("/uni", ({ session }) => {
    session("u", "é€");
    return "stored";
  });
  app.get("/uni-get", ({ session }) => (session("u") === "é€" ? "same" : "different"));
  app.get("/destroy2", ({ session }) => {
    session().destroy();
    session("b", "new");
    return "destroyed and started again";
  });
  app.get("/idkey", ({ session }) => {
    session("id", "x");
    return "never";
  });
  app.get("/count", ({ session }) => session("n", Number(session("n") ?? 0) + 1));
  app.get("/die", ({ session }) => {
    session("lost", 1);
    throw new Error("x");
  });
  app.get("/stop", ({ session, halt }) => halt(`stopped for ${String(session("a"))}`));
}
