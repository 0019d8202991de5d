/** Dancer's suite "methods": HTTP methods, HEAD from GET, `any`. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/thing", ({ request, header }) => {
    header("X-Via", request.method);
    return `thing via ${request.method}`;
  });
  app.post("/thing", () => "posted");
  app.put("/thing", () => "put");
  app.del("/thing", () => "deleted");
  app.patch("/thing", () => "patched");
  app.options("/menu", ({ header }) => {
    header("Allow", "GET, OPTIONS");
    return "";
  });
  app.post("/only-post", () => "only post");
  app.any("/all", ({ request }) => `all: ${request.method}`);
  app.any(["get", "post"], "/two", ({ request }) => `two: ${request.method}`);
  app.any(["put"], "/one", ({ request }) => `one: ${request.method}`);
  app.get("/empty", () => "");
  app.get("/undef", () => undefined);
  app.get("/zero", () => 0);
}
