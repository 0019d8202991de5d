/** The contract of a logger: one entry in, one line out. */
import type { Awaitable } from "../../awaitable.ts";

/** Dancer's levels; `core` is what the framework says about its own work. */
export type LogLevel = "core" | "debug" | "info" | "warning" | "error";

/** What a `logger_format` may show of a request. */
export interface LoggedRequest {
  /** The client's address. */
  readonly address: string | undefined;
  header(name: string): string | undefined;
}

/** What a line about an answered request says. */
export interface Access {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds from the request's head to the end of its answer. */
  readonly ms: number;
  /** The client's address. */
  readonly address: string | undefined;
  /** True when the client did not get the whole answer. */
  readonly brokeOff?: true;
}

/** One event. */
export interface LogEntry {
  readonly level: LogLevel;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  /** The number of the worker that says it, where there are several. */
  readonly worker?: number;
  /** The request during which it happened. */
  readonly requestId?: string;
  readonly request?: LoggedRequest;
  /** Of a line about an answered request, which `log_requests` turns on: what `message` says, in fields. */
  readonly access?: Access;
  /** Of a line about a security event: `event`, `detail`, `count` and whatever else is known. */
  readonly security?: Readonly<Record<string, string | number>>;
  /** What was thrown, if anything was. */
  readonly error?: unknown;
}

/** What a logger is made with. */
export interface LoggerOptions {
  /** The app's folder, absolute. */
  readonly appdir: string;
  /** `development`, `production`… */
  readonly environment: string;
  /** Every setting in force, for the engine's own keys. */
  readonly setting: (name: string) => unknown;
}

/** Receives the entries that pass the `log` setting. */
export interface Logger {
  log(entry: LogEntry): void;
  /** Writes what is still held back and lets go of files. */
  close?(): Awaitable<void>;
}
