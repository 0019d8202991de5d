/** Dancer's suite "conditions": route options, request attributes as regular expressions. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/", () => "plain");
  app.get("/", { agent: /Songbird (\d\.\d)/ }, () => "songbird");
  app.get("/lang", { accept_language: /^fr/ }, () => "bonjour");
  app.get("/lang", () => "hello");
  app.get("/ref", { referer: "partner\\.test" }, () => "from partner");
  app.get("/both", { agent: /robot/, referer: /index/ }, () => "robot from index");
  app.get("/both", { agent: /robot/ }, () => "robot");
  app.get("/both", () => "anyone");
  app.post("/form", { content_type: /^application\/json/ }, () => "json form");
  app.post("/form", () => "other form");
  app.any(
    ["get", "post"],
    "/any",
    { user_agent: /x/i },
    ({ request }) => `any x ${request.method}`,
  );
  app.get("/big", { content_length: /\d{3,}/ }, () => "big");
}
