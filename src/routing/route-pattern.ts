/** One route's path: Dancer's patterns and regular expressions, matched in time linear in the path. */
import { RouteError } from "../errors.ts";
import { shapesOf, type Piece, type ShapePart } from "./route-shape.ts";

/** What a path gave to the route that matched it. */
export interface PathMatch {
  /** Values of the named tokens, inheriting nothing; that of an optional token that is absent is `undefined`. */
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Values of `*` and `**` (a list of segments), or of a regular expression's groups, in order. */
  readonly splat: readonly (string | readonly string[] | undefined)[];
  /** Named groups of a regular expression; `undefined` when it has none. */
  readonly captures: Readonly<Record<string, string | undefined>> | undefined;
}

/** A compiled route path. */
export class RoutePattern {
  /** The pattern as people know it, prefix included: `/shop/:id` or `/\/item\/(\d+)/`. */
  readonly source: string;
  /** True when the route was given as a regular expression; an index cannot sort it. */
  readonly isRegExp: boolean;
  /** Every path that matches lies in one of these; not every path in them matches. */
  readonly shapes: readonly (readonly ShapePart[])[];
  /** The one path that matches, when the pattern is a path without tokens. */
  readonly literal: string | undefined;
  readonly #match: Matcher;

  /**
   * Compiles a pattern below a prefix. Tokens work in the prefix too, unless the pattern is a
   * regular expression: then the prefix is plain text. `/` below a prefix answers with and without
   * its slash.
   *
   * A regular expression must match the whole path. Its speed is its author's business.
   *
   * @throws RouteError `route-pattern-invalid` or `route-prefix-invalid`, saying what to write instead.
   */
  constructor(pattern: string | RegExp, prefix = "") {
    const base = prefix === "/" ? "" : prefix;
    if (base !== "" && !base.startsWith("/")) {
      throw new RouteError(
        "route-prefix-invalid",
        `the prefix "${base}" must start with "/"; write "/${base}"`,
      );
    }
    this.isRegExp = typeof pattern !== "string";
    if (typeof pattern !== "string") {
      this.source = base === "" ? String(pattern) : `${base} ${String(pattern)}`;
      this.shapes = [];
      this.literal = undefined;
      this.#match = regExpMatcher(pattern, base);
      return;
    }
    if (!pattern.startsWith("/"))
      throw invalid(pattern, `must start with "/"; write "/${pattern}"`);
    const isRoot = pattern === "/" && base !== "";
    this.source = isRoot ? base : base + pattern;
    const pieces = parse(isRoot ? `${base}/?` : this.source);
    this.shapes = shapesOf(pieces);
    const [piece, more] = pieces;
    const isLiteral = more === undefined && piece?.kind === "literal" && !piece.optional;
    this.literal = isLiteral ? piece.text : undefined;
    this.#match = pieceMatcher(pieces);
  }
  /** What the path gives, or `undefined`; the path is decoded and is matched to its very end. */
  match(path: string): PathMatch | undefined {
    return this.#match(path);
  }
}

/** An object that inherits nothing; made like this, and not from null, it stays fast when keys are added. */
const Bare = function Bare() {
  // It has no members of its own either.
} as unknown as new () => Record<string, string | undefined>;
Bare.prototype = Object.freeze(Object.create(null) as object);

/** What a path gives to a route without tokens, and to none: shared, so nobody may change it. */
export const NO_VALUES: PathMatch = Object.freeze({
  params: Object.freeze(new Bare()),
  splat: Object.freeze([]),
  captures: undefined,
});

type Matcher = (path: string) => PathMatch | undefined;

const PIECE = /(?:\*\*|\*|:(?<name>[^/.?*:]*)|(?<char>[^?*:]))(?<optional>\??)/gsu;

function parse(pattern: string): Piece[] {
  if (pattern.includes("***")) {
    throw invalid(pattern, `has "***"; write "*" within a segment or "**" across segments`);
  }
  if (pattern.includes("??")) throw invalid(pattern, `has "??"; one "?" makes a part optional`);
  const pieces: Piece[] = [];
  for (const { 0: text, groups = {} } of pattern.matchAll(PIECE)) {
    const optional = groups.optional === "?";
    const last = pieces.at(-1);
    if (groups.char !== undefined) {
      const joins = !optional && last?.kind === "literal" && !last.optional;
      const literal = joins ? last.text + groups.char : groups.char;
      pieces.splice(joins ? -1 : pieces.length, 1, { kind: "literal", text: literal, optional });
    } else {
      if (groups.name !== undefined) checkName(groups.name, pattern);
      const kind = text.startsWith("**") ? "path" : "segment";
      pieces.push({ kind, name: groups.name ?? "", optional });
    }
  }
  return pieces;
}

function checkName(name: string, pattern: string): void {
  if (name === "") {
    throw invalid(pattern, `has ":" without a name; write ":id", or a RegExp for a literal colon`);
  }
  if (name === "__proto__")
    throw invalid(pattern, `names a token "__proto__"; choose another name`);
  // Dancer takes any character up to "/", "." or "?", so "/:from-:to" would name a token "from-".
  if (/[()]|[^\p{L}\p{N}_]$/u.test(name)) {
    throw invalid(
      pattern,
      `names a token "${name}", for a name ends only at "/", "." or "?"; write a RegExp instead`,
    );
  }
}

function invalid(pattern: string, problem: string): RouteError {
  return new RouteError("route-pattern-invalid", `the route pattern "${pattern}" ${problem}`);
}

function regExpMatcher(pattern: RegExp, prefix: string): Matcher {
  // Sticky and the look-ahead hold at the ends of the path under every flag, unlike `^` and `$` with `m`.
  const flags = pattern.flags.replace(/[gy]/g, "");
  const whole = new RegExp(`(?:${pattern.source})(?![^])`, `${flags}y`);
  return (path) => {
    if (!path.startsWith(prefix)) return undefined;
    whole.lastIndex = 0;
    const found = whole.exec(path.slice(prefix.length));
    if (found === null) return undefined;
    const [, ...groups] = found as (string | undefined)[];
    const captures = found.groups;
    return { params: new Bare(), splat: captures === undefined ? filled(groups) : [], captures };
  };
}

/**
 * Matches as a backtracking RegExp with greedy groups would, leftmost group first, but in
 * O(pieces × path): going backwards, it notes for each piece the places from which it and all later
 * pieces can reach the end; going forwards, each piece takes the most that the next one can go on
 * from, and never has to give anything back.
 */
function pieceMatcher(pieces: readonly Piece[]): Matcher {
  const [first] = pieces;
  const start = first?.kind === "literal" && !first.optional ? first.text : "";
  const rest = start === "" ? pieces : pieces.slice(1);
  if (rest.length === 0) {
    return (path) => (path === start ? NO_VALUES : undefined);
  }
  if (isPlain(rest)) return plainMatcher(start, rest);
  const backwards = rest.toReversed();
  return (path) => {
    if (!path.startsWith(start)) return undefined;
    const subject = path.slice(start.length);
    const reach = reachable(backwards, subject);
    return reach[0] === 1 ? take(rest, subject, reach) : undefined;
  };
}

/** Tells whether each token fills its segment, so that only one way of matching is possible. */
function isPlain(pieces: readonly Piece[]): boolean {
  return pieces.every((piece, at) => {
    if (piece.optional || piece.kind === "path") return false;
    const next = pieces[at + 1];
    if (piece.kind === "literal" || next === undefined) return true;
    return next.kind === "literal" && next.text.startsWith("/");
  });
}

function plainMatcher(start: string, pieces: readonly Piece[]): Matcher {
  return (path) => {
    if (!path.startsWith(start)) return undefined;
    const params = new Bare();
    const splat: string[] = [];
    let at = start.length;
    for (const piece of pieces) {
      if (piece.kind === "literal") {
        if (!path.startsWith(piece.text, at)) return undefined;
        at += piece.text.length;
        continue;
      }
      const slash = path.indexOf("/", at);
      const end = slash === -1 ? path.length : slash;
      if (end === at) return undefined;
      const value = path.slice(at, end);
      if (piece.name === "") splat.push(value);
      else params[piece.name] = value;
      at = end;
    }
    return at === path.length ? { params, splat, captures: undefined } : undefined;
  };
}

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** One row a piece and one for the end: cell `row × (length + 1) + place`. */
function reachable(backwards: readonly Piece[], path: string): Uint8Array {
  const width = path.length + 1;
  const reach = new Uint8Array(width * (backwards.length + 1));
  reach[reach.length - 1] = 1;
  let here = width * backwards.length;
  const pairs = Array.from(path.matchAll(PAIR), ({ index }) => index);
  for (const piece of backwards) {
    const next = here;
    here -= width;
    if (piece.optional) reach.copyWithin(here, next, next + width);
    if (piece.kind === "literal") {
      const { text } = piece;
      for (let at = path.length - text.length; at >= 0; at -= 1) {
        if (reach[next + at + text.length] === 1 && path.startsWith(text, at)) reach[here + at] = 1;
      }
      continue;
    }
    // A value goes from anywhere in its stretch to the last place there that the next piece can go on from.
    for (let start = 0; start < path.length;) {
      const slash = piece.kind === "segment" ? path.indexOf("/", start) : -1;
      const end = slash === -1 ? path.length : slash;
      let last = end;
      while (last > start && reach[next + last] !== 1) last -= 1;
      reach.fill(1, here + start, here + last);
      start = end + 1;
    }
    // It never begins or ends within a surrogate pair.
    for (const at of pairs) reach[here + at + 1] = 0;
  }
  return reach;
}

function take(pieces: readonly Piece[], path: string, reach: Uint8Array): PathMatch {
  const width = path.length + 1;
  const params = new Bare();
  const splat: (string | readonly string[] | undefined)[] = [];
  let at = 0;
  let next = 0;
  for (const piece of pieces) {
    next += width;
    if (piece.kind === "literal") {
      const end = at + piece.text.length;
      if (path.startsWith(piece.text, at) && reach[next + end] === 1) at = end;
      continue;
    }
    const slash = piece.kind === "segment" ? path.indexOf("/", at) : -1;
    const end = reach.lastIndexOf(1, next + (slash === -1 ? path.length : slash)) - next;
    const value = end > at ? path.slice(at, end) : undefined;
    if (piece.kind === "path") splat.push(segments(value));
    else if (piece.name === "") splat.push(value);
    else params[piece.name] = value;
    at = end;
  }
  return { params, splat: filled(splat), captures: undefined };
}

/** As in Dancer, what matched nothing at the end leaves nothing. */
function filled<T>(values: readonly (T | undefined)[]): readonly (T | undefined)[] {
  return values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
}

/** Splits as Perl does: empty segments at the end are dropped, others kept. */
function segments(value = ""): readonly string[] {
  let end = value.length;
  while (value[end - 1] === "/") end -= 1;
  return end === 0 ? [] : value.slice(0, end).split("/");
}
