/** One route's path: Dancer's patterns and regular expressions, matched in time linear in the path. */
import { RouteError } from "../errors.ts";

/** What a path gave to the route that matched it. */
export interface PathMatch {
  /** Values of the named tokens, without a prototype; an optional token that is absent has no key. */
  readonly params: Readonly<Record<string, string>>;
  /** Values of `*` and `**` (a list of segments), or of a regular expression's groups, in order. */
  readonly splat: readonly (string | readonly string[] | undefined)[];
  /** Named groups of a regular expression; `undefined` when it has none. */
  readonly captures: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * A stretch of a path for an index: `literal`, then nothing, the rest of the segment or the rest of
 * the path, either of which may be empty.
 */
export interface ShapePart {
  readonly literal: string;
  readonly then: "" | "segment" | "path";
}

/** A compiled route path. */
export class RoutePattern {
  /** The pattern as people know it, prefix included: `/shop/:id` or `/\/item\/(\d+)/`. */
  readonly source: string;
  /** True when the route was given as a regular expression; an index cannot sort it. */
  readonly isRegExp: boolean;
  /** Every path that matches lies in one of these; not every path in them matches. */
  readonly shapes: readonly (readonly ShapePart[])[];
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
      this.#match = regExpMatcher(pattern, base);
      return;
    }
    if (!pattern.startsWith("/"))
      throw invalid(pattern, `must start with "/"; write "/${pattern}"`);
    const isRoot = pattern === "/" && base !== "";
    this.source = isRoot ? base : base + pattern;
    const pieces = parse(isRoot ? `${base}/?` : this.source);
    this.shapes = shapesOf(pieces);
    this.#match = pieceMatcher(pieces);
  }
  /** What the path gives, or `undefined`; the path is decoded and is matched to its very end. */
  match(path: string): PathMatch | undefined {
    return this.#match(path);
  }
}

type Matcher = (path: string) => PathMatch | undefined;

/** `name` is set for tokens, and `""` for splats. */
type Piece =
  | { readonly kind: "literal"; readonly text: string; readonly optional: boolean }
  | { readonly kind: "segment" | "path"; readonly name: string; readonly optional: boolean };

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
    // As in Dancer, groups at the end that matched nothing leave nothing.
    while (groups.length > 0 && groups.at(-1) === undefined) groups.pop();
    const captures = found.groups;
    return { params: noParams(), splat: captures === undefined ? groups : [], captures };
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
    return (path) =>
      path === start ? { params: noParams(), splat: [], captures: undefined } : undefined;
  }
  const backwards = rest.toReversed();
  return (path) => {
    if (!path.startsWith(start)) return undefined;
    const subject = path.slice(start.length);
    const reach = reachable(backwards, subject);
    return reach[0] === 1 ? take(rest, subject, reach) : undefined;
  };
}

/** One row a piece and one for the end: cell `row × (length + 1) + place`. */
function reachable(backwards: readonly Piece[], path: string): Uint8Array {
  const width = path.length + 1;
  const reach = new Uint8Array(width * (backwards.length + 1));
  reach[reach.length - 1] = 1;
  let here = width * backwards.length;
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
    for (let at = path.length - 1; at >= 0; at -= 1) {
      const code = path.codePointAt(at) ?? 0;
      if (code === SLASH && piece.kind === "segment") continue;
      // A value never begins or ends within a surrogate pair.
      const after = code > 0xffff ? at + 2 : at + 1;
      if (reach[next + after] === 1 || reach[here + after] === 1) reach[here + at] = 1;
      if (code > 0xffff) reach[here + at + 1] = 0;
    }
  }
  return reach;
}

const SLASH = 0x2f;

function take(pieces: readonly Piece[], path: string, reach: Uint8Array): PathMatch {
  const width = path.length + 1;
  const params = noParams();
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
    else if (value !== undefined) params[piece.name] = value;
    at = end;
  }
  return { params, splat, captures: undefined };
}

/** Splits as Perl does: empty segments at the end are dropped, others kept. */
function segments(value = ""): readonly string[] {
  const list = value.split("/");
  return list.slice(0, list.findLastIndex((segment) => segment !== "") + 1);
}

function noParams(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

const ANYTHING: Piece = { kind: "path", name: "", optional: true };
const MOST_SHAPES = 8;

function shapesOf(pieces: readonly Piece[]): ShapePart[][] {
  let spellings: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== "literal" || piece.text !== "/" || !piece.optional) {
      for (const spelling of spellings) spelling.push(piece);
    } else if (spellings.length < MOST_SHAPES) {
      spellings = spellings.flatMap((spelling) => [
        [...spelling, { ...piece, optional: false }],
        spelling,
      ]);
    } else {
      for (const spelling of spellings) spelling.push(ANYTHING);
      break;
    }
  }
  return spellings.map(shapeOf);
}

/** Keeps each segment's literal beginning; what comes after it is "the rest of the segment". */
function shapeOf(pieces: readonly Piece[]): ShapePart[] {
  const parts: ShapePart[] = [];
  let literal = "";
  let open = false;
  for (const piece of pieces) {
    if (piece.kind === "path") {
      const before = open ? (parts.pop()?.literal ?? "") : literal;
      return rooted([...parts, { literal: before, then: "path" }]);
    }
    if (piece.kind === "literal" && !piece.optional) {
      const slash = open ? piece.text.indexOf("/") : 0;
      if (slash === -1) continue;
      literal += piece.text.slice(slash);
      open = false;
    } else if (!open) {
      parts.push({ literal, then: "segment" });
      literal = "";
      open = true;
    }
  }
  return rooted(open ? parts : [...parts, { literal, then: "" }]);
}

/** Paths start with a slash; a shape that does not (`/?x`) is widened to all of them. */
function rooted(parts: ShapePart[]): ShapePart[] {
  return parts[0]?.literal.startsWith("/") === true ? parts : [{ literal: "/", then: "path" }];
}
