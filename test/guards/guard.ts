/** A guard: the few words of source that meet a requirement, and what stands there without it. */

/** Words of a source, and what stands there without them. */
export interface Edit {
  /** Relative to the project. */
  readonly file: string;
  /** The words of the guard; they occur once in the file. */
  readonly guard: string;
  /** What stands in their place when the guard is taken out. */
  readonly without: string;
}

/** One guard that can be taken out. */
export interface Guard extends Edit {
  /** Numbers of requirements: for each, at least one test that names it must fail without the guard. */
  readonly proves: readonly string[];
  /** A second guard behind the first, which goes with it: alone, either would do. */
  readonly also?: Edit;
  /** Test files that are to see it, relative to `test/`; unless given, all that name the requirements. */
  readonly tests?: readonly string[];
}

/** Guards of one source file, each as `[numbers, guard, without, tests, also]`. */
export function guardsOf(
  file: string,
  rows: readonly (readonly [
    proves: string,
    guard: string,
    without: string,
    tests?: readonly string[],
    also?: Edit,
  ])[],
): Guard[] {
  return rows.map(([proves, guard, without, tests, also]) => ({
    proves: proves.split(" "),
    file,
    guard,
    without,
    ...(tests === undefined ? {} : { tests }),
    ...(also === undefined ? {} : { also }),
  }));
}
