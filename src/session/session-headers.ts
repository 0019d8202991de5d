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

/** Writes the session's headers for one app. */
export class SessionHeaders {
  readonly #cookie: SessionCookie;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #warn: (message: string) => void;
  #warnedOfPlainHttp = false;

  constructor(options: {
    cookie: SessionCookie;
    limits: SessionLimits;
    now: () => number;
    warn: (message: string) => void;
  }) {
    this.#cookie = options.cookie;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#warn = options.warn;
  }

  /** Sets the cookie of this name, the session's or the one of its last use. */
  send(
    response: Response,
    request: SessionRequest,
    name: string,
    value: string,
    record: SessionRecord,
  ): void {
    const { secure } = request;
    const lifetime = this.#limits.absolute - (this.#now() - record.createdAt) / 1000;
    const hasOwnTime = Object.hasOwn(record.data, EXPIRES);
    const text = this.#cookie.write(name, value, lifetime, { secureRequest: secure, hasOwnTime });
    response.appendHeader("Set-Cookie", text);
    this.forbidStoring(response);
    if (this.#warnedOfPlainHttp || !this.#cookie.isAtOdds(secure)) return;
    this.#warnedOfPlainHttp = true;
    this.#warn(
      "the session cookie is Secure but a request came over plain HTTP, so browsers may drop it; " +
        "serve HTTPS, or set session_secure: false where that is intended",
    );
  }

  /** Makes the browser forget the cookies that it sent along. */
  expire(response: Response, request: SessionRequest): void {
    for (const name of [this.#cookie.name, this.#cookie.seenName]) {
      if (rawCookie(request.headers.cookie, name) === undefined) continue;
      response.appendHeader("Set-Cookie", this.#cookie.expire(name, request.secure));
      this.forbidStoring(response);
    }
  }

  /** Keeps the response out of caches: they must not answer in place of a request that changes the session. */
  forbidStoring(response: Response): void {
    if (response.header("Cache-Control") !== undefined) this.#warnOfCaching(response);
    response.setHeader("Cache-Control", "no-store");
  }

  #warnOfCaching(response: Response): void {
    const wanted = response.headerValues("Cache-Control").join(", ");
    if (!/public|max-age=[1-9]|s-maxage/i.test(wanted)) return;
    this.#warn(
      `a response with a session cookie asked for "Cache-Control: ${wanted}"; it was sent with no-store`,
    );
  }
}
