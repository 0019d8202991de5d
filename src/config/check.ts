/** Checks one layer of the configuration against the table of settings. */
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { isSecretName } from "../secrets.ts";
import { findSetting, settingNames } from "./settings.ts";
import { Refusal, isMap } from "./setting-kinds.ts";
import { findProblems, toPlain, type ConfigNode, type Nodes, type Problem } from "./node.ts";

/** The values of a layer as they are when in force, and everything that is wrong with it. */
export interface CheckedLayer {
  readonly nodes: Nodes;
  readonly problems: readonly Problem[];
}

/** Checks names and values; `strict` refuses names that are not in the table. */
export function checkLayer(layer: Nodes, strict: boolean): CheckedLayer {
  const nodes = new Map<string, ConfigNode>();
  const problems: Problem[] = [];
  for (const [name, node] of layer) {
    const checked = checkValue(name, node, strict);
    if ("message" in checked) problems.push(advise(name, checked));
    else nodes.set(name, checked);
  }
  return { nodes, problems };
}

/** The problems of the values that are in force. */
export function findAllProblems(nodes: Nodes): Problem[] {
  return [...nodes].flatMap(([name, node]) => findProblems(node).map((one) => advise(name, one)));
}

/** @throws ConfigError with a line for each problem, under the code of the first or what `codes` has for it. */
export function refuse(
  problems: readonly Problem[],
  codes: Readonly<Record<string, string>> = {},
): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new ConfigError(
    codes[first.code] ?? first.code,
    problems.map((problem) => problem.message).join("\n"),
  );
}

function checkValue(name: string, node: ConfigNode, strict: boolean): ConfigNode | Problem {
  const setting = findSetting(name);
  if (setting === undefined) return strict ? unknownSetting(name, node) : node;
  if (setting.read === "files" && !decidesFiles(name, node)) return tooLate(name, node);
  // A missing variable is reported only if nothing above replaces it, so it is not judged here.
  if (findProblems(node).length > 0) return node;
  const value = setting.kind.read(toPlain(node), node.text === true);
  if (value instanceof Refusal) return refused(name, node, value);
  // Free maps stay trees, so that they merge key by key.
  return node.shape === "map" && isMap(value) ? node : { ...node, shape: "leaf", value };
}

/** The problem with the setting's advice behind it. */
function advise(name: string, problem: Problem): Problem {
  const advice = findSetting(name)?.advice;
  if (advice === undefined || problem.advised === true) return problem;
  return { ...problem, message: `${problem.message}; ${advice}` };
}

/** Settings of Dancer that Quickstep does not have. */
const dancersOnly =
  /^(?:plack_middlewares|auto_reload|daemon|traces|server_tokens|global_warnings|apphandler)$/;

function unknownSetting(name: string, { origin }: ConfigNode): Problem {
  const guess = nearest(name, settingNames);
  const hint = dancersOnly.test(name)
    ? "; it is Dancer's, and docs/dancer.md says what takes its place"
    : guess === undefined
      ? "; settings of your own go under app:"
      : ` (did you mean "${guess}"?)`;
  return {
    code: "config-unknown-key",
    message: `${origin.toString()}: unknown setting "${name}"${hint}`,
  };
}

function decidesFiles(name: string, { origin: { layer } }: ConfigNode): boolean {
  if (["defaults", "found", "variables", "command-line"].includes(layer)) return true;
  return name === "environment" && (layer === "config" || layer === "local");
}

function tooLate(name: string, { origin }: ConfigNode): Problem {
  const places = name === "environment" ? "in config.yml, config_local.yml, " : "";
  const variable = `QUICKSTEP_${name.toUpperCase()}`;
  return {
    code: "config-invalid",
    message: `${origin.toString()}: "${name}" decides which files are read; set it ${places}by ${variable} or on the command line`,
  };
}

function refused(name: string, node: ConfigNode, { expected, got, path }: Refusal): Problem {
  let culprit = node;
  for (const key of path) culprit = culprit.children?.get(key) ?? culprit;
  const place = [name, ...path.map((key) => `[${key}]`)].join("");
  return {
    code: "config-invalid",
    message: `${culprit.at.toString()}: "${place}" must be ${expected}, got ${describe(got, isSecretName(name))}`,
  };
}

function describe(value: unknown, hidden: boolean): string {
  if (value === null) return "null";
  if (value === "") return "empty text";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isMap(value)) return "a map";
  if (hidden) return typeof value === "string" ? "other text" : `a ${typeof value}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return `a value of type ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
