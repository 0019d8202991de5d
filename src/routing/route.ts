/** A route as the app keeps it. */
import type { Context } from "../context.ts";
import type { EnteredRoute } from "../context-host.ts";
import type { RouteConditions } from "./route-conditions.ts";
import type { Found } from "./router.ts";

/** A route as it was declared. */
export interface Route extends EnteredRoute<Context<unknown>> {
  readonly conditions: RouteConditions | undefined;
  readonly handler: (ctx: Context<never>) => unknown;
  /** False when the route never uses a session. */
  readonly session: boolean;
  /** True when the handler reads the body itself. */
  readonly streamsBody: boolean;
}

/** The route that a path led to, and what the path gave to it. */
export type RouteMatch = Found<Route>;
