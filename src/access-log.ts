/** One line for each request, once it has been answered: what was asked, the status, how long it took. */
import type { Access } from "./engines/logger/logger.ts";
import type { Exchange } from "./request/request-abort.ts";
import type { RawRequest } from "./request/raw-request.ts";
import type { Request } from "./request/request.ts";

/** Takes a finished line to the log. */
export type WriteAccess = (message: string, access: Access, request: Request | undefined) => void;

interface Visit {
  readonly began: number;
  request?: Request;
  address?: string | undefined;
}

const LONGEST_PATH = 1000;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Follows requests from their first moment to the line about each. */
export class AccessLog {
  readonly #visits = new WeakMap<RawRequest, Visit>();
  readonly #write: WriteAccess;

  constructor(write: WriteAccess) {
    this.#write = write;
  }

  /** The time runs from here. */
  begin(raw: RawRequest): void {
    this.#visits.set(raw, { began: performance.now() });
  }

  /** Tells which request of the app it became. */
  opened(raw: RawRequest, request: Request): void {
    const visit = this.#visits.get(raw);
    if (visit === undefined) return;
    visit.request = request;
    // Of a connection that has closed nobody knows it any more.
    visit.address = request.address;
  }

  /** Writes the line; only the first end counts. `brokeOff`: the client did not get the whole answer. */
  end(raw: RawRequest, status: number, brokeOff: boolean): void {
    const visit = this.#visits.get(raw);
    if (visit === undefined) return;
    this.#visits.delete(raw);
    const { began, request, address = raw.socket?.remoteAddress } = visit;
    const { method = "GET" } = raw;
    const path = pathOf(raw);
    const ms = Math.round((performance.now() - began) * 10) / 10;
    const message = `${method} ${path} ${status} ${ms.toFixed(1)} ms${brokeOff ? ", broke off" : ""}`;
    const access = { method, path, status, ms, address, ...(brokeOff ? { brokeOff } : undefined) };
    this.#write(message, access, request);
  }

  /** Writes the line when the exchange has closed, if nobody has before. */
  endWith(raw: RawRequest, exchange: Exchange, status: () => number): void {
    const ended = (): void => this.end(raw, status(), !exchange.writableFinished);
    if (exchange.closed) ended();
    else exchange.once("close", ended);
  }
}

/** The path as it was sent, still encoded: no space in it can pass for its end. */
function pathOf({ baseUrl = "", url = "/" }: RawRequest): string {
  // What an absolute target says ahead of its path may hold a password, what follows it a token.
  const path = baseUrl + url.replace(AUTHORITY, "").replace(/[?#].*$/s, "");
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
}
