/** Dancer's suite "route-cache": the same answers the second time. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("route_cache", true);
  let calls = 0;

  app.get("/n/:id", ({ params }) => `n ${params.id}`);
  app.get("/s/*", ({ splat }) => `s ${String(splat[0])}`);
  app.get("/who", { agent: /boss/ }, () => "for the boss");
  app.get("/who", () => "for everybody");
  app.get("/p/:x", ({ params, pass }) => (params.x === "on" ? pass() : "p1"));
  app.get("/p/*", () => "p2");
  app.post("/n/:id", ({ params }) => `post ${params.id}`);
  app.get("/count", () => (calls += 1));
}
