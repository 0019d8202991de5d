import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import {
  findSetting,
  settingNames,
  settingTable,
  type SettingDefinition,
} from "../../src/config/settings.ts";
import { toJsonSchema } from "../../src/config/json-schema.ts";
import { Refusal } from "../../src/config/setting-kinds.ts";
import { loadError } from "./support.ts";

const shipped = readFileSync(new URL("../../config.yml", import.meta.url), "utf8");
const defaults = load(shipped) as Record<string, unknown>;
const rows: readonly (readonly [string, SettingDefinition<unknown>])[] =
  Object.entries(settingTable);

function read(name: string, value: unknown, text = false): unknown {
  return findSetting(name)?.kind.read(value, text);
}

describe("the shipped config.yml", () => {
  it("names exactly the settings of the table", () => {
    const order = [...settingNames].sort();
    expect(Object.keys(defaults).sort()).toEqual(order);
  });

  it.each(rows)("gives %s a default that the table accepts", (name, { kind }) => {
    expect(kind.read(defaults[name], false)).not.toBeInstanceOf(Refusal);
  });

  it.each(settingNames)("explains %s in a comment", (name) => {
    const lines = shipped.split("\n");
    const at = lines.findIndex((line) => line.startsWith(`${name}:`));
    expect(lines[at - 1]).toMatch(/^# /);
  });
});

describe("a setting", () => {
  it("is secret only where it holds key material", () => {
    const secret = rows.filter(([, row]) => row.secret).map(([name]) => name);
    expect(secret).toEqual(["session_cookie_key"]);
  });

  it("is not found under the name of an object's own machinery", () => {
    expect(findSetting("__proto__")).toBeUndefined();
    expect(findSetting("constructor")).toBeUndefined();
  });

  it.each([
    ["startup_info", true, true],
    ["startup_info", 1, true],
    ["startup_info", 0, false],
    ["port", 0, 0],
    ["port", 65_535, 65_535],
    ["max_body_size", 1_048_576, 1_048_576],
    ["max_body_size", "1 MB", 1_048_576],
    ["max_body_size", "1MiB", 1_048_576],
    ["max_body_size", "1.5 kB", 1536],
    ["max_body_size", "2 gb", 2 * 1024 ** 3],
    ["max_body_size", "12 B", 12],
    ["session_expires", null, null],
    ["session_expires", "1 hour", 3600],
    ["session_expires", 1.4, 1],
    ["request_timeout", 0.2, 0.2],
    ["session_same_site", "strict", "Strict"],
    ["session_same_site", "NONE", "None"],
    ["session_secure", "Auto", "auto"],
    ["session_secure", 1, true],
    ["session_secure", null, null],
    ["session_cookie_key", "one", "one"],
    ["session_cookie_key", ["new", "old"], ["new", "old"]],
    ["log", "WARNING", "warning"],
    ["middlewares", null, []],
    [
      "middlewares",
      ["helmet", { compression: { level: 1 } }],
      ["helmet", { compression: { level: 1 } }],
    ],
    ["plugins", null, {}],
  ])("%s takes %j as %j", (name, written, inForce) => {
    expect(read(name, written)).toEqual(inForce);
  });

  it.each([
    ["port", "3000", 3000],
    ["startup_info", "0", false],
    ["startup_info", "true", true],
    ["session_secure", "1", true],
    ["session_secure", "auto", "auto"],
    ["session_domain", "", null],
    ["max_body_size", "2048", 2048],
    ["session_lifetime", "60", 60],
  ])("%s takes the text %j from a variable as %j", (name, written, inForce) => {
    expect(read(name, written, true)).toBe(inForce);
  });
});

describe("the JSON Schema", () => {
  it("has every setting with its description and nothing else", () => {
    const schema = toJsonSchema();
    const properties = schema.properties as Record<string, { description: string }>;
    // The folders decide where the file is, so they cannot stand in it.
    const inFiles = rows.filter(([name]) => name !== "appdir" && name !== "confdir");
    expect(Object.keys(properties)).toEqual(inFiles.map(([name]) => name));
    for (const [name] of inFiles)
      expect(properties[name]?.description).toMatch(/^[A-Z].{10,}[^#]$/);
    expect(properties["views"]?.description).toBe("Folder of views, relative to the app's folder.");
    expect(schema.additionalProperties).toBe(false);
  });

  it("is plain JSON", () => {
    const schema = toJsonSchema();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  const properties = toJsonSchema().properties as Record<string, object>;
  const piece = fc.constantFrom(
    ...["1", "0", "30", "2.5", "1,5", " ", ":", ",", " and ", "+", "-", "hour", "Hours", "m", "M"],
    ...["s", "kB", "b", "MiB", "x", "/", ";", "auto", "LAX", "none", "true"],
  );
  const value = fc.oneof(
    fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join("")),
    fc.constantFrom("1 hour 30 minutes", "1:30", "1h30m", "2 MB", "0 s", "", "Strict", "info"),
    fc.oneof(fc.integer({ min: -2, max: 70_000 }), fc.double({ min: -2, max: 5, noNaN: true })),
    fc.oneof(fc.boolean(), fc.constant(null)),
    fc.array(fc.oneof(fc.constantFrom("a", "show_errors", ""), fc.integer()), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b"), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
  );

  it.each(Object.keys(properties))("SEC-712 accepts for %s what the loader accepts", (name) => {
    const validate = new Ajv({ strict: false }).compile(properties[name] ?? false);
    fc.assert(
      fc.property(value, (one) => {
        expect([one, validate(one)]).toEqual([one, !(read(name, one) instanceof Refusal)]);
      }),
      { numRuns: 300 },
    );
  });

  it("SEC-712 refuses unknown settings and the folders, as the loader does", () => {
    const validate = new Ajv({ strict: false }).compile(toJsonSchema());
    expect(validate(null)).toBe(true);
    for (const name of ["prot", "appdir", "confdir"]) {
      expect(validate({ [name]: "x" })).toBe(false);
      expect(loadError({ "config.yml": `${name}: x` }).message).toContain(name);
    }
  });

  it("allows a variable wherever one text can express the value", () => {
    const { port, plugins } = toJsonSchema().properties as Record<string, { anyOf?: unknown[] }>;
    expect(port?.anyOf).toContainEqual({ type: "string", pattern: "\\$\\{" });
    expect(plugins?.anyOf).toBeUndefined();
  });
});
