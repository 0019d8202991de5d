/** The suite session-yaml: one file a session. */
import type { App } from "../../../src/app.ts";
import { sessionRoutes } from "../support/session-routes.ts";

export default function define(app: App): void {
  app.set("session", "yaml");
  app.config.set("session_dir", "sess");
  sessionRoutes(app);
  app.get("/data", ({ session }) => {
    session("d", { list: [1, "two"], map: { k: null } });
    return "stored";
  });
  app.get("/data-get", ({ session }) => {
    const data = session("d") as { list: unknown[]; map: object };
    return [...data.list, Object.hasOwn(data.map, "k") ? "key there" : "no key"].join("+");
  });
  app.get("/uni", ({ session }) => {
    session("u", "é€");
    return "stored";
  });
  app.get("/uni-get", ({ session }) => (session("u") === "é€" ? "same" : "different"));
  app.get("/push", ({ session }) => {
    session("l", [1]);
    (session("l") as number[]).push(2);
    return "pushed";
  });
  app.get("/push-get", ({ session }) => (session("l") as number[]).join("+"));
  app.get("/idkey", ({ session }) => {
    session("id", "x");
    return "never";
  });
}
