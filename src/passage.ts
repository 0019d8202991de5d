/** One request on its way through the cycle, and what its steps note about it. */
import type { Context } from "./context.ts";
import type { RouteMatch } from "./routing/route.ts";

/** What the steps of a request's life hand on. */
export class Passage {
  readonly ctx: Context;
  /** The route that is to answer; `undefined` when none matches. */
  found: RouteMatch | undefined = undefined;
  /** The path for which that route was found. */
  foundFor = "";
  /** How often before hooks have set another path. */
  rewrites = 0;
  /** How often `forward` has started the request over. */
  forwards = 0;
  /** True once the after hooks have begun; they run once. */
  afterBegan = false;
  /** True once something was thrown that nobody meant to answer with: session changes do not count. */
  failed = false;

  constructor(ctx: Context) {
    this.ctx = ctx;
  }
}
