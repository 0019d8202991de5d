/** The logger `json`: one JSON object a line on standard output, by pino. */
import type { DestinationStream } from "pino";
import { encodeControls } from "./encode.ts";
import { errorLines } from "./error-text.ts";
import type { LogEntry, Logger, LoggerOptions } from "./logger.ts";

/** Where lines go instead of standard output, optionally with a way to write what is held back. */
export type JsonDestination = DestinationStream & { flushSync?: () => void };

/**
 * Makes the logger `json`, loading pino.
 *
 * A line has `level` (by name), `time` (milliseconds), `msg`, and where there are any
 * `worker`, `requestId` and `error`, a list of lines. A line about an answered request has `method`, `path`,
 * `status`, `ms` and `address` too, and `brokeOff` where the client did not get all of the answer; one about
 * a security event has `event`, `detail`, `count` and whatever else is known.
 */
export async function createJsonLogger(
  _options: LoggerOptions,
  destination?: JsonDestination,
): Promise<Logger> {
  const { pino } = await import("pino");
  const stream = destination ?? pino.destination({ dest: 1, sync: true });
  const logger = pino(
    {
      customLevels: { core: 10, debug: 20, info: 30, warning: 40, error: 50 },
      useOnlyCustomLevels: true,
      level: "core",
      base: null,
      timestamp: false,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  return {
    log: (entry) => logger[entry.level](toFields(entry), encodeControls(entry.message)),
    close: () => stream.flushSync?.(),
  };
}

function toFields(entry: LogEntry): Record<string, unknown> {
  const { time, worker, requestId, access, security, error } = entry;
  return {
    ...(security === undefined ? {} : encoded(security)),
    time,
    ...(worker === undefined ? {} : { worker }),
    ...(requestId === undefined ? {} : { requestId: encodeControls(requestId) }),
    ...(access === undefined ? {} : { ...access, path: encodeControls(access.path) }),
    ...(error === undefined ? {} : { error: errorLines(error) }),
  };
}

function encoded(fields: NonNullable<LogEntry["security"]>): Record<string, string | number> {
  const entries = Object.entries(fields).map(([name, value]): [string, string | number] => [
    name,
    typeof value === "string" ? encodeControls(value) : value,
  ]);
  return Object.fromEntries(entries);
}
