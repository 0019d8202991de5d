/** What context and session note about a request while it is being answered. */
import type { Session } from "./session/session.ts";

/** How far a request has come; handlers never see it. */
export class RequestProgress {
  /** True once this response was made a redirect. */
  redirected = false;
  /** The session, once a handler or hook has asked for it. */
  session: Session | undefined = undefined;
  /** A session that was fetched ahead of the handler. */
  loadedSession: Session | undefined = undefined;
  /** Why a session could not be fetched ahead. */
  sessionFailure: unknown = undefined;
  /** True once the response headers have gone; a session that nobody asked for stays closed. */
  sessionSettled = false;
}
