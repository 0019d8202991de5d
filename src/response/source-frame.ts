/** The place in a source file that an error text names, with the lines around it. */
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A place in a file of the app. */
export interface SourceFrame {
  /** The file, relative to the app's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The lines around it, by their number. */
  readonly lines: readonly (readonly [number: number, text: string])[];
}

const around = 4;
const largest = 1024 * 1024;
const place = /((?:file:\/\/|\/|[A-Za-z]:[\\/])?[^\s"'()[\]:*?<>|]+):(\d+)(?::(\d+))?/g;

/**
 * Finds the first place named in a text, `app.ts:3:14`, that lies in the app's folder and not in
 * one of its packages.
 */
export function findFrame(text: string, folder: string): SourceFrame | undefined {
  for (const [, name = "", line = "", column = "1"] of text.matchAll(place)) {
    const frame = readFrame(name, Number(line), Number(column), folder);
    if (frame !== undefined) return frame;
  }
  return undefined;
}

/** A text whose paths below the folder begin there: `app.ts:3:14` for `/home/ada/shop/app.ts:3:14`. */
export function shortenPaths(text: string, folder: string): string {
  const beginnings = [`${pathToFileURL(folder).href}/`, join(folder, sep)];
  return beginnings.reduce((short, beginning) => short.replaceAll(beginning, ""), text);
}

function readFrame(
  name: string,
  line: number,
  column: number,
  folder: string,
): SourceFrame | undefined {
  try {
    const path = name.startsWith("file://") ? fileURLToPath(name) : name;
    const absolute = isAbsolute(path) ? path : join(folder, path);
    const file = relative(folder, absolute).replaceAll("\\", "/");
    // A .env has nothing but secrets in it.
    if (/^\.\.|(?:^|\/)node_modules\/|(?:^|\/)\.env/.test(file) || isAbsolute(file)) {
      return undefined;
    }
    const stats = statSync(absolute);
    if (!stats.isFile() || stats.size > largest) return undefined;
    const all = readFileSync(absolute, "utf8").split(/\r?\n/);
    if (line < 1 || line > all.length) return undefined;
    const first = Math.max(1, line - around);
    const lines = all
      .slice(first - 1, line + around)
      .map((text, at) => [first + at, text] as const);
    return { file, line, column, lines };
  } catch {
    return undefined;
  }
}
