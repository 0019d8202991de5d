/** The suite errors-hidden: what strangers see of errors. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("show_errors", false);
  if (env["QS_TMPL"] !== undefined) app.set("error_template", env["QS_TMPL"]);
  app.get("/die", die);
  app.post("/die", die);
  app.get("/die-obj", () => {
    throw { reason: "a map" };
  });
  app.get("/send", ({ sendError }) => sendError("not shown"));
  app.get("/send403", ({ sendError }) => sendError("not shown", 403));
  app.get("/send404", ({ sendError }) => sendError("not shown", 404));
  app.get("/send200", ({ sendError }) => sendError("not shown", 200));
  app.get("/name", ({ sendError }) => sendError("not shown", "not_found"));
  app.get("/status", ({ status }) => {
    status(404);
    return "own not found text";
  });
  app.get("/pass", ({ pass }) => pass());
  app.get("/headers", ({ header, cookie, contentType, sendError }) => {
    header("X-Lost", 1);
    cookie("lost", "1");
    contentType("text/plain");
    return sendError("gone", 410);
  });
  app.get("/template", ({ template }) => template("missing"));
  app.get("/after", ({ sendError }) => {
    sendError("first", 409);
    return "not reached";
  });
  app.get("/eval", () => {
    try {
      die();
    } catch {
      // Caught: nobody else hears of it.
    }
    return "survived";
  });
}

function die(): never {
  throw new Error("secret reason");
}
