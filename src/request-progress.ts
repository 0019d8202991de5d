/** What the app notes about a request while it is being answered. */
import type { Session } from "./session/session.ts";

/** How far a request has come; handlers never see it. */
export class RequestProgress {
  /** The session, once a handler or hook has asked for it. */
  session: Session | undefined = undefined;
  /** A session that was fetched ahead of the handler. */
  loadedSession: Session | undefined = undefined;
  /** Why a session could not be fetched ahead. */
  sessionFailure: unknown = undefined;
  /** True once the response headers have gone; a session that nobody asked for stays closed. */
  sessionSettled = false;
  /** True once the after hooks have begun; they run once. */
  afterBegan = false;
  /** True once this response was made a redirect. */
  redirected = false;
  /** True once a route threw, or passed to nothing: its session changes do not count, whoever answers. */
  threw = false;
  /** How often `forward` has started the request over. */
  forwards = 0;
}
