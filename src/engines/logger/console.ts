/** The logger `console`: readable lines on standard error. */
import { createLines } from "./line.ts";
import type { Logger, LoggerOptions } from "./logger.ts";

/** Where lines go; `process.stderr` is one. */
export interface ConsoleStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Makes the logger `console`.
 *
 * Levels are coloured on a terminal, or where `FORCE_COLOR` says so, unless `NO_COLOR` is set. Stacks are spread over lines in
 * the environment `development`; elsewhere one event is one line.
 */
export async function createConsoleLogger(
  options: LoggerOptions,
  stream: ConsoleStream = process.stderr,
): Promise<Logger> {
  const line = await createLines({
    format: options.setting("logger_format"),
    colors: isColored(stream),
    spread: options.environment === "development",
  });
  // A full disk or a closed pipe must not end the app that logs.
  if (stream === process.stderr && !process.stderr.listeners("error").includes(ignore)) {
    process.stderr.on("error", ignore);
  }
  return { log: (entry) => void stream.write(line(entry)) };
}

function isColored(stream: ConsoleStream): boolean {
  const { NO_COLOR: never = "", FORCE_COLOR: always = "" } = process.env;
  return never === "" && (stream.isTTY === true || !/^(?:|0|false)$/.test(always));
}

function ignore(): void {
  // Heard on purpose, so that node does not throw it.
}
