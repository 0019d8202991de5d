/** A guard: the few words of source that meet a requirement, and what stands there without it. */

/** One guard that can be taken out. */
export interface Guard {
  /** Numbers of requirements: for each, at least one test that names it must fail without the guard. */
  readonly proves: readonly string[];
  /** Relative to the project. */
  readonly file: string;
  /** The words of the guard; they occur once in the file. */
  readonly guard: string;
  /** What stands in their place when the guard is taken out. */
  readonly without: string;
  /** Test files that are to see it, relative to `test/`; unless given, all that name the requirements. */
  readonly tests?: readonly string[];
}

/** Guards of one source file, each as `[numbers, guard, without, tests]`. */
export function guardsOf(
  file: string,
  rows: readonly (readonly [
    proves: string,
    guard: string,
    without: string,
    tests?: readonly string[],
  ])[],
): Guard[] {
  return rows.map(([proves, guard, without, tests]) => ({
    proves: proves.split(" "),
    file,
    guard,
    without,
    ...(tests === undefined ? {} : { tests }),
  }));
}
