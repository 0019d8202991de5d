/** What a context needs of its app, and of the route that it enters. */
import type { Awaitable } from "./awaitable.ts";
import type { Settings } from "./config/settings.ts";
import type { LogLevel } from "./engines/logger/logger.ts";
import type { Page } from "./engines/template/template.ts";
import type { Request } from "./request/request.ts";
import type { PathMatch, RoutePattern } from "./routing/route-pattern.ts";
import type { Session } from "./session/session.ts";

/** What an app does for its contexts. */
export interface ContextHost<Ctx> {
  /** The settings in force. */
  readonly settings: Settings;
  /** The session of the context's request. */
  session(ctx: Ctx): Session;
  /** A rendered page; the word says whether its source is a view's name or markup. */
  page(word: "render" | "renderWithLayout", ctx: Ctx, ...page: Required<Page>): Awaitable<string>;
  /** The media type of a name such as `json`. */
  mediaType(name: string): string;
  /** Logs a line. */
  log(level: LogLevel, message: string, request: Request): void;
}

/** A route that a context enters, and what the path gave to it. */
export interface Entry<Ctx> {
  readonly route: EnteredRoute<Ctx>;
  readonly match: PathMatch;
}

/** What a context knows of its route. */
export interface EnteredRoute<Ctx> {
  readonly method: string;
  readonly pattern: RoutePattern;
  /** The app whose settings count for this route. */
  readonly host: ContextHost<Ctx>;
}
