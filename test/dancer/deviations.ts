/** Where we answer otherwise than Dancer in a recorded case, and what we answer instead. */
import { existsSync } from "node:fs";
import type { Answer } from "./support/cases.ts";

/** One case in which we deviate. */
interface Deviation {
  /** The reason, for `docs/`; a case that is marked in `cases.json` may leave it to the mark. */
  readonly because?: string;
  /** What we answer instead; only what is named is compared, `null` is a header that must be absent. */
  readonly answer: Answer;
}

/** The deviations of one suite, by the name of the case: what `test/dancer/deviations/SUITE.ts` exports. */
export type Deviations = Readonly<Record<string, Deviation>>;

/** The deviations of a suite. */
export async function deviationsOf(suite: string): Promise<Deviations> {
  const file = new URL(`./deviations/${suite}.ts`, import.meta.url);
  if (!existsSync(file)) return {};
  return ((await import(file.href)) as { deviations: Deviations }).deviations;
}
