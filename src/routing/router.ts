/** Which route answers: definition order is the law, find-my-way is the index. */
import findMyWay from "find-my-way";
import { RouteError } from "../errors.ts";
import { declared } from "../inspection.ts";
import type { PathMatch, RoutePattern } from "./route-pattern.ts";
import type { ShapePart } from "./route-shape.ts";

/** What the router needs to know of a route. */
export interface Routable {
  /** The method in upper case. */
  readonly method: string;
  readonly pattern: RoutePattern;
  /** When set, the route goes before all routes without conditions, as in Dancer. */
  readonly conditions?: object | undefined;
}

/** A route and what the path gave to it. */
export interface Found<R> {
  readonly route: R;
  readonly match: PathMatch;
  /** Where the route stands; the search goes on from the next one when it passes. */
  readonly position: number;
}

interface Placed<R> {
  readonly route: R;
  readonly position: number;
}

/** Routes of one shape by the method they answer, each list by position. */
type Entry<R> = Map<string, Placed<R>[]>;

/**
 * Routes in definition order.
 *
 * The index only proposes. Each pattern lies in one or more coarse shapes (literal beginnings of
 * segments), and find-my-way walks all shapes that a path fits, not only the most specific, because
 * the storage of its constraint notes each entry it is asked about and then refuses. So a route is
 * proposed for every path it matches, whatever other routes there are, and its own pattern decides.
 */
export class Router<R extends Routable> {
  readonly #routes: R[] = [];
  readonly #regExps: Entry<R> = new Map();
  readonly #entries = new Map<string, Entry<R>>();
  readonly #index = findMyWay({
    caseSensitive: true,
    maxParamLength: Number.MAX_SAFE_INTEGER,
    constraints: {
      entry: {
        name: "entry",
        deriveConstraint: () => ANY,
        storage: () => {
          let entry: Entry<R> | undefined;
          return {
            get: () => {
              if (entry !== undefined) this.#proposed.push(entry);
              return null;
            },
            set: (shape) => {
              entry = this.#entries.get(shape);
            },
          };
        },
      },
    },
  });
  #proposed: Entry<R>[] = [];
  /** The path for which these were proposed. */
  #proposedFor: string | undefined;
  /** By path and method what answers the paths of routes without tokens, noted when such a path first comes. */
  readonly #literals = new Map<string, Map<string, Found<R>>>();
  #isFrozen = false;

  /** The routes in definition order. */
  get routes(): readonly R[] {
    return this.#routes;
  }

  /**
   * Adds a route after all others; the same route twice is no error.
   *
   * @throws RouteError `route-too-late` once the router is frozen.
   */
  add(route: R): void {
    const { method, pattern } = route;
    if (this.#isFrozen) {
      throw new RouteError(
        "route-too-late",
        `the route ${method} ${pattern.source} comes too late, the app is serving; ` +
          `declare all routes before the first request`,
      );
    }
    if (declared.hasSubscribers) declared.publish(route);
    this.#proposedFor = undefined;
    const position = this.#routes.push(route) + (route.conditions === undefined ? LATER : 0);
    const placed = { route, position };
    if (pattern.literal !== undefined) this.#literals.set(pattern.literal, new Map());
    for (const entry of pattern.isRegExp ? [this.#regExps] : this.#entriesOf(pattern)) {
      place(entry, method, placed);
      if (method === "GET") place(entry, "HEAD", placed);
    }
  }

  /** Refuses further routes. Nothing is left to build by then, or later. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /**
   * Finds the first route that answers, in definition order but those with conditions first.
   * `HEAD` is answered by `GET` routes too. Conditions are the caller's to check.
   *
   * @param from where to go on: one more than the `position` of the route that passed
   */
  find(method: string, path: string, from = 0): Found<R> | undefined {
    const literal = from === 0 && this.#isFrozen ? this.#literals.get(path) : undefined;
    const known = literal?.get(method);
    if (known !== undefined) return known;
    const found = this.#search(method, path, from);
    if (found !== undefined) literal?.set(method, shared(found));
    return found;
  }

  /** The methods that some route answers for this path, sorted, `HEAD` included where `GET` is. */
  allowed(path: string): readonly string[] {
    const methods: string[] = [];
    // As a rule this is the path for which a route was sought a moment ago.
    const entries = path === this.#proposedFor ? this.#proposed : this.#propose(path);
    for (const entry of entries) {
      for (const [method, list] of entry) {
        if (methods.includes(method)) continue;
        if (list.some(({ route }) => route.pattern.match(path) !== undefined)) methods.push(method);
      }
    }
    return methods.sort();
  }

  #search(method: string, path: string, from: number): Found<R> | undefined {
    const lists: (readonly Placed<R>[])[] = [];
    for (const entry of this.#propose(path)) {
      const list = entry.get(method);
      if (list !== undefined) lists.push(list);
    }
    let next = nextPlaced(lists, from);
    while (next !== undefined) {
      const { route, position } = next;
      const match = route.pattern.match(path);
      if (match !== undefined) return { route, match, position };
      next = nextPlaced(lists, position + 1);
    }
    return undefined;
  }

  #propose(path: string): Entry<R>[] {
    this.#proposed = [this.#regExps];
    this.#proposedFor = path;
    if (path.startsWith("/")) this.#index.find("GET", indexed(path), { entry: ANY });
    return this.#proposed;
  }

  #entriesOf(pattern: RoutePattern): Entry<R>[] {
    return [...new Set(pattern.shapes.map(shapeText))].map((shape) => {
      const known = this.#entries.get(shape);
      if (known !== undefined) return known;
      const entry: Entry<R> = new Map();
      this.#entries.set(shape, entry);
      // One tree for all methods: entries sort them, and may hold some that find-my-way does not know.
      this.#index.on("GET", shape, { constraints: { entry: shape } }, noHandler);
      return entry;
    });
  }
}

/** The value that every request has for the constraint; storages do not look at it. */
const ANY = "any";
/** Beyond any number of routes, so that routes with conditions come before those without. */
const LATER = 2 ** 32;
const WILDCARDS = { "": "", segment: ":rest", path: "*" } as const;

function noHandler(): void {
  // find-my-way wants one; the storage refuses before it is ever chosen.
}

/** Handed out to every request for this path, so nobody may change it. */
function shared<R>(found: Found<R>): Found<R> {
  const { params, splat, captures } = found.match;
  for (const part of [params, splat, captures]) Object.freeze(part);
  return Object.freeze(found);
}

function shapeText(shape: readonly ShapePart[]): string {
  return shape.map(({ literal, then }) => indexed(literal) + WILDCARDS[then]).join("");
}

/**
 * Replaces what find-my-way would decode, cut off or take for a wildcard. Two texts may become the
 * same; then the index proposes more, and the patterns decide.
 */
function indexed(text: string): string {
  return /[%?#:*]/.test(text) ? text.replace(/[%?#:*]/g, "!") : text;
}

function place<R>(entry: Entry<R>, method: string, placed: Placed<R>): void {
  const list = entry.get(method);
  if (list === undefined) entry.set(method, [placed]);
  else list.splice(list.findLastIndex((each) => each.position < placed.position) + 1, 0, placed);
}

/** The first at or after `from` in sorted lists; so a route that stands in two of them comes once. */
function nextPlaced<R>(
  lists: readonly (readonly Placed<R>[])[],
  from: number,
): Placed<R> | undefined {
  let first: Placed<R> | undefined;
  for (const list of lists) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((list[middle]?.position ?? from) < from) low = middle + 1;
      else high = middle;
    }
    const head = list[low];
    if (head !== undefined && (first === undefined || head.position < first.position)) first = head;
  }
  return first;
}
