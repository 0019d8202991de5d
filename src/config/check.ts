/** Checks one layer of the configuration against the table of settings. */
import { nearest } from "../nearest.ts";
import { isSecretName } from "../secrets.ts";
import { findSetting, settingNames, type SettingDefinition } from "./settings.ts";
import { Refusal, isMap } from "./setting-kinds.ts";
import {
  findProblems,
  toPlain,
  type ConfigNode,
  type MapNode,
  type Origin,
  type Problem,
} from "./node.ts";

/** The values of a layer as they are when in force, and everything that is wrong with it. */
export interface CheckedLayer {
  readonly root: MapNode;
  readonly problems: readonly Problem[];
}

/** Checks names and values; `strict` refuses names that are not in the table. */
export function checkLayer(root: MapNode, strict: boolean): CheckedLayer {
  const children = new Map<string, ConfigNode>();
  const problems: Problem[] = [];
  for (const [name, node] of root.children) {
    const checked = checkValue(name, node, strict);
    if ("message" in checked) problems.push(checked);
    else children.set(name, checked);
  }
  return { root: { ...root, children }, problems };
}

/** The value of one setting as it is when in force, or what is wrong with it. */
export function checkValue(name: string, node: ConfigNode, strict: boolean): ConfigNode | Problem {
  const setting = findSetting(name);
  if (setting === undefined) return strict ? unknownSetting(name, node.origin) : node;
  if (setting.early && !maySetEarly(name, node.origin)) return tooLate(name, node.origin);
  // A missing variable is reported only if nothing above replaces it, so it is not judged here.
  if (findProblems(node).length > 0) return node;
  const value = setting.kind.read(toPlain(node), node.shape === "leaf" && node.text);
  if (value instanceof Refusal) return advised(setting, refused(name, node, value, setting.secret));
  // Free maps stay trees, so that they merge key by key.
  if (node.shape === "map" && isMap(value)) return node;
  const { origin, at, children } = node;
  return { shape: "leaf", origin, at, value, text: false, ...(children && { children }) };
}

/** The problem with the setting's advice behind it. */
function advised({ advice }: SettingDefinition<unknown>, problem: Problem): Problem {
  return advice === undefined || problem.advised === true
    ? problem
    : { ...problem, message: `${problem.message}; ${advice}` };
}

/** The problems of the values that are in force, each with its setting's advice. */
export function findRootProblems(root: MapNode): Problem[] {
  return [...root.children].flatMap(([name, node]) => {
    const setting = findSetting(name);
    const problems = findProblems(node);
    return setting === undefined ? problems : problems.map((one) => advised(setting, one));
  });
}

function unknownSetting(name: string, origin: Origin): Problem {
  const guess = nearest(name, settingNames);
  const hint =
    guess === undefined ? "; settings of your own go under app:" : ` (did you mean "${guess}"?)`;
  return {
    code: "config-unknown-key",
    message: `${origin.toString()}: unknown setting "${name}"${hint}`,
  };
}

function maySetEarly(name: string, { layer }: Origin): boolean {
  if (["defaults", "found", "variables", "command-line"].includes(layer)) return true;
  return name === "environment" && (layer === "config" || layer === "local");
}

function tooLate(name: string, origin: Origin): Problem {
  const places = name === "environment" ? "in config.yml, config_local.yml, " : "";
  const variable = `QUICKSTEP_${name.toUpperCase()}`;
  return {
    code: "config-invalid",
    message: `${origin.toString()}: "${name}" decides which files are read; set it ${places}by ${variable} or on the command line`,
  };
}

function refused(name: string, node: ConfigNode, refusal: Refusal, secret: boolean): Problem {
  let culprit = node;
  for (const key of refusal.path) culprit = culprit.children?.get(key) ?? culprit;
  const path = [name, ...refusal.path.map((key) => `[${key}]`)].join("");
  const hidden = secret || isSecretName(name);
  return {
    code: "config-invalid",
    message: `${culprit.at.toString()}: "${path}" must be ${refusal.expected}, got ${describe(refusal.got, hidden)}`,
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
