/** The suite errors-serialized: errors where a serializer is set. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";

class Shop extends Error {
  override readonly name = "Shop";

  constructor(what: string) {
    super(`shop: ${what}`);
  }
}

export default function define(app: App, env: Env): void {
  app.set("serializer", "json");
  app.set("engines", { json: { pretty: false } });
  app.set("show_errors", env["QS_SHOW"] === "1");
  app.get("/die", () => {
    throw "reason\n";
  });
  app.get("/send", ({ sendError }) => sendError("sent", 403));
  app.get("/data", ({ sendError }) => sendError({ field: "name", why: "too short" }, 422));
  app.get("/list", ({ sendError }) => sendError(["a", "b"], 400));
  app.get("/raise", () => {
    throw new Shop("closed");
  });
  app.get("/none", ({ status }) => {
    status(404);
    return { error: "no such thing" };
  });
  app.get("/after", ({ header, sendError }) => {
    header("X-Own", 1);
    return sendError("x", 409);
  });
}
