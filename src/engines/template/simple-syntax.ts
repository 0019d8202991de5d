/** The syntax of simple templates: text in, a tree of parts out. */
import { EngineError } from "../../errors.ts";

/** A dotted name, split: `user.name` is `["user", "name"]`. */
export type Path = readonly string[];

/** One part of a template: text as it is, a value, or a choice between two lists of parts. */
export type Part =
  | string
  | { readonly kind: "value"; readonly path: Path; readonly raw: boolean; readonly line: number }
  | {
      readonly kind: "choice";
      readonly path: Path;
      /** The outcome of the test that selects `yes`: false for `unless`. */
      readonly wanted: boolean;
      readonly yes: readonly Part[];
      readonly no: readonly Part[];
      readonly line: number;
    };

/** What opens and closes a tag. */
export interface Tags {
  readonly start: string;
  readonly stop: string;
}

interface OpenChoice {
  readonly word: string;
  readonly line: number;
  readonly path: Path;
  readonly yes: Part[];
  readonly no: Part[];
  readonly parent: Part[];
  hasElse: boolean;
}

/**
 * Parses the text of a template.
 *
 * @param name the file's name for messages
 * @throws EngineError `template-invalid` with file and line.
 */
export function parseTemplate(text: string, name: string, tags: Tags): readonly Part[] {
  return new Parser(name, tags).parse(text);
}

class Parser {
  readonly #name: string;
  readonly #tags: Tags;
  readonly #open: OpenChoice[] = [];
  #parts: Part[] = [];
  #line = 1;

  constructor(name: string, tags: Tags) {
    this.#name = name;
    this.#tags = tags;
  }

  parse(text: string): readonly Part[] {
    const { start, stop } = this.#tags;
    let position = 0;
    for (;;) {
      const from = text.indexOf(start, position);
      if (from === -1) break;
      this.#text(text.slice(position, from));
      const to = text.indexOf(stop, from + start.length);
      if (to === -1) this.#fail(`"${start}" is never closed by "${stop}"`);
      const inside = text.slice(from + start.length, to);
      this.#tag(inside);
      this.#line += lines(inside);
      position = to + stop.length;
    }
    this.#text(text.slice(position));
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) {
      this.#fail(`"${unclosed.word}" has no "end"`, unclosed.line);
    }
    return this.#parts;
  }

  #text(text: string): void {
    if (text !== "") this.#parts.push(text);
    this.#line += lines(text);
  }

  #tag(inside: string): void {
    const content = inside.trim();
    if (content === "" || content.startsWith("#")) return;
    const words = content.split(/\s+/).values();
    for (const word of words) {
      if (word === "if" || word === "unless") this.#choice(word, words.next().value);
      else if (word === "else") this.#else();
      else if (word === "end") this.#end();
      else if (word === "raw") {
        const name = words.next().value;
        this.#value(name ?? word, name !== undefined);
      } else this.#value(word, false);
    }
  }

  #value(name: string, raw: boolean): void {
    this.#parts.push({ kind: "value", path: this.#path(name), raw, line: this.#line });
  }

  #choice(word: string, name: string | undefined): void {
    if (name === undefined) this.#fail(`"${word}" needs a name to test`);
    const path = this.#path(name);
    const choice: OpenChoice = {
      word,
      path,
      line: this.#line,
      yes: [],
      no: [],
      parent: this.#parts,
      hasElse: false,
    };
    this.#open.push(choice);
    this.#parts = choice.yes;
  }

  #else(): void {
    const choice = this.#open.at(-1);
    if (choice === undefined) this.#fail('"else" without "if"');
    if (choice.hasElse)
      this.#fail(`a second "else" for the "${choice.word}" of line ${choice.line}`);
    choice.hasElse = true;
    this.#parts = choice.no;
  }

  #end(): void {
    const choice = this.#open.pop();
    if (choice === undefined) this.#fail('"end" without "if"');
    const { word, path, yes, no, line } = choice;
    this.#parts = choice.parent;
    this.#parts.push({ kind: "choice", path, wanted: word === "if", yes, no, line });
  }

  #path(name: string): Path {
    if (!/^[\p{L}\p{N}_$-]+(?:\.[\p{L}\p{N}_$-]+)*$/u.test(name)) {
      const { start, stop } = this.#tags;
      this.#fail(`"${name}" is no name; write ${start} user.name ${stop}`);
    }
    return name.split(".");
  }

  #fail(reason: string, line = this.#line): never {
    throw new EngineError("template-invalid", `${this.#name}:${line}: ${reason}`);
  }
}

function lines(text: string): number {
  return text.split("\n").length - 1;
}
