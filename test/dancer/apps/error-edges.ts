/** Our own suite "error-edges": statuses of sendError, own pages, hooks; hidden, shown, with a template. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("show_errors", env["QS_SHOW"] === "1");
  if (env["QS_TPL"] === "1") app.set("error_template", "err.tt");
  app.set("layout", "main");
  let events: string[] = [];
  app.hook("before_error_init", () => events.push("init"));
  app.hook("before_error_render", () => events.push("render"));
  app.hook("after_error_render", ({ response, header }) => {
    events.push(`rendered ${response.status}`);
    header("X-Err", "hooked");
  });
  app.hook("on_handler_exception", () => events.push("handler"));
  app.hook("on_route_exception", () => events.push("route"));
  app.hook("after", () => events.push("after"));
  app.hook("before", ({ request, sendError, status }) => {
    if (request.path === "/b-die") throw new Error("before");
    if (request.path === "/b-send") sendError("before", 403);
    if (request.path === "/b-status") status(410);
  });

  app.get("/events", () => {
    const seen = events.join(" ");
    events = [];
    return seen;
  });
  const throws = (path: string, thrown: unknown): void =>
    app.get(path, () => {
      throw thrown;
    });
  throws("/die", new Error("dead ü"));
  throws("/die-obj", new (class ShopError extends Error {})("obj"));
  throws("/die-hash", { a: 1 });
  throws("/raise", new RangeError("custom: thing"));
  app.get("/send", ({ sendError }) => sendError("sent"));
  app.get("/send/:s", ({ sendError, params }) => sendError("sent ü", params.s));
  app.get("/send-e", ({ sendError }) => sendError(""));
  app.get("/send-o", ({ status, header, cookie, contentType, sendError }) => {
    status(201);
    header("X-Own", 1);
    cookie("c", 1);
    contentType("text/plain");
    return sendError("x", 400);
  });
  app.get("/send-b", ({ sendError }) => sendError("<b>html</b>", 400));
  app.get("/b-die", () => "never");
  app.get("/b-send", () => "never");
  app.get("/b-status", () => "body");
  app.get("/status/:s", ({ status, params }) => {
    status(params.s);
    return "own body";
  });
  app.get("/status-e/:s", ({ status, params }) => {
    status(params.s);
    return "";
  });
  app.get("/pass", ({ pass }) => pass());
  app.get("/tpl", ({ template }) => template("missing"));
  app.get("/halt/:s", ({ status, params, halt }) => {
    status(params.s);
    return halt("halted");
  });
  app.get("/eval", () => {
    try {
      throw new Error("x\n");
    } catch (error) {
      return `caught ${(error as Error).message}`;
    }
  });
  app.get("/fwd", ({ forward }) => forward("/die"));
  app.get("/nested", ({ sendError }) => {
    try {
      sendError("inner", 418);
    } catch {
      // What leaves the handler can be caught, as in Dancer.
    }
    return "after";
  });
}
