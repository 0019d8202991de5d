/** Guesses which known name somebody meant. */
import { closest, distance } from "fastest-levenshtein";

/** The end of a message about an unknown name: `; did you mean "port"?`, or nothing. */
export function suggest(name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  return guess === undefined ? "" : `; did you mean "${guess}"?`;
}

/** The known name nearest to `name`, or `undefined` when none is near enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const guess = closest(name, known);
  return distance(name, guess) <= Math.max(2, Math.floor(name.length / 3)) ? guess : undefined;
}
