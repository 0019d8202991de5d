/** The folder of a new app: written inside of only, without following links or replacing files unasked. */
import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../command.ts";

/** How much of what is there may go. */
export interface TargetOptions {
  /** Replace files that are in the way; other files stay. */
  readonly overwrite: boolean;
}

/** A folder that a new app goes into. */
export class TargetFolder {
  /** The folder, absolute. */
  readonly path: string;
  readonly #name: string;
  readonly #overwrite: boolean;

  /** @param name a checked name, below `parent` */
  constructor(parent: string, name: string, { overwrite }: TargetOptions) {
    this.path = join(parent, name);
    this.#name = name;
    this.#overwrite = overwrite;
  }

  /**
   * Looks whether all these files can be written, before any is.
   *
   * @throws CommandError `target-exists`, `target-link` or `target-unwritable`, naming the culprit.
   */
  check(files: Iterable<string>): void {
    const found = stat(this.path);
    if (found === undefined) return;
    this.#refuseLink(found, this.#name);
    if (!found.isDirectory()) {
      throw new CommandError("target-exists", `"${this.#name}" is there already and is no folder`);
    }
    const entries = readdirSync(this.path).filter((entry) => entry !== ".git");
    if (entries.length > 0 && !this.#overwrite) {
      const shown = entries.slice(0, 3).join(", ") + (entries.length > 3 ? ", …" : "");
      throw new CommandError(
        "target-exists",
        `the folder "${this.#name}" is not empty (${shown}); choose another name, or replace ` +
          `what is in the way with --overwrite`,
      );
    }
    for (const file of files) this.#checkFile(file);
  }

  /** Writes a file. @throws CommandError as `check` does. */
  write(file: string, content: string | Uint8Array, mode = 0o644): void {
    this.#checkFile(file);
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    if (this.#overwrite) rmSync(path, { force: true });
    // "wx" neither replaces what is there nor follows a link that somebody has just put there.
    writeFileSync(path, content, { mode, flag: "wx" });
  }

  /** Tells whether something of this name is there, a link that leads nowhere included. */
  has(file: string): boolean {
    return stat(join(this.path, file)) !== undefined;
  }

  #checkFile(file: string): void {
    const parts = file.split("/");
    for (const [at] of parts.entries()) {
      const below = parts.slice(0, at + 1).join("/");
      const found = stat(join(this.path, below));
      if (found === undefined) return;
      this.#refuseLink(found, `${this.#name}/${below}`);
      const isFolder = at < parts.length - 1;
      if (found.isDirectory() !== isFolder) {
        const wanted = isFolder ? "a folder" : "a file";
        throw new CommandError(
          "target-exists",
          `"${this.#name}/${below}" is in the way: ${wanted} goes there`,
        );
      }
    }
  }

  #refuseLink(found: Stats, shown: string): void {
    if (!found.isSymbolicLink()) return;
    throw new CommandError(
      "target-link",
      `"${shown}" is a symbolic link and could lead out of the folder; remove it first`,
    );
  }
}

function stat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
