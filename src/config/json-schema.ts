/** The JSON Schema of a configuration file, for editors; made from the table of settings. */
import { readFileSync } from "node:fs";
import { settingTable, type SettingDefinition } from "./settings.ts";
import type { JsonSchema } from "./setting-kinds.ts";

/** A variable stands for a value that is only known at start, so it is right in every scalar place. */
const variable: JsonSchema = { type: "string", pattern: "\\$\\{" };

/**
 * The JSON Schema (draft 7, which YAML editors read) of `config.yml` and the environment files, in
 * which the folders that say where they are cannot stand. Descriptions are the comments of the
 * shipped `config.yml`.
 */
export function toJsonSchema(): JsonSchema {
  const rows: readonly (readonly [string, SettingDefinition<unknown>])[] = Object.entries(
    settingTable,
  ).filter(([name]) => name !== "appdir" && name !== "confdir");
  const shipped = readFileSync(new URL("../../config.yml", import.meta.url), "utf8");
  const properties = rows.map(([name, { kind, secret }]) => [
    name,
    {
      description: commentAbove(name, shipped),
      ...(secret && { writeOnly: true }),
      ...(kind.scalar ? { anyOf: [kind.schema, variable] } : kind.schema),
    },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Quickstep configuration",
    type: ["object", "null"],
    properties: Object.fromEntries(properties) as Record<string, unknown>,
    additionalProperties: false,
  };
}

function commentAbove(name: string, yaml: string): string {
  const [, comment = ""] = new RegExp(`((?:^# .*\\n)+)${name}:`, "m").exec(yaml) ?? [];
  return comment.replace(/^# /, "").replaceAll("\n# ", " ").trim();
}
