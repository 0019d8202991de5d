/** Versions of sessions as YAML files: one folder a session, one file a version, the highest counts. */
import { randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** What a folder holds, as text; `version` is 0 where nothing was ever written. */
export interface FoundVersion {
  readonly version: number;
  readonly text: string;
}

const folderForm = /^[0-9a-f]{64}$/;
const versionForm = /^([1-9]\d{0,14})\.yml$/;
const draftForm = /^new-/;
/** How long a file or folder that a killed process left half made is kept, in milliseconds. */
const leftoverAge = 60_000;

/**
 * Keeps texts by name so that neither a second process nor `kill -9` between any two steps can
 * damage one: a version is written aside, given its name by `link`, which fails if the name is
 * taken, and only then are older versions removed.
 */
export class SessionFiles {
  readonly #root: string;

  /** `root` is an absolute path; it is made at once, for its owner only. */
  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true, mode: 0o700 });
  }

  /** The newest version under a name. */
  read(name: string): FoundVersion {
    const folder = join(this.#root, name);
    for (;;) {
      const version = Math.max(0, ...versionsIn(folder));
      if (version === 0) return { version, text: "" };
      const text = ignoring(["ENOENT"], () =>
        readFileSync(join(folder, fileOf(version)), { encoding: "utf8" }),
      );
      // Gone since the folder was listed: there is a newer one.
      if (text !== undefined) return { version, text };
    }
  }

  /**
   * Adds a version and tells whether it is the newest; if not, read again and build on that.
   *
   * @param keepUntil when a sweep may remove it, in milliseconds since 1970
   */
  write(name: string, { version, text }: FoundVersion, keepUntil: number): boolean {
    const folder = join(this.#root, name);
    const draft = join(folder, `new-${randomBytes(12).toString("base64url")}`);
    const isWritten = ignoring(["ENOENT", "EEXIST"], () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
      utimesSync(draft, keepUntil / 1000, keepUntil / 1000);
      linkSync(draft, join(folder, fileOf(version)));
      return true;
    });
    rmSync(draft, { force: true });
    if (isWritten !== true) return false;
    const versions = versionsIn(folder);
    // Others had already gone past this version and removed it, or its name would have been taken.
    if (Math.max(...versions) > version) return false;
    for (const older of versions) {
      if (older < version) rmSync(join(folder, fileOf(older)), { force: true });
    }
    return true;
  }

  /** Removes what may go, and what killed processes left half made. */
  sweep(now: number): void {
    for (const name of namesIn(this.#root)) {
      if (!folderForm.test(name)) continue;
      const folder = join(this.#root, name);
      ignoring(["ENOENT"], () => {
        if (keptUntil(folder) < now) rmSync(folder, { recursive: true, force: true });
        else removeDrafts(folder);
      });
    }
  }
}

function keptUntil(folder: string): number {
  const version = Math.max(0, ...versionsIn(folder));
  if (version > 0) return statSync(join(folder, fileOf(version))).mtimeMs;
  return isLeftover(folder) ? -Infinity : Infinity;
}

function removeDrafts(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (draftForm.test(name) && isLeftover(path)) unlinkSync(path);
  }
}

/** By the system's clock, because that is whose time a file carries. */
function isLeftover(path: string): boolean {
  return Date.now() - statSync(path).ctimeMs > leftoverAge;
}

function versionsIn(folder: string): number[] {
  return namesIn(folder).flatMap((name) => {
    const [, digits] = versionForm.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function namesIn(folder: string): string[] {
  return ignoring(["ENOENT"], () => readdirSync(folder)) ?? [];
}

function fileOf(version: number): string {
  return `${version}.yml`;
}

/** Does the work; a failure with one of these codes gives `undefined`. */
function ignoring<T>(codes: readonly string[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (codes.includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
