/** Notes, kept in memory. Put your database here. */
import { randomUUID } from "node:crypto";

/** What a client may say about a note. */
export interface Draft {
  readonly text: string;
  readonly done: boolean;
}

/** One note. */
export interface Note extends Draft {
  readonly id: string;
}

const maxNotes = 10_000;
const maxLength = 1000;

/** Everybody's notes; nobody is shown another's. */
export class Notes {
  readonly #notes = new Map<string, { readonly owner: string; readonly note: Note }>();

  /** The notes of one owner, oldest first. */
  all(owner: string | undefined): Note[] {
    return [...this.#notes.values()].filter((one) => one.owner === owner).map(({ note }) => note);
  }

  /** The owner's note of this id. */
  find(owner: string | undefined, id: string): Note | undefined {
    const found = this.#notes.get(id);
    return found?.owner === owner ? found?.note : undefined;
  }

  /** Keeps a new note; when there are too many, the oldest one goes. */
  add(owner: string, draft: Draft): Note {
    const note = { id: randomUUID(), ...draft };
    this.#notes.set(note.id, { owner, note });
    const [oldest] = this.#notes.keys();
    if (this.#notes.size > maxNotes && oldest !== undefined) this.#notes.delete(oldest);
    return note;
  }

  /** Puts the draft in the place of what the note said. */
  change({ id }: Note, draft: Draft): Note {
    const note = { id, ...draft };
    const kept = this.#notes.get(id);
    if (kept !== undefined) this.#notes.set(id, { ...kept, note });
    return note;
  }

  /** Forgets a note. */
  remove({ id }: Note): void {
    this.#notes.delete(id);
  }
}

/** Reads what a client sent, or says what is wrong with it. */
export function parseDraft(body: Readonly<Record<string, unknown>>): Draft | string {
  const { text, done = false } = body;
  if (typeof text !== "string" || text.trim() === "")
    return '"text" must be text that is not empty';
  if (text.length > maxLength) return `"text" has more than ${maxLength} characters`;
  if (typeof done !== "boolean") return '"done" must be true or false';
  return { text: text.trim(), done };
}
