/** Coarse shapes of patterns, for an index: every path that a pattern matches lies in one of its shapes. */

/** One part of a parsed pattern. `name` is set for tokens, and `""` for splats. */
export type Piece =
  | { readonly kind: "literal"; readonly text: string; readonly optional: boolean }
  | { readonly kind: "segment" | "path"; readonly name: string; readonly optional: boolean };

/**
 * A stretch of a path for an index: `literal`, then nothing, the rest of the segment or the rest of
 * the path, either of which may be empty.
 */
export interface ShapePart {
  readonly literal: string;
  readonly then: "" | "segment" | "path";
}

const ANYTHING: Piece = { kind: "path", name: "", optional: true };
const MOST_SHAPES = 8;

/** The shapes that cover all paths of a pattern: one for each way of writing its optional slashes. */
export function shapesOf(pieces: readonly Piece[]): ShapePart[][] {
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
