/** How `halt`, `pass`, `forward`, `sendError` and `sendFile` leave a handler: thrown, caught by the app alone. */
import type { Content } from "./response/response.ts";
import { toStatus } from "./response/status.ts";

/** What a handler left for. */
export type Signal = typeof PASS | Halt | Forward | SendError | SendFile;

/** Go on with the next route that matches. */
const PASS = Object.freeze({ signal: "pass" } as const);

/** Stop here and answer with what the response holds. */
interface Halt {
  readonly signal: "halt";
  readonly content: unknown;
}

/** Start over as if this had been the request. */
export interface Forward {
  readonly signal: "forward";
  readonly target: string;
  readonly params: Readonly<Record<string, string>>;
  readonly method: string | undefined;
}

/** Answer with an error page. */
interface SendError {
  readonly signal: "error";
  readonly message: string | object;
  readonly status: number;
}

/** Answer with a file, or with data as if it were one. */
export interface SendFile {
  readonly signal: "file";
  readonly file: string | Content;
  readonly options: SendFileOptions;
}

/** How a file is sent. */
export interface SendFileOptions {
  /** A media type, or an extension such as `json`; by the file's name if not given. */
  readonly contentType?: string;
  /** Offers the file for download under this name. */
  readonly filename?: string;
  /** True when the name is a path on this machine rather than one below `public`. */
  readonly systemPath?: boolean;
  /** True when the first argument is the data itself. */
  readonly data?: boolean;
}

/** See `Context.halt`. */
export function halt(content?: unknown): never {
  return leave({ signal: "halt", content });
}

/** See `Context.pass`. */
export function pass(): never {
  return leave(PASS);
}

/** See `Context.forward`. */
export function forward(
  target: string,
  params: Readonly<Record<string, string>> = {},
  { method }: { method?: string } = {},
): never {
  return leave({ signal: "forward", target, params, method });
}

/** See `Context.sendError`. */
export function sendError(message: string | object, status: number | string = 500): never {
  return leave({ signal: "error", message, status: toStatus(status) ?? 500 });
}

/** See `Context.sendFile`. */
export function sendFile(file: string | Content, options: SendFileOptions = {}): never {
  return leave({ signal: "file", file, options });
}

const leaving = new WeakSet<object>();

/** Leaves the handler. Signals are no Errors: they need no stack, and nobody but the app handles them. */
export function leave(signal: Signal): never {
  leaving.add(signal);
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- see above
  throw signal;
}

/** Tells a signal from whatever else may be thrown. */
export function isSignal(thrown: unknown): thrown is Signal {
  return typeof thrown === "object" && thrown !== null && leaving.has(thrown);
}
