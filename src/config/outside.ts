/** The layers that do not come from configuration files: environment variables and the command line. */
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { findSetting, settingNames } from "./settings.ts";
import { Origin, createNode, createRoot, type ConfigNode, type MapNode } from "./node.ts";
import type { Variables } from "./substitute.ts";

const prefix = "QUICKSTEP_";
/** Variables that hosts set; they count only where ours say nothing. */
const hostVariables = { port: "PORT", environment: "NODE_ENV" };

/**
 * The settings that variables make: `QUICKSTEP_PORT` and so on, and below them `PORT` and
 * `NODE_ENV`. An empty variable sets nothing. A variable that is nearly a setting's is kept under
 * its wrong name, for the check to complain about; any other `QUICKSTEP_` variable is not ours.
 */
export function createVariableLayer(env: Variables, file: Variables): MapNode {
  const children = new Map<string, ConfigNode>();
  const add = (setting: string, variable: string): void => {
    const value = env[variable] ?? file[variable];
    if (value === undefined || value === "") return;
    const source = env[variable] === undefined ? `${variable} (.env)` : variable;
    children.set(setting, createNode(value, new Origin("variables", source), true));
  };
  for (const [setting, variable] of Object.entries(hostVariables)) add(setting, variable);
  for (const variable of Object.keys({ ...file, ...env })) {
    if (!variable.startsWith(prefix)) continue;
    const setting = variable.slice(prefix.length).toLowerCase();
    const known = findSetting(setting) !== undefined;
    if (known || nearest(setting, settingNames) !== undefined) add(setting, variable);
  }
  return createRoot(children);
}

/** The settings that the command line makes; their values may all be text. */
export function createCommandLineLayer(values: Readonly<Record<string, unknown>>): MapNode {
  const children = new Map<string, ConfigNode>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (name === "__proto__")
      throw new ConfigError("config-unknown-key", "unknown setting --__proto__");
    children.set(name, createNode(value, new Origin("command-line", `--${name}`), true));
  }
  return createRoot(children);
}
