/** The logger `console`: readable lines on standard error. */
import { createLines } from "./format.ts";
import type { Logger, LoggerOptions } from "./logger.ts";

/** Where lines go; `process.stderr` is one. */
export interface ConsoleStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Makes the logger `console`.
 *
 * Levels are coloured on a terminal unless `NO_COLOR` is set. Stacks are spread over lines in
 * the environment `development`; elsewhere one event is one line.
 */
export function createConsoleLogger(
  options: LoggerOptions,
  stream: ConsoleStream = process.stderr,
): Logger {
  const line = createLines({
    format: options.setting("logger_format"),
    colors: stream.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
    spread: options.environment === "development",
  });
  return { log: (entry) => void stream.write(line(entry)) };
}
