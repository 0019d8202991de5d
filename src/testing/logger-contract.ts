/** The contract of loggers as tests. */
import assert from "node:assert/strict";
import type { Awaitable } from "../awaitable.ts";
import type { LogEntry, Logger, LoggerOptions, LogLevel } from "../engines/logger/logger.ts";
import type { ContractCase } from "./contract-case.ts";

/** A logger, and a way to see what it has written. */
export interface LoggerUnderTest {
  readonly logger: Logger;
  /** All text written so far; missing for a logger that writes none. */
  readonly written?: () => Awaitable<string>;
}

/** The logger to try. */
export interface LoggerSubject {
  readonly create: (options: LoggerOptions) => Awaitable<LoggerUnderTest>;
  /** The app's folder; by default the working directory. */
  readonly appdir?: string;
  /** What the logger reads by `setting(name)`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * The cases that a logger has to pass, for any test runner. They run as in production, where one
 * entry is one line; a logger without `written` is asked only to take everything.
 *
 * @example
 * const create = (options: LoggerOptions) => {
 *   let text = "";
 *   const logger = createMyLogger(options, (line) => (text += line));
 *   return { logger, written: () => text };
 * };
 * for (const { name, run } of loggerContract({ create })) test(name, run);
 */
export function loggerContract(subject: LoggerSubject): ContractCase[] {
  const { appdir = process.cwd(), settings = {} } = subject;
  const setting = (name: string): unknown => settings[name];
  return Object.entries(rules).map(([name, rule]) => ({
    name,
    run: async () => {
      const made = await subject.create({ appdir, environment: "production", setting });
      await rule(async (entries) => {
        for (const entry of entries) made.logger.log({ ...blank, ...entry });
        await made.logger.close?.();
        return made.written?.();
      });
    },
  }));
}

const blank: LogEntry = { level: "info", time: Date.UTC(2026, 2, 5), message: "hello" };
const levels: readonly LogLevel[] = ["core", "debug", "info", "warning", "error"];

/** Logs entries, closes the logger, and answers what it has written. */
type Log = (entries: readonly Partial<LogEntry>[]) => Promise<string | undefined>;

const rules: Record<string, (log: Log) => Promise<void>> = {
  "takes an entry of every level, and has written all when it is closed": async (log) => {
    const text = await log(levels.map((level) => ({ level, message: `message of ${level}` })));
    if (text === undefined) return;
    for (const level of levels) assert.ok(text.includes(`message of ${level}`), `${level} is lost`);
  },

  "tells the level and the request": async (log) => {
    const [warning, error] = linesOf(
      await log([
        { level: "warning", requestId: "id-1" },
        { level: "error", requestId: "id-2" },
      ]),
    );
    if (warning === undefined || error === undefined) return;
    assert.ok(warning.includes("warn") && warning.includes("id-1"), warning);
    assert.ok(error.includes("error") && error.includes("id-2"), error);
  },

  "tells what was thrown and its cause": async (log) => {
    const error = new Error("the shop is closed", { cause: new Error("no electricity") });
    const text = await log([{ level: "error", error }]);
    if (text !== undefined) assert.match(text, /the shop is closed[^]*no electricity/);
  },

  "SEC-905 keeps an entry on one line, whatever is in it": async (log) => {
    const forged = "a\nb\r\nc\u2028d\u001b[2Je\u202ef";
    const security = { event: "cookie-refused", detail: forged, count: 1 };
    const entry = { message: forged, requestId: forged, security, error: new Error(forged) };
    const text = await log([entry, entry]);
    if (text === undefined) return;
    assert.equal(linesOf(text).length, 2, text);
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  },

  "SEC-906 tells no header and nothing that hangs on an error": async (log) => {
    const request = { address: "192.0.2.1", header: () => "canary-header" };
    const error = Object.assign(new Error("x"), { headers: { cookie: "canary-member" } });
    const text = await log([{ level: "error", requestId: "id", request, error }]);
    if (text !== undefined) assert.doesNotMatch(text, /canary/);
  },

  "SEC-903 throws for nothing that can be thrown": async (log) => {
    const fail = (): never => {
      throw new Error("trap");
    };
    const endless: Record<string, unknown> = {};
    endless["self"] = endless;
    const thrown: unknown[] = [null, 0, 1n, "text", Symbol("s"), () => 1, Object.create(null)];
    thrown.push(endless, Object.defineProperty(new Error("x"), "message", { get: fail }));
    thrown.push(new Proxy(new Error("x"), { get: fail, ownKeys: fail, getPrototypeOf: fail }));
    const text = await log(thrown.map((error) => ({ level: "error", error })));
    if (text !== undefined) assert.equal(linesOf(text).length, thrown.length);
  },
};

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}
