/** Finds an app's main script, and how node has to be started for it. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findAppdir } from "../config/files.ts";
import { commandLineOptions } from "../command-line.ts";
import { CommandError, type CommandInput, type CommandOption } from "./command.ts";

/** An app on the disk. */
export interface AppEntry {
  /** The app's folder, absolute. */
  readonly folder: string;
  /** Its main script, absolute. */
  readonly script: string;
}

const sources = ["start.ts", "app.ts", "start.js", "app.js"];
const built = ["dist/start.js", "dist/app.js", "start.js", "app.js"];

/** The main script as it was written. @throws CommandError `app-not-found`. */
export function findSource(where = "."): AppEntry {
  return findEntry(where, sources) ?? notFound(where, sources);
}

/**
 * The main script as it runs in production.
 *
 * @throws CommandError `app-not-built` when there is only TypeScript, `app-not-found`.
 */
export function findBuilt(where = "."): AppEntry {
  const entry = findEntry(where, built);
  if (entry !== undefined) return entry;
  const source = findEntry(where, sources) ?? notFound(where, sources);
  throw new CommandError(
    "app-not-built",
    `${basename(source.script)} has not been compiled; run: npm run build`,
  );
}

function findEntry(where: string, names: readonly string[]): AppEntry | undefined {
  const path = resolve(where);
  const scripts = isFile(path) ? [path] : names.map((name) => join(path, name));
  const script = scripts.find(isFile);
  if (script === undefined) return undefined;
  return { folder: findAppdir(script) ?? dirname(script), script };
}

function notFound(where: string, names: readonly string[]): never {
  const folder = where === "." ? "this folder" : `"${where}"`;
  throw new CommandError(
    "app-not-found",
    `there is no app in ${folder}: none of ${names.join(", ")}; name its folder or main script`,
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * The arguments for node before the script: for TypeScript with the app's tsx, and with the
 * conditions that this process itself was started with.
 *
 * @throws CommandError `tsx-missing` where node cannot run TypeScript by itself either.
 */
export function nodeArguments({ script, folder }: AppEntry): string[] {
  const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions="));
  if (!script.endsWith("ts")) return ["--enable-source-maps", ...conditions];
  for (const from of [join(folder, "package.json"), import.meta.url]) {
    try {
      const loader = createRequire(from).resolve("tsx");
      return ["--import", pathToFileURL(loader).href, ...conditions];
    } catch {
      // Not there; the next place may have it.
    }
  }
  if ("typescript" in process.features) return conditions;
  throw new CommandError(
    "tsx-missing",
    "TypeScript needs tsx; install it: npm install --save-dev tsx",
  );
}

const help: Readonly<Record<keyof typeof commandLineOptions, [value: string, help: string]>> = {
  port: ["PORT", "port to listen on"],
  server: ["ADDRESS", "address to listen on"],
  environment: ["NAME", "development, production, test or one of your own"],
  confdir: ["FOLDER", "where config.yml is"],
  log: ["LEVEL", "core, debug, info, warning or error"],
};

/** The options that every app takes, for commands that hand them on. */
export const appOptions: Readonly<Record<string, CommandOption>> = Object.fromEntries(
  Object.entries(commandLineOptions).map(([name, option]) => {
    const [value, text] = help[name as keyof typeof commandLineOptions];
    return [name, { ...option, value, help: text }];
  }),
);

/** The options for the app among what the user asked for, as arguments. */
export function appArguments({ values }: CommandInput): string[] {
  return Object.keys(appOptions).flatMap((name) => {
    const value = values[name];
    return typeof value === "string" ? [`--${name}`, value] : [];
  });
}
