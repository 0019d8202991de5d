/** How an entry becomes a line: the usual form, or, loaded where it is set, the one that `logger_format` asks for. */
import { encodeControls } from "./encode.ts";
import { errorLines } from "./error-text.ts";
import type { LogEntry, LogLevel } from "./logger.ts";

/** How lines look. */
export interface LineOptions {
  /** The `logger_format` setting; without one, lines have the usual form. */
  readonly format: unknown;
  /** True where escape codes may colour the level. */
  readonly colors: boolean;
  /**
   * True for somebody who watches: an error's stack on lines of its own, indented, and no more of an answered
   * request than catches the eye. False to keep one event on one line with all that is known.
   */
  readonly spread: boolean;
}

const colors: Readonly<Record<LogLevel, number>> = {
  core: 90,
  debug: 36,
  info: 32,
  warning: 33,
  error: 31,
};

/**
 * Makes the function that writes entries as text, line end included.
 *
 * @throws ConfigError as `compileFormat`.
 */
export async function createLines(options: LineOptions): Promise<(entry: LogEntry) => string> {
  const { format } = options;
  if (typeof format === "string" && format !== "" && format !== "simple") {
    const { compileFormat } = await import("./format.ts");
    const head = compileFormat(format);
    return (entry) => `${head(entry)}\n`;
  }
  const gap = options.spread ? "\n    " : " | ";
  return (entry) => {
    if (options.spread && entry.access !== undefined) return `${glance(entry, options.colors)}\n`;
    const error = entry.error === undefined ? [] : errorLines(entry.error);
    return `${[usual(entry, options.colors), ...error].join(gap)}\n`;
  };
}

function usual(entry: LogEntry, colored: boolean): string {
  const padded = entry.level.padEnd(7);
  const level = colored ? `\u001b[${colors[entry.level]}m${padded}\u001b[0m` : padded;
  const worker = entry.worker === undefined ? "" : `[worker ${entry.worker}] `;
  const request = entry.requestId === undefined ? "" : `[${encodeControls(entry.requestId)}] `;
  return `${new Date(entry.time).toISOString()} ${level} ${worker}${request}${encodeControls(entry.message)}`;
}

/** `GET /cart 200 3.1 ms [id]`, the status in the colour of its kind. */
function glance({ access, message, requestId }: LogEntry, colored: boolean): string {
  const text = encodeControls(message);
  const id = requestId === undefined ? "" : ` [${encodeControls(requestId)}]`;
  const parts = / (\d{3})( .*)$/.exec(text);
  if (!colored || parts === null || access === undefined) return text + id;
  const color = access.status < 300 ? 32 : access.status < 400 ? 36 : access.status < 500 ? 33 : 31;
  const [, status = "", rest = ""] = parts;
  return `${text.slice(0, parts.index)} \u001b[${color}m${status}\u001b[0m\u001b[90m${rest}${id}\u001b[0m`;
}
