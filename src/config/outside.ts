/** The layers that do not come from configuration files: environment variables, command line, code. */
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { findSetting, settingNames } from "./settings.ts";
import { Origin, createNode, type ConfigNode, type Layer, type Nodes } from "./node.ts";
import type { Variable, Variables } from "./variables.ts";

/** Variables that hosts set; they count only where ours say nothing. */
const hostVariables = [
  ["port", "PORT"],
  ["environment", "NODE_ENV"],
] as const;

/**
 * The settings that variables make: `QUICKSTEP_PORT` and so on, and below them `PORT` and
 * `NODE_ENV`. An empty variable sets nothing. A variable that is nearly a setting's is kept under
 * its wrong name, for the check to complain about; any other `QUICKSTEP_` variable is not ours.
 */
export function createVariableNodes(variables: Variables): Nodes {
  const ours = variables.names.flatMap((name): [string, Variable | undefined][] => {
    if (!name.startsWith("QUICKSTEP_")) return [];
    const setting = name.slice("QUICKSTEP_".length).toLowerCase();
    const held = setting.replace(/_file$/, "");
    const known = findSetting(setting) !== undefined;
    if (!known && findSetting(held) !== undefined) {
      return [[held, variables.find(name.replace(/_FILE$/, ""))]];
    }
    const isNear = known || nearest(setting, settingNames) !== undefined;
    return isNear ? [[setting, variables.own(name)]] : [];
  });
  const hosts = hostVariables.map(([setting, name]) => [setting, variables.own(name)] as const);
  const nodes = new Map<string, ConfigNode>();
  for (const [setting, variable] of [...hosts, ...ours]) {
    if (variable === undefined) continue;
    const node = createNode(variable.value, new Origin("variables", variable.source), true);
    const { fault } = variable;
    if (fault !== undefined) {
      const message = `"${setting}" is not set: ${fault}`;
      nodes.set(setting, { ...node, problem: { code: "config-secret-file", message } });
    } else if (variable.value !== "") nodes.set(setting, node);
  }
  return nodes;
}

/**
 * The settings that the command line or code makes; `describe` names their source.
 *
 * @throws ConfigError `setting-invalid` for what cannot be a configuration's value.
 */
export function createValueNodes(
  values: Readonly<Record<string, unknown>>,
  layer: Layer,
  describe: (name: string) => string,
): Nodes {
  const nodes = new Map<string, ConfigNode>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const origin = new Origin(layer, describe(name));
    try {
      if (name === "__proto__") throw new RangeError("is not a name for a setting");
      nodes.set(name, createNode(value, origin, layer === "command-line"));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const message = `${origin.toString()}: "${name}" ${cause.message}`;
      throw new ConfigError("setting-invalid", message, { cause });
    }
  }
  return nodes;
}
