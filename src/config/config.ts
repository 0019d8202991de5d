/** The configuration: files, variables, command line and `set()`, layer over layer. */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkLayer, checkValue, findRootProblems } from "./check.ts";
import { ConfigFiles, findAppdir, requireEnvironment } from "./files.ts";
import {
  Origin,
  createNode,
  createRoot,
  findNode,
  findProblems,
  mergeNodes,
  toPlain,
  type ConfigNode,
  type MapNode,
  type Problem,
} from "./node.ts";
import { createCommandLineLayer, createVariableLayer } from "./outside.ts";
import { createSnapshot } from "./snapshot.ts";
import { substituteVariables } from "./substitute.ts";
import { ConfigError } from "../errors.ts";
import type { Settings } from "./settings.ts";
import { boolean } from "./setting-kinds.ts";

const shippedFile = fileURLToPath(new URL("../../config.yml", import.meta.url));

/** Where a configuration is read from; everything has a default. */
export interface ConfigSources {
  /** The app's folder; found from `main` if it is not given. */
  readonly appdir?: string;
  /** The folder of `config.yml` and `environments/`; the app's folder if it is not given. */
  readonly confdir?: string;
  /** Stands above every other way to choose the environment. */
  readonly environment?: string;
  /** The environment variables; `process.env` if they are not given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Settings from the command line, by name; text values are converted. */
  readonly commandLine?: Readonly<Record<string, unknown>>;
  /** Settings that the app makes in code from the start, above all other layers, as with `set()`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The main script; `process.argv[1]` if it is not given. */
  readonly main?: string;
}

interface Loaded {
  readonly root: MapNode;
  readonly strict: boolean;
  readonly files: readonly string[];
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
  #root: MapNode;
  #settings: Settings;

  /** Use `loadConfig` to make one. */
  constructor({ root, strict, files }: Loaded) {
    this.files = files;
    this.#strict = strict;
    this.#root = root;
    this.#settings = createSnapshot(root);
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
   * @throws ConfigError `setting-unknown` with the nearest name, or `setting-invalid`.
   */
  set(name: string, value: unknown): void {
    const origin = new Origin("code", "set() in code");
    const checked = checkValue(name, toCodeNode(name, value, origin), this.#strict);
    if ("message" in checked) {
      const unknown = checked.code === "config-unknown-key";
      throw new ConfigError(unknown ? "setting-unknown" : "setting-invalid", checked.message);
    }
    this.#root = mergeNodes(this.#root, createRoot(new Map([[name, checked]])));
    this.#settings = createSnapshot(this.#root);
  }

  /** Where a setting, or a key inside one (`engines.eta.cache`), was set. */
  origin(name: string): Origin | undefined {
    return findNode(this.#root, name)?.origin;
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
  const env = sources.env ?? process.env;
  const commandLine = createCommandLineLayer(sources.commandLine ?? {});
  const appdirNode = chooseAppdir(sources, commandLine, createVariableLayer(env, {}));
  const appdir = folderOf("appdir", appdirNode);
  const files = new ConfigFiles(appdir);
  const defaults = files.loadYaml(shippedFile, "defaults", "quickstep/config.yml");

  const dotEnv = files.loadVariables(join(appdir, ".env"));
  const outside = mergeNodes(createVariableLayer(env, dotEnv), commandLine);
  const confdirNode = given("confdir", sources.confdir) ?? outside.children.get("confdir");
  const confdir = confdirNode === undefined ? appdir : folderOf("confdir", confdirNode);

  const variables = { ...dotEnv, ...env };
  const load = (name: string, layer: Origin["layer"]): MapNode => {
    const path = join(confdir, name);
    // In Quickstep's own checkout the app's folder may be that of the defaults.
    if (path === shippedFile) return createRoot(new Map());
    return substituteVariables(files.loadYaml(path, layer), variables);
  };
  const config = load("config.yml", "config");
  const local = load("config_local.yml", "local");

  const early = [defaults, config, local, outside].reduce(mergeNodes);
  const environmentNode = chooseEnvironment(sources, early);
  const environment = String(toPlain(environmentNode));
  if (isOn("require_environment", early)) {
    requireEnvironment(environment, confdir, environmentNode.origin);
  }
  const found = createRoot(
    new Map([
      ["appdir", settle(appdirNode, appdir)],
      ["confdir", settle(confdirNode ?? appdirNode, confdir)],
      ["environment", environmentNode],
    ]),
  );
  const layers = [
    defaults,
    config,
    load(`environments/${environment}.yml`, "environment"),
    local,
    load(`environments/${environment}_local.yml`, "environment-local"),
    outside,
    createCodeLayer(sources.settings ?? {}),
  ];
  const strict = isOn("strict_config", layers.reduce(mergeNodes));
  const checked = layers.map((layer) => checkLayer(layer, strict));
  const root = mergeNodes(checked.map((layer) => layer.root).reduce(mergeNodes), found);
  refuse([...checked.flatMap((layer) => layer.problems), ...findRootProblems(root)]);
  return new Config({ root, strict, files: files.read });
}

function chooseAppdir(
  sources: ConfigSources,
  commandLine: MapNode,
  variables: MapNode,
): ConfigNode {
  const chosen =
    given("appdir", sources.appdir) ??
    commandLine.children.get("appdir") ??
    variables.children.get("appdir");
  if (chosen !== undefined) return chosen;
  const main = sources.main ?? process.argv[1];
  const found = main === undefined ? undefined : findAppdir(main);
  const source = found === undefined ? "the working directory" : "the main script's place";
  return createNode(found ?? process.cwd(), new Origin("found", source));
}

function chooseEnvironment(sources: ConfigSources, early: MapNode): ConfigNode {
  const chosen = given("environment", sources.environment) ?? early.children.get("environment");
  if (chosen === undefined) throw new ConfigError("config-invalid", "no environment is set");
  const checked = checkValue("environment", chosen, true);
  refuse("message" in checked ? [checked] : findProblems(checked));
  return checked as ConfigNode;
}

function given(name: string, value: string | undefined): ConfigNode | undefined {
  if (value === undefined) return undefined;
  return createNode(value, new Origin("found", `the app's option "${name}"`));
}

function folderOf(name: string, node: ConfigNode): string {
  const folder = resolve(String(toPlain(node)));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  const origin = node.origin.toString();
  throw new ConfigError(
    "config-folder-missing",
    `${origin}: the ${name} ${folder} is not a folder`,
  );
}

function settle({ origin, at }: ConfigNode, value: string): ConfigNode {
  return { shape: "leaf", origin, at, value, text: false };
}

/** A switch that counts before the check: a wrong value leaves it on and is reported later. */
function isOn(name: string, root: MapNode): boolean {
  const node = root.children.get(name);
  if (node?.shape !== "leaf") return true;
  return boolean.read(node.value, node.text) !== false;
}

function createCodeLayer(settings: Readonly<Record<string, unknown>>): MapNode {
  const origin = new Origin("code", "set() in code");
  const nodes = Object.entries(settings).map(
    ([name, value]) => [name, toCodeNode(name, value, origin)] as const,
  );
  return createRoot(new Map(nodes));
}

function toCodeNode(name: string, value: unknown, origin: Origin): ConfigNode {
  try {
    const root = createNode(Object.fromEntries([[name, value]]), origin);
    return root.children?.get(name) ?? root;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `${origin.toString()}: "${name}" ${cause.message}`;
    throw new ConfigError("setting-invalid", message, { cause });
  }
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new ConfigError(first.code, problems.map((problem) => problem.message).join("\n"));
}
