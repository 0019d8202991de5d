/** The settings in force as one frozen object that shows no secrets when it is printed. */
import { inspect } from "node:util";
import { isSecretName, maskPasswords } from "../secrets.ts";
import { findSetting, type Settings } from "./settings.ts";
import { isMap } from "./setting-kinds.ts";
import { toPlainMap, type Nodes } from "./node.ts";

const mask = "********";

const masking = {
  toJSON(this: object): unknown {
    return maskMap({ ...this });
  },
  [inspect.custom](this: object): unknown {
    return maskMap({ ...this });
  },
};

/** Makes the object; its values have passed the check, which is what makes them `Settings`. */
export function createSnapshot(nodes: Nodes): Settings {
  const settings: object = Object.create(masking) as object;
  const values: object = toPlainMap(nodes);
  return Object.freeze(Object.assign(settings, values)) as Settings;
}

function maskMap(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, masked(name, value)]),
  );
}

function masked(name: string, value: unknown): unknown {
  const secret = findSetting(name)?.secret ?? isSecretName(name);
  if (secret) return value === null ? null : mask;
  if (Array.isArray(value)) return value.map((item: unknown) => masked("", item));
  if (typeof value === "string") return maskPasswords(value);
  return isMap(value) ? maskMap(value) : value;
}
