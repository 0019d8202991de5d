/** How an entry becomes a line: the usual form, or the one that `logger_format` asks for. */
import { ConfigError } from "../../errors.ts";
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
 * `logger_format` takes Dancer's signs: `%m` message, `%L` level, `%i` request id, `%h` address,
 * `%P` process, `%w` worker, `%e` an error's stack on one line, `%T %U` date and time (local, UTC), `%t %u` the same as `05/Mar/2026 10:20:30`,
 * `%D` seconds since the start, `%{Name}h` a request header.
 *
 * @throws ConfigError `config-invalid` for a sign that is none of these, and for headers that hold
 * secrets.
 */
export function createLines(options: LineOptions): (entry: LogEntry) => string {
  const { format } = options;
  if (typeof format === "string" && format !== "" && format !== "simple") {
    const head = compile(format);
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

type Sign = (entry: LogEntry) => string;

const signs: Readonly<Record<string, Sign>> = {
  m: (entry) => entry.message,
  L: (entry) => (entry.level === "warning" ? "warn" : entry.level).padStart(5),
  i: (entry) => (entry.requestId === undefined ? "" : `[hit #${entry.requestId}]`),
  e: (entry) => (entry.error === undefined ? "" : errorLines(entry.error).join(" | ")),
  h: (entry) => entry.request?.address ?? "-",
  P: () => String(process.pid),
  w: (entry) => (entry.worker === undefined ? "" : `[worker ${entry.worker}]`),
  T: (entry) => isoTime(localTime(entry)),
  U: (entry) => isoTime(new Date(entry.time)),
  t: (entry) => clfTime(localTime(entry)),
  u: (entry) => clfTime(new Date(entry.time)),
  D: (entry) => ((entry.time - performance.timeOrigin) / 1000).toFixed(3),
  // The calling file and line, which Dancer tells; finding them costs a stack trace for each entry.
  f: () => "-",
  l: () => "-",
};

const secretHeaders = new Set(["cookie", "set-cookie", "authorization", "proxy-authorization"]);

function compile(format: string): (entry: LogEntry) => string {
  const parts = format.split(/(%\{[^}]+\}[a-zA-Z]|%[a-zA-Z])/);
  const compiled = parts.map((part, index) => (index % 2 === 0 ? part : toSign(part)));
  return (entry) =>
    compiled
      .map((part) => (typeof part === "string" ? part : encodeControls(part(entry))))
      .join("");
}

function toSign(text: string): Sign {
  const header = /^%\{(.+)\}h$/.exec(text)?.[1];
  if (header !== undefined) {
    if (secretHeaders.has(header.toLowerCase())) {
      throw new ConfigError("config-invalid", `logger_format: "${text}" would log secrets`);
    }
    return (entry) => entry.request?.header(header) ?? "-";
  }
  const sign = signs[text.slice(1)];
  if (sign === undefined) {
    const known = Object.keys(signs).map((letter) => `%${letter}`);
    throw new ConfigError(
      "config-invalid",
      `logger_format: "${text}" is unknown (known: ${known.join(" ")} %{Header}h)`,
    );
  }
  return sign;
}

function localTime({ time }: LogEntry): Date {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000);
}

function isoTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}

function clfTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(" ");
  return `${day ?? ""}/${month ?? ""}/${year ?? ""} ${time ?? ""}`;
}
