/** The suite logging: levels, the file logger and its format. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import type { LogLevel } from "../../../src/engines/logger/logger.ts";

export default function define(app: App, env: Env): void {
  app.set("logger", "file");
  app.set("log_path", "mylogs");
  app.set("log_file", "my.log");
  app.set("log", (env["QS_LOG"] ?? "debug") as LogLevel);
  app.set("logger_format", env["QS_FMT"] ?? "%L|%m");
  app.get("/all", ({ debug, info, warning, error }) => {
    debug("a debug");
    info("an info");
    warning("a warning");
    error("an error");
    return "logged";
  });
  app.get("/one/:l", (ctx) => {
    ctx[ctx.params.l as "debug" | "info" | "warning" | "error"](`message of ${ctx.params.l}`);
    return "logged";
  });
  app.get("/many", ({ debug }) => {
    debug("joined ", "without ", "spaces ", 5);
    return "logged";
  });
  app.get("/data", ({ debug }) => {
    debug("data: ", [1, { a: "b" }], undefined);
    return "logged";
  });
  app.get("/lines", ({ debug }) => {
    debug("two\nlines\n");
    return "logged";
  });
  app.get("/die", () => {
    throw new Error("broken");
  });
  app.get("/send", ({ sendError }) => sendError("x", 400));
  app.get("/view", ({ template }) => template("missing"));
  app.get("/warn", () => {
    process.emitWarning("a warning of the runtime");
    return "warned";
  });
  app.get("/quiet", () => "nothing logged");
  app.get("/level", ({ debug, error }) => {
    app.set("log", "error");
    debug("not seen");
    error("seen");
    app.set("log", "debug");
    debug("seen again");
    return "logged";
  });
}
