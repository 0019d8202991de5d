/** Finds and reads the files that a configuration is made of. */
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError } from "../errors.ts";
import { suggest } from "../nearest.ts";
import type { Layer, Nodes, Origin } from "./node.ts";
import type { Environment } from "./variables.ts";
import { parseYaml } from "./yaml.ts";

const builtInEnvironments = ["development", "production", "test"];

/** Reads files below the app's folder and remembers which ones there were. */
export class ConfigFiles {
  readonly #appdir: string;
  readonly #read: string[] = [];

  constructor(appdir: string) {
    this.#appdir = appdir;
  }

  /** The files that were there, absolute, in the order of reading. */
  get read(): readonly string[] {
    return [...this.#read];
  }

  /**
   * The values of a YAML file; empty if there is no such file.
   *
   * @throws ConfigError `config-syntax`, `config-unreadable`, or `config-file-name` if the file is
   * there under the name `.yaml`.
   */
  loadYaml(path: string, layer: Layer, label = this.#label(path)): Nodes {
    const text = this.#loadText(path, label);
    if (text !== undefined) return parseYaml(text, layer, label);
    const misnamed = path.replace(/\.yml$/, ".yaml");
    if (statSync(misnamed, { throwIfNoEntry: false })?.isFile() === true) {
      const found = this.#label(misnamed);
      throw new ConfigError("config-file-name", `${found} is not read; rename it to ${label}`);
    }
    return new Map();
  }

  /** The variables of a `.env` file; none if there is no such file. */
  loadVariables(path: string): Environment {
    return parseEnv(this.#loadText(path, this.#label(path)) ?? "");
  }

  #loadText(path: string, label: string): string | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new ConfigError("config-unreadable", `${label} cannot be read (${code ?? "unknown"})`, {
        cause,
      });
    }
    this.#read.push(path);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new ConfigError("config-syntax", `${label} is not UTF-8 text`);
    }
  }

  #label(path: string): string {
    const inside = relative(this.#appdir, path);
    return inside.startsWith("..") ? path : inside.replaceAll(sep, "/");
  }
}

/**
 * The nearest folder above the main script that holds a `config.yml` or a `package.json`. Folders
 * inside `node_modules` do not count, because tools that run apps live there.
 */
export function findAppdir(main: string): string | undefined {
  let script: string;
  try {
    script = realpathSync(main);
  } catch {
    return undefined;
  }
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    if (!folder.split(sep).includes("node_modules") && isAppdir(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Makes sure that an environment has a file or is built in.
 *
 * @throws ConfigError `environment-unknown` with the known names and the nearest one.
 */
export function requireEnvironment(name: string, confdir: string, origin: Origin): void {
  const known = [...new Set([...builtInEnvironments, ...listEnvironments(confdir)])].sort();
  if (known.includes(name)) return;
  const hint = suggest(name, known);
  throw new ConfigError(
    "environment-unknown",
    `${origin.toString()}: unknown environment "${name}" (known: ${known.join(", ")})${hint}`,
  );
}

function isAppdir(folder: string): boolean {
  return ["config.yml", "package.json"].some(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true,
  );
}

function listEnvironments(confdir: string): string[] {
  const folder = join(confdir, "environments");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder).flatMap((file) => /^(.+?)(?:_local)?\.yml$/.exec(file)?.[1] ?? []);
}
