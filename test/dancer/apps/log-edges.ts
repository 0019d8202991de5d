/** Our own suite "log-edges": levels, formats, odd messages, hooks, forward, file names. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { LogLevel } from "../../../src/engines/logger/logger.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("logger_format", env["QS_FMT"] ?? "%L|%m");
  app.set("log", (env["QS_LOG"] ?? "debug") as LogLevel);
  app.set("log_path", "mylogs");
  if (env["QS_FILE"] !== undefined) app.set("log_file", env["QS_FILE"]);
  app.set("logger", env["QS_LOGGER"] ?? "file");
  app.hook("before", ({ request, debug }) => {
    if (request.path === "/hook") debug("in before");
  });
  app.hook("after", ({ request, info }) => {
    if (request.path === "/hook") info("in after");
  });
  const logs = (path: string, ...messages: unknown[]): void =>
    app.get(path, ({ info }) => {
      for (const message of messages) info(message);
      return "ok";
    });

  app.get("/all", ({ debug, info, warning, error }) => {
    debug("d");
    info("i");
    warning("w");
    error("e");
    return "ok";
  });
  logs("/uni", "ü €");
  logs("/empty", "");
  logs("/pct", "100% %m %L");
  logs("/num", 42, 0);
  logs("/ret", "x");
  logs("/long", "x".repeat(3000));
  logs("/hash", { a: 1, b: [1, 2] });
  logs("/tab", "a\tb");
  app.get("/hook", ({ warning }) => {
    warning("in route");
    return "ok";
  });
  app.get("/halt", (ctx) => leaves(ctx, "before halt").halt("halted"));
  app.get("/fwd", (ctx) => leaves(ctx, "before forward").forward("/all"));
  app.get("/send", ({ sendError }) => sendError("sent", 404));
}

function leaves(ctx: Context<unknown>, message: string): Context<unknown> {
  ctx.info(message);
  return ctx;
}
