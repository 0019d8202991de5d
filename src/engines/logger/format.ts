/** The setting `logger_format`: Dancer's signs, compiled to a function. */
import { ConfigError } from "../../errors.ts";
import { encodeControls } from "./encode.ts";
import { errorLines } from "./error-text.ts";
import type { LogEntry } from "./logger.ts";

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

/**
 * Makes the function that writes entries in this form, without a line end.
 *
 * `logger_format` takes Dancer's signs: `%m` message, `%L` level, `%i` request id, `%h` address,
 * `%P` process, `%w` worker, `%e` an error's stack on one line, `%T %U` date and time (local, UTC), `%t %u` the same as `05/Mar/2026 10:20:30`,
 * `%D` seconds since the start, `%{Name}h` a request header.
 *
 * @throws ConfigError `config-invalid` for a sign that is none of these, and for headers that hold
 * secrets.
 */
export function compileFormat(format: string): (entry: LogEntry) => string {
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
