/** Declaring routes: methods, prefixes and options, kept in definition order. */
import type { Context } from "../context.ts";
import { RouteError } from "../errors.ts";
import type { PathParams } from "./path-params.ts";
import type { Route } from "./route.ts";
import { parseConditions, type ConditionValue } from "./route-conditions.ts";
import { RoutePattern } from "./route-pattern.ts";

/** What a route may say about itself besides its path; any other name is a condition on the request. */
export interface RouteOptions {
  /** `false`: the route never uses a session, so none is fetched ahead. */
  readonly session?: boolean;
  /** `"stream"`: the handler reads the body from `request.raw` itself. */
  readonly body?: "stream";
  /** Dancer's conditions: `{ agent: /Songbird/, host: "shop\\.test" }`. */
  readonly [condition: string]: ConditionValue | boolean | undefined;
}

/** A route handler: gets the context, returns the answer (see `respond`), or a promise of it. */
export type Handler<P> = (ctx: Context<PathParams<P>>) => unknown;

/** A word that declares a route; parameters are typed from the path. */
export interface RouteWord {
  <const P extends string | RegExp>(path: P, handler: Handler<P>): void;
  <const P extends string | RegExp>(path: P, options: RouteOptions, handler: Handler<P>): void;
}

/** The word `any`: every method, or those of a list. */
export interface AnyWord extends RouteWord {
  <const P extends string | RegExp>(methods: readonly string[], path: P, handler: Handler<P>): void;
  <const P extends string | RegExp>(
    methods: readonly string[],
    path: P,
    options: RouteOptions,
    handler: Handler<P>,
  ): void;
}

/** Methods that `any` stands for, as in Dancer. */
const ANY_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] as const;

/** The routes of one app as they are declared. */
export class RouteTable {
  /** The prefix below which all routes of this table lie. */
  readonly base: string;
  readonly #host: Route["host"];
  readonly #add: (route: Route) => void;
  #prefix: string;

  /** @param base the prefix below which all routes of this table lie, `""` for none */
  constructor(host: Route["host"], base: string, add: (route: Route) => void) {
    this.#host = host;
    this.#prefix = checkPrefix(base);
    this.base = this.#prefix;
    this.#add = add;
  }

  /** The word that declares routes of this method. */
  word(method: string): RouteWord {
    return (path: string | RegExp, ...rest: readonly unknown[]) =>
      this.#declare([method], path, rest);
  }

  /** The word `any`. */
  get anyWord(): AnyWord {
    return (first: string | RegExp | readonly string[], ...rest: readonly unknown[]) => {
      if (typeof first === "string" || first instanceof RegExp) {
        this.#declare(ANY_METHODS, first, rest);
        return;
      }
      const [path, ...more] = rest;
      this.#declare(first, path as string | RegExp, more);
    };
  }

  /** Adds a route for each method. @throws RouteError on a bad pattern, condition or handler. */
  #declare(methods: readonly string[], path: string | RegExp, rest: readonly unknown[]): void {
    const handler = rest.at(-1);
    const options = (rest.length > 1 ? rest[0] : {}) as RouteOptions;
    if (typeof handler !== "function") {
      throw new RouteError(
        "route-handler-missing",
        `the route "${String(path)}" has no handler function`,
      );
    }
    const { session = true, body, ...conditions } = options;
    const pattern = new RoutePattern(path, this.#prefix);
    const holds =
      Object.keys(conditions).length === 0
        ? undefined
        : parseConditions(conditions as Record<string, ConditionValue>);
    for (const method of methods) {
      this.#add({
        method: method.toUpperCase(),
        pattern,
        conditions: holds,
        handler: handler as Route["handler"],
        session,
        streamsBody: body === "stream",
        host: this.#host,
      });
    }
  }

  /** Sets the prefix of the routes that follow, or of those that `block` declares. `null` and `/` reset. */
  prefix(path: string | null, block?: () => void): void {
    const added = checkPrefix(path ?? "");
    if (block === undefined) {
      this.#prefix = this.base + added;
      return;
    }
    const outer = this.#prefix;
    this.#prefix = outer + added;
    try {
      block();
    } finally {
      this.#prefix = outer;
    }
  }
}

function checkPrefix(prefix: string): string {
  if (prefix === "" || prefix.startsWith("/")) return prefix.replace(/\/$/, "");
  throw new RouteError("route-prefix-invalid", `the prefix "${prefix}" must start with "/"`);
}
