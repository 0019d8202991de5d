/** The logger `file`: readable lines at the end of a file, by pino's file writer. */
import { resolve } from "node:path";
import type { destination as Destination } from "pino";
import { EngineError } from "../../errors.ts";
import { createLines } from "./line.ts";
import type { Logger, LoggerOptions } from "./logger.ts";

/**
 * Makes the logger `file`, loading pino.
 *
 * Writes to `log_file` (default: the environment's name and `.log`) in the folder `log_path`
 * (default `logs`, below the app's folder), which is made when it is missing. One event is one line,
 * errors included, and is in the file when `log` returns.
 *
 * @throws EngineError `logger-failed` if the file cannot be written.
 */
export async function createFileLogger(options: LoggerOptions): Promise<Logger> {
  const { pino } = await import("pino");
  const file = resolve(
    options.appdir,
    text(options.setting("log_path"), "logs"),
    text(options.setting("log_file"), `${options.environment}.log`),
  );
  const format = options.setting("logger_format");
  const line = await createLines({ format, colors: false, spread: false });
  const stream = openFile(file, pino.destination);
  // A full disk must not end the process; the entry goes where somebody may still see it.
  stream.on("error", (error: Error) => {
    process.stderr.write(`the log file ${file} cannot be written: ${error.message}\n`);
  });
  return {
    log: (entry) => void stream.write(line(entry)),
    close: () => {
      stream.flushSync();
      stream.end();
    },
  };
}

function openFile(file: string, destination: typeof Destination): ReturnType<typeof Destination> {
  try {
    return destination({ dest: file, mkdir: true, append: true, sync: true, mode: 0o640 });
  } catch (cause) {
    throw new EngineError("logger-failed", `the log file ${file} cannot be opened`, { cause });
  }
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}
