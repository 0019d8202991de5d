/** What settling a session has to do. */
import type { SessionChanges, SessionRecord } from "../engines/session/store.ts";

/** The changes of a session that is only saved anew. */
export const NO_CHANGES: SessionChanges = { written: [], deleted: [] };

/** A record to save, and what changed in it. */
export interface SessionSave {
  readonly record: SessionRecord;
  readonly changes: SessionChanges;
}

/** What is left to do when a request that changed its session is over. */
export interface SessionOutcome {
  /** Sessions that are to be forgotten for good. */
  readonly destroyed: readonly SessionRecord[];
  /** Without one the visitor's cookie stands for nothing any more. */
  readonly save: SessionSave | undefined;
}
