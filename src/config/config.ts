/** The configuration: files, variables, command line and `set()`, layer over layer. */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { checkLayer, findAllProblems, refuse } from "./check.ts";
import { ConfigFiles, findAppdir, requireEnvironment } from "./files.ts";
import {
  Origin,
  createNode,
  findNode,
  mergeNodes,
  toPlain,
  toPlainMap,
  type ConfigNode,
  type Layer,
  type Nodes,
} from "./node.ts";
import { createValueNodes, createVariableNodes } from "./outside.ts";
import { createSnapshot } from "./snapshot.ts";
import { substituteVariables } from "./substitute.ts";
import { Variables } from "./variables.ts";
import { ConfigError } from "../errors.ts";
import { findSetting, type Settings } from "./settings.ts";
import { boolean } from "./setting-kinds.ts";

const shippedFile = fileURLToPath(new URL("../../config.yml", import.meta.url));

/** Where a configuration is read from; everything has a default. */
export interface ConfigSources {
  /** The app's folder; found from `main` if it is not given. */
  readonly appdir?: string;
  /** The folder of `config.yml` and `environments/`; the app's folder if it is not given. */
  readonly confdir?: string | undefined;
  /** Stands above every other way to choose the environment. */
  readonly environment?: string | undefined;
  /** The environment variables; `process.env` if they are not given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Settings from the command line, by name; text values are converted. */
  readonly commandLine?: Readonly<Record<string, unknown>>;
  /** Settings that the app makes in code from the start, above all other layers, as with `set()`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The main script; `process.argv[1]` if it is not given. */
  readonly main?: string;
}

/** The settings in force, and where each of them comes from. */
export class Config {
  /** The app's folder, absolute. */
  readonly appdir: string;
  /** The name of the environment, such as `production`. */
  readonly environment: string;
  /** The files that were read, absolute: the shipped defaults, then the app's. */
  readonly files: readonly string[];
  readonly #strict: boolean;
  /** What `set()` has said so far. */
  #inCode: Nodes = new Map();
  #isServing = false;
  #nodes: Nodes;
  #settings: Settings;

  /** Use `loadConfig` to make one. */
  constructor(nodes: Nodes, strict: boolean, files: readonly string[]) {
    this.files = files;
    this.#strict = strict;
    this.#nodes = nodes;
    this.#settings = createSnapshot(nodes);
    this.appdir = this.#settings.appdir;
    this.environment = this.#settings.environment;
  }

  /** The settings in force: a frozen object, replaced by each `set()`. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The value of a setting, or `undefined` if there is no such setting. */
  get(name: string): unknown {
    const { settings } = this;
    return Object.hasOwn(settings, name) ? settings[name as keyof Settings] : undefined;
  }

  /**
   * Sets a setting above all files, variables and the command line. A map is merged into the one
   * there is, as between files; `null` clears it first.
   *
   * @throws ConfigError `setting-unknown` with the nearest name, `setting-invalid`, or `setting-fixed`
   * for one that is read at start, when the app serves already.
   */
  set(name: string, value: unknown): void {
    const values = Object.fromEntries([[name, value]]);
    const nodes = this.#check(values, "set() in code");
    this.#inCode = mergeNodes(this.#inCode, nodes);
    this.#nodes = mergeNodes(this.#nodes, nodes);
    this.#settings = createSnapshot(this.#nodes);
  }

  /**
   * Takes over, all at once, what a configuration that was read anew says about the settings that are
   * read at each use; `set()` in code stays above it.
   *
   * @returns the names of the settings that differ and would need a new start
   */
  adopt(fresh: Config): string[] {
    const nodes = new Map(this.#nodes);
    const late: string[] = [];
    for (const [name, node] of mergeNodes(fresh.#nodes, this.#inCode)) {
      const before = nodes.get(name);
      const same = before !== undefined && isDeepStrictEqual(toPlain(before), toPlain(node));
      if ((findSetting(name)?.read ?? "use") === "use") nodes.set(name, node);
      else if (!same) late.push(name);
    }
    this.#nodes = nodes;
    this.#settings = createSnapshot(nodes);
    return late;
  }

  /**
   * The values that settings would have in force, without setting them; `source` names in errors
   * where they come from.
   *
   * @throws ConfigError as `set` does.
   */
  check(values: Readonly<Record<string, unknown>>, source: string): Record<string, unknown> {
    return toPlainMap(this.#check(values, source));
  }

  /** Where a setting, or a key inside one (`engines.eta.cache`), was set. */
  origin(name: string): Origin | undefined {
    return findNode(this.#nodes, name)?.origin;
  }

  /** Fixes the settings that are read once at start; the app calls it when it serves. */
  freeze(): void {
    this.#isServing = true;
  }

  #check(values: Readonly<Record<string, unknown>>, source: string): Nodes {
    const fixed = Object.keys(values).find((name) => findSetting(name)?.read === "start");
    if (this.#isServing && fixed !== undefined) {
      const message = `${source}: "${fixed}" is read at start and cannot change while the app serves; set it before dance()`;
      throw new ConfigError("setting-fixed", message);
    }
    const { nodes, problems } = checkLayer(
      createValueNodes(values, "code", () => source),
      this.#strict,
    );
    const inCode = { "config-unknown-key": "setting-unknown", "config-invalid": "setting-invalid" };
    refuse(problems, inCode);
    return nodes;
  }
}

/**
 * Reads all layers of the configuration, lowest first: the shipped defaults, `config.yml`,
 * `environments/NAME.yml`, `config_local.yml`, `environments/NAME_local.yml`, environment
 * variables, the command line, `settings` from code. Maps merge deeply, lists and single values replace, and so does
 * `null`.
 *
 * @throws ConfigError with everything that is wrong, a line each, under the code of the first.
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const { appdir: givenAppdir, confdir: givenConfdir, environment, settings = {} } = sources;
  const env = sources.env ?? process.env;
  const commandLine = createValueNodes(
    sources.commandLine ?? {},
    "command-line",
    (name) => `--${name}`,
  );
  const options = createValueNodes(
    { appdir: givenAppdir, confdir: givenConfdir, environment },
    "found",
    (name) => (commandLine.has(name) ? `--${name}` : `the app's option "${name}"`),
  );
  const outsideWith = (variables: Variables): Nodes =>
    [createVariableNodes(variables), commandLine, options].reduce(mergeNodes);

  // Its .env file is not read yet, and could not say where it is itself.
  const chosenAppdir = outsideWith(new Variables(env)).get("appdir");
  const appdir = settleFolder("appdir", chosenAppdir ?? guessAppdir(sources.main));
  const files = new ConfigFiles(String(appdir.value));
  const defaults = files.loadYaml(shippedFile, "defaults", "quickstep/config.yml");
  const variables = new Variables(env, files.loadVariables(join(String(appdir.value), ".env")));
  const outside = outsideWith(variables);
  const confdir = settleFolder("confdir", outside.get("confdir") ?? appdir);
  const load = (name: string, layer: Layer): Nodes => {
    const path = join(String(confdir.value), name);
    // In Quickstep's own checkout the app's folder may be that of the defaults.
    if (path === shippedFile) return new Map();
    return substituteVariables(files.loadYaml(path, layer), variables);
  };
  const config = load("config.yml", "config");
  const local = load("config_local.yml", "local");

  const early = [defaults, config, local, outside].reduce(mergeNodes);
  const chosen = chooseEnvironment(early);
  if (isOn("require_environment", early)) {
    requireEnvironment(String(chosen.value), String(confdir.value), chosen.origin);
  }
  const layers = [
    defaults,
    config,
    load(`environments/${String(chosen.value)}.yml`, "environment"),
    local,
    load(`environments/${String(chosen.value)}_local.yml`, "environment-local"),
    outside,
    createValueNodes(settings, "code", () => "set() in code"),
  ];
  const strict = isOn("strict_config", layers.reduce(mergeNodes));
  const checked = layers.map((layer) => checkLayer(layer, strict));
  const found = new Map(Object.entries({ appdir, confdir, environment: chosen }));
  const nodes = mergeNodes(checked.map((layer) => layer.nodes).reduce(mergeNodes), found);
  refuse([...checked.flatMap((layer) => layer.problems), ...findAllProblems(nodes)]);
  return new Config(nodes, strict, files.read);
}

function guessAppdir(main = process.argv[1]): ConfigNode {
  const found = main === undefined ? undefined : findAppdir(main);
  const source = found === undefined ? "the working directory" : "the main script's place";
  return createNode(found ?? process.cwd(), new Origin("found", source));
}

function settleFolder(name: string, node: ConfigNode): ConfigNode {
  const value = resolve(String(toPlain(node)));
  if (statSync(value, { throwIfNoEntry: false })?.isDirectory() === true) return { ...node, value };
  throw new ConfigError(
    "config-folder-missing",
    `${node.origin.toString()}: the ${name} ${value} is not a folder`,
  );
}

/** The environment that is chosen before its own files are read; the defaults name one. */
function chooseEnvironment(early: Nodes): ConfigNode {
  const chosen = new Map([...early].filter(([name]) => name === "environment"));
  const { nodes, problems } = checkLayer(chosen, true);
  refuse([...problems, ...findAllProblems(nodes)]);
  return nodes.get("environment") ?? createNode("", new Origin("found", "nowhere"));
}

/** A switch that counts before the check: a wrong value leaves it on and is reported later. */
function isOn(name: string, nodes: Nodes): boolean {
  const node = nodes.get(name);
  return node === undefined || boolean.read(node.value, node.text === true) !== false;
}
