/** The life of a session within a request: opened when first asked for, settled in one place. */
import { createHmac, randomBytes } from "node:crypto";
import { attempt, chain, isPromise, type Awaitable } from "../awaitable.ts";
import { rawCookie, rawCookies } from "../request/cookies.ts";
import { EXPIRES, idleLimit } from "../engines/session/store.ts";
import type {
  SessionChanges,
  SessionLimits,
  SessionRecord,
  SessionStore,
} from "../engines/session/store.ts";
import { EngineError, HTTPError, SessionError } from "../errors.ts";
import type { RequestProgress } from "../request-progress.ts";
import type { ReportSecurityEvent } from "../security-events.ts";
import type { Response } from "../response/response.ts";
import { Session, type SessionOptions, type SessionOutcome } from "./session.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** What a request tells the session's life: the only channel a session id comes from is the Cookie header. */
export interface SessionRequest {
  readonly cookieHeader: string | undefined;
  readonly method: string;
  readonly secure: boolean;
}

/** How many cookies of the session's name are looked at in one request. */
const MOST_TRIED = 4;

/** Opens and settles the sessions of one app. */
export class SessionLifeCycle {
  readonly #store: SessionStore;
  readonly #cookie: SessionCookie;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #warn: (message: string) => void;
  readonly #report: ReportSecurityEvent;
  readonly #sessionOptions: SessionOptions;
  readonly #headOptions: SessionOptions;
  #fingerprintKey: Buffer | undefined;
  #warnedOfPlainHttp = false;

  constructor(options: {
    store: SessionStore;
    cookie: SessionCookie;
    limits: SessionLimits;
    now: () => number;
    warn: (message: string) => void;
    report: ReportSecurityEvent;
  }) {
    this.#store = options.store;
    this.#cookie = options.cookie;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#warn = options.warn;
    this.#report = options.report;
    this.#sessionOptions = {
      now: options.now,
      keepsFlash: false,
      fingerprint: (id) => this.#fingerprint(id),
    };
    this.#headOptions = { ...this.#sessionOptions, keepsFlash: true };
  }

  /**
   * Fetches the session ahead of the handler, where the engine has to be waited for and a cookie
   * came along. A failure is kept until somebody asks for the session.
   */
  load(request: SessionRequest, progress: RequestProgress): Awaitable<void> {
    if (!this.#store.waits || progress.loadedSession !== undefined) return undefined;
    if (rawCookie(request.cookieHeader, this.#cookie.name) === undefined) return undefined;
    return attempt<unknown>(
      () =>
        chain(this.#open(request), (session) => {
          progress.loadedSession = session;
        }),
      (failure) => {
        progress.sessionFailure = failure;
      },
    ) as Awaitable<void>;
  }

  /**
   * The visitor's session, or a new one when the cookie is missing, forged or expired.
   *
   * @throws HTTPError 503 `session-unavailable` when the store did not answer, SessionError
   *   `session-settled` when the headers have gone.
   */
  current(request: SessionRequest, progress: RequestProgress): Session {
    if (progress.session !== undefined) return progress.session;
    if (progress.sessionSettled) {
      throw new SessionError(
        "session-settled",
        "the session was first asked for after the response headers had gone; ask for it before the handler returns",
      );
    }
    if (progress.sessionFailure !== undefined) throw unavailable(progress.sessionFailure);
    let opened: Awaitable<Session>;
    try {
      opened = progress.loadedSession ?? this.#open(request);
    } catch (cause) {
      throw unavailable(cause);
    }
    if (isPromise(opened)) {
      throw new EngineError(
        "session-not-loaded",
        "this session engine has to be waited for, and the route said { session: false }; leave that out",
      );
    }
    return (progress.session = opened);
  }

  /**
   * Saves, refreshes or ends the session, and marks the response for browsers and caches: a session
   * that was used adds `Vary: Cookie`, a session cookie adds `Cache-Control: no-store`.
   *
   * @param failed true when the handler threw: its changes are dropped, but `destroy` and
   *   `regenerate` take effect.
   */
  settle(
    session: Session,
    request: SessionRequest,
    response: Response,
    failed: boolean,
  ): Awaitable<void> {
    response.vary("Cookie");
    const outcome = session.settle(failed);
    const forgotten = this.#forget(outcome);
    return forgotten === undefined
      ? this.#keep(session, outcome, request, response)
      : forgotten.then(() => this.#keep(session, outcome, request, response));
  }

  /**
   * Ends all sessions bound to this user that began before now.
   *
   * @throws SessionError `session-revocation-off` where no engine or list can do that,
   *   `session-user-invalid`.
   */
  endSessions(user: string): Awaitable<void> {
    if (typeof user === "string" && user !== "") return this.#end(user);
    throw new SessionError(
      "session-user-invalid",
      "endSessions() needs a user's name or id as text",
    );
  }

  /** Ends everybody's sessions that began before now. @throws SessionError `session-revocation-off`. */
  endAllSessions(): Awaitable<void> {
    return this.#end(undefined);
  }

  /** Lets go of the store. */
  close(): Awaitable<void> {
    return this.#store.close?.();
  }

  #end(user: string | undefined): Awaitable<void> {
    if (this.#store.endSessions !== undefined) return this.#store.endSessions(user);
    throw new SessionError(
      "session-revocation-off",
      "sessions can be ended from outside only where a revocation list is kept; set " +
        "session_revocation: memory, or redis for several processes",
    );
  }

  #open(request: SessionRequest): Awaitable<Session> {
    const values = rawCookies(request.cookieHeader, this.#cookie.name, MOST_TRIED);
    const options = request.method === "HEAD" ? this.#headOptions : this.#sessionOptions;
    if (values.length === 0) return new Session(this.#store, undefined, options);
    const seen = rawCookie(request.cookieHeader, this.#cookie.seenName);
    return chain(
      this.#openFirst(values, 0, seen),
      (record) => new Session(this.#store, record, options),
    );
  }

  /** The first that opens counts; that there are several hints at another site that plants cookies. */
  #openFirst(
    values: readonly string[],
    at: number,
    seen: string | undefined,
  ): Awaitable<SessionRecord | undefined> {
    const value = values[at];
    const isLast = at + 1 >= values.length;
    return chain(value ? this.#store.open(value, seen) : undefined, (record) => {
      if (record === undefined && !isLast) return this.#openFirst(values, at + 1, seen);
      if (values.length > 1) {
        this.#report(
          "cookie-duplicate",
          record === undefined ? "none opened" : `${at + 1} from last`,
        );
      }
      return record;
    });
  }

  #fingerprint(id: string): string {
    this.#fingerprintKey ??= this.#store.deriveKey?.("session-fingerprint") ?? randomBytes(32);
    return createHmac("sha256", this.#fingerprintKey).update(id).digest("hex").slice(0, 16);
  }

  #forget(outcome: SessionOutcome): Promise<void> | undefined {
    let waiting: Promise<void> | undefined;
    for (const record of outcome.destroyed) {
      const done =
        waiting === undefined
          ? ask(() => this.#store.destroy(record.id, record))
          : waiting.then(() => ask(() => this.#store.destroy(record.id, record)));
      if (isPromise(done)) waiting = done;
    }
    return waiting;
  }

  #keep(
    session: Session,
    outcome: SessionOutcome,
    request: SessionRequest,
    response: Response,
  ): Awaitable<void> {
    if (outcome.save !== undefined) {
      const { record, changes } = outcome.save;
      return chain(
        ask(() => this.#store.save(record, changes)),
        (value) => {
          // A cache must not answer a request that changes the session in its place.
          if (this.#isKnown(request, value, changes)) this.#forbidStoring(response);
          else this.#send(response, request, this.#cookie.name, value, record);
        },
      );
    }
    if (outcome.expire) {
      this.#expire(request, response);
      return undefined;
    }
    return this.#refresh(session, request, response);
  }

  /** The browser has this cookie already, and need not keep it for longer or shorter. */
  #isKnown(request: SessionRequest, value: string, changes: SessionChanges): boolean {
    const { cookieHeader } = request;
    if (cookieHeader?.includes(value) !== true) return false;
    if (rawCookie(cookieHeader, this.#cookie.name) !== value) return false;
    return !changes.written.includes(EXPIRES) && !changes.deleted.includes(EXPIRES);
  }

  #refresh(session: Session, request: SessionRequest, response: Response): Awaitable<void> {
    const record = session.record;
    // Half the idle time: seldom enough to be cheap, often enough that no active visitor is lost.
    if (record === undefined) return;
    if (this.#now() - record.lastSeen < idleLimit(record.data, this.#limits) * 500) return;
    if (record.stale === true) {
      const kept = { ...record, lastSeen: this.#now() };
      return chain(
        ask(() => this.#store.save(kept, { written: [], deleted: [] })),
        (value) => {
          this.#send(response, request, this.#cookie.name, value, record);
        },
      );
    }
    return chain(
      ask(() => this.#store.touch(record)),
      (value) => {
        if (value === undefined) return;
        this.#send(response, request, this.#cookie.seenName, value, record);
      },
    );
  }

  #expire(request: SessionRequest, response: Response): void {
    for (const name of [this.#cookie.name, this.#cookie.seenName]) {
      if (rawCookie(request.cookieHeader, name) === undefined) continue;
      response.appendHeader("Set-Cookie", this.#cookie.expire(name, request.secure));
      this.#forbidStoring(response);
    }
  }

  #send(
    response: Response,
    request: SessionRequest,
    name: string,
    value: string,
    record: SessionRecord,
  ): void {
    const lifetime = this.#limits.absolute - (this.#now() - record.createdAt) / 1000;
    const how = { secureRequest: request.secure, hasOwnTime: Object.hasOwn(record.data, EXPIRES) };
    response.appendHeader("Set-Cookie", this.#cookie.write(name, value, lifetime, how));
    this.#forbidStoring(response);
    if (this.#warnedOfPlainHttp || !this.#cookie.isAtOdds(request.secure)) return;
    this.#warnedOfPlainHttp = true;
    this.#warn(
      "the session cookie is Secure but a request came over plain HTTP, so browsers may drop it; " +
        "serve HTTPS, or set session_secure: false where that is intended",
    );
  }

  #forbidStoring(response: Response): void {
    const wanted = response.headerValues("Cache-Control").join(", ");
    if (/public|max-age=[1-9]|s-maxage/i.test(wanted)) {
      this.#warn(
        `a response with a session cookie asked for "Cache-Control: ${wanted}"; it was sent with no-store`,
      );
    }
    response.setHeader("Cache-Control", "no-store");
  }
}

/** A store that cannot keep a session is out of order; what is wrong with the session is said as it is. */
function ask<T>(work: () => Awaitable<T>): Awaitable<T> {
  return attempt(work, (cause) => {
    throw cause instanceof SessionError ? cause : unavailable(cause);
  });
}

function unavailable(cause: unknown): HTTPError {
  return new HTTPError(503, "the session store does not answer", {
    cause,
    code: "session-unavailable",
    headers: { "Retry-After": "1" },
  });
}
