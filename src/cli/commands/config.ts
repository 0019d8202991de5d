/** `quickstep config`. */
import type { Config } from "../../config/config.ts";
import { toJsonSchema } from "../../config/json-schema.ts";
import { isMap } from "../../config/setting-kinds.ts";
import { findSetting, settingNames } from "../../config/settings.ts";
import { suggest } from "../../nearest.ts";
import { isSecretName } from "../../secrets.ts";
import { configOptions, readConfig } from "../app-config.ts";
import { appOptions } from "../app-entry.ts";
import { columns, CommandError, type Command } from "../command.ts";

const MASK = "********";

export const command: Command = {
  usage: "quickstep config [NAME …] [options]",
  description: `
Shows the settings in force, each with the place that decided it: the file and line, the variable or
the option. Secrets are masked. Without names it shows what the app has set itself; a name may lead
into a map. What set() changes in code is not known here.

  npx quickstep config
  npx quickstep config port session_cookie_key app.name
  npx quickstep config --environment production`,
  options: {
    ...appOptions,
    ...configOptions,
    all: { type: "boolean", short: "a", help: "defaults too" },
    json: { type: "boolean", help: "as JSON" },
    schema: { type: "boolean", help: "print the JSON Schema of config.yml, for editors" },
  },
  arguments: Number.POSITIVE_INFINITY,
  run(input) {
    const { values, positionals } = input;
    if (values["schema"] === true) {
      process.stdout.write(`${JSON.stringify(toJsonSchema(), undefined, 2)}\n`);
      return 0;
    }
    const config = readConfig(input);
    const rows = Object.entries(config.settings).flatMap(([name, value]) =>
      list(config, [name], value),
    );
    const chosen =
      positionals.length > 0
        ? positionals.flatMap((name) => choose(rows, name))
        : rows.filter(({ isDefault }) => values["all"] === true || !isDefault);
    const isNamed = positionals.length > 0;
    process.stdout.write(values["json"] === true ? toJson(chosen) : toTable(chosen, isNamed));
    return 0;
  },
};

/** A longer value is cut in the table, unless it is asked for by name. */
const widest = 60;
const spans = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

interface Row {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
  readonly isDefault: boolean;
}

/** A row for each value; those inside a map may come from different files. */
function list(config: Config, path: readonly string[], value: unknown): Row[] {
  const isSecret = path.some((key) => findSetting(key)?.secret ?? isSecretName(key));
  if (!isSecret && isMap(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => list(config, [...path, key], inner));
  }
  const name = path.join(".");
  const origin = config.origin(name);
  return [
    {
      name,
      value: isSecret && value !== null ? MASK : maskInside(value),
      origin: origin?.toString() ?? "",
      // What was found, such as the app's folder, nobody has set either.
      isDefault: origin?.layer === "defaults" || origin?.layer === "found",
    },
  ];
}

/** @throws CommandError `setting-unknown` with the nearest name. */
function choose(rows: readonly Row[], name: string): Row[] {
  const chosen = rows.filter((row) => row.name === name || row.name.startsWith(`${name}.`));
  if (chosen.length > 0) return chosen;
  const hint = suggest(name, [...settingNames, ...rows.map((row) => row.name)]);
  throw new CommandError("setting-unknown", `there is no setting "${name}"${hint}`);
}

/** Lists hold maps whose keys tell what is a secret. */
function maskInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskInside);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isSecretName(key) && inner !== null ? MASK : maskInside(inner),
    ]),
  );
}

function toJson(rows: readonly Row[]): string {
  const all = rows.map(({ name, value, origin }) => [name, { value, origin }] as const);
  return `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`;
}

function toTable(rows: readonly Row[], isWhole: boolean): string {
  const values = rows.map((row) => {
    const text = toText(row);
    return isWhole || text.length <= widest ? text : `${text.slice(0, widest)}…`;
  });
  const width = Math.min(40, Math.max(...values.map((value) => value.length)));
  return columns(
    rows.map(({ name, origin }, at) => [name, `${String(values[at]).padEnd(width)}  ${origin}`]),
  );
}

/** Durations are told as `config.yml` would say them. */
function toText({ name, value }: Row): string {
  if (typeof value === "string") return value;
  const isDuration = findSetting(name)?.kind.expected.startsWith("a duration") === true;
  if (typeof value !== "number" || !isDuration) return JSON.stringify(value);
  const fits = (seconds: number): boolean => value >= seconds && value % seconds === 0;
  const [unit, length] = spans.find(([, seconds]) => fits(seconds)) ?? ["second", 1];
  const count = value / length;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
