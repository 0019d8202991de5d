/** What a response says about the session: its cookies, and that caches must not keep what came with them. */
import { rawCookie } from "../request/cookies.ts";
import { EXPIRES } from "../engines/session/store.ts";
import type { SessionLimits, SessionRecord } from "../engines/session/store.ts";
import type { Response } from "../response/response.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** What a request tells the session's life: the only channel a session id comes from is the Cookie header. */
export interface SessionRequest {
  readonly headers: { readonly cookie?: string | undefined };
  readonly method: string;
  readonly secure: boolean;
}

/** What the session's headers are written by. */
export interface SessionHeaderOptions {
  readonly cookie: SessionCookie;
  readonly limits: SessionLimits;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Logs a warning. */
  readonly warn: (message: string) => void;
}

/** Writes the session's headers for one app. */
export class SessionHeaders {
  readonly #options: SessionHeaderOptions;
  #warnedOfPlainHttp = false;

  constructor(options: SessionHeaderOptions) {
    this.#options = options;
  }

  /** Sets the cookie of this name, the session's or the one of its last use. */
  send(
    response: Response,
    request: SessionRequest,
    name: string,
    value: string,
    record: SessionRecord,
  ): void {
    const { cookie, limits, now, warn } = this.#options;
    const { secure } = request;
    const lifetime = limits.absolute - (now() - record.createdAt) / 1000;
    const hasOwnTime = Object.hasOwn(record.data, EXPIRES);
    const text = cookie.write(name, value, lifetime, { secureRequest: secure, hasOwnTime });
    response.appendHeader("Set-Cookie", text);
    this.forbidStoring(response);
    if (this.#warnedOfPlainHttp || !cookie.isAtOdds(secure)) return;
    this.#warnedOfPlainHttp = true;
    warn(
      "the session cookie is Secure but a request came over plain HTTP, so browsers may drop it; " +
        "serve HTTPS, or set session_secure: false where that is intended",
    );
  }

  /** Makes the browser forget the cookies that it sent along. */
  expire(response: Response, request: SessionRequest): void {
    const { cookie } = this.#options;
    for (const name of [cookie.name, cookie.seenName]) {
      if (rawCookie(request.headers.cookie, name) === undefined) continue;
      response.appendHeader("Set-Cookie", cookie.expire(name, request.secure));
      this.forbidStoring(response);
    }
  }

  /** Keeps the response out of caches: they must not answer in place of a request that changes the session. */
  forbidStoring(response: Response): void {
    if (response.header("Cache-Control") !== undefined) this.#warnOfCaching(response);
    response.putHeader("Cache-Control", "no-store");
  }

  #warnOfCaching(response: Response): void {
    const wanted = response.headerValues("Cache-Control").join(", ");
    if (!/public|max-age=[1-9]|s-maxage/i.test(wanted)) return;
    this.#options.warn(
      `a response with a session cookie asked for "Cache-Control: ${wanted}"; it was sent with no-store`,
    );
  }
}
