/** An engine's own settings: what stands under its name in `engines:`. */
import { Refusal, isMap, type Kind } from "../config/setting-kinds.ts";
import { ConfigError } from "../errors.ts";

/** What an engine may be told, and what counts when it is not. */
export type EngineSettingTable<T> = {
  readonly [Name in keyof T]: { readonly kind: Kind<T[Name]>; readonly fallback: T[Name] };
};

/**
 * Reads the settings of one engine.
 *
 * @throws ConfigError `config-invalid` for a name that the engine does not know or a wrong value;
 *   the value is not shown, because it may hold a password.
 */
export function readEngineSettings<T extends object>(
  setting: (name: string) => unknown,
  engine: string,
  table: EngineSettingTable<T>,
): T {
  const engines = setting("engines");
  const given = (isMap(engines) ? engines[engine] : undefined) ?? {};
  if (!isMap(given)) throw new ConfigError("config-invalid", `engines: ${engine} must be a map`);
  const names = Object.keys(table) as (keyof T & string)[];
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (stranger !== undefined) {
    throw new ConfigError(
      "config-invalid",
      `engines: ${engine}: there is no "${stranger}" (known: ${names.join(", ")})`,
    );
  }
  const read = names.map((name) => {
    const { kind, fallback } = table[name];
    const value = given[name] === undefined ? fallback : kind.read(given[name], true);
    if (!(value instanceof Refusal)) return [name, value];
    throw new ConfigError(
      "config-invalid",
      `engines: ${engine}: "${name}" must be ${value.expected}`,
    );
  });
  return Object.fromEntries(read) as T;
}
