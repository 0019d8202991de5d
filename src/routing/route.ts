/** A route as the app keeps it. */
import type { Context, ContextHost } from "../context.ts";
import type { RouteConditions } from "./route-conditions.ts";
import type { RoutePattern } from "./route-pattern.ts";
import type { Found } from "./router.ts";

/** A route as it was declared. */
export interface Route {
  readonly method: string;
  readonly pattern: RoutePattern;
  readonly conditions: RouteConditions | undefined;
  readonly handler: (ctx: Context<never>) => unknown;
  /** False when the route never uses a session. */
  readonly session: boolean;
  /** True when the handler reads the body itself. */
  readonly streamsBody: boolean;
  /** The app whose settings count for this route. */
  readonly host: ContextHost;
}

/** The route that a path led to, and what the path gave to it. */
export type RouteMatch = Found<Route>;
