/** The serializer `yaml`. */
import {
  CORE_SCHEMA,
  NOT_RESOLVED,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  dump,
  load,
  mapTag,
  seqTag,
  strTag,
} from "js-yaml";
import { EngineError } from "../../errors.ts";
import { refuseDanger } from "../../json.ts";
import { toPlain } from "./json.ts";
import type { Serializer } from "./serializer.ts";

/** As in Perl's YAML, nothing is written `~`. */
const tilde = defineScalarTag("tag:yaml.org,2002:null", {
  implicit: true,
  resolve: (text) => (/^(?:~|null|Null|NULL)?$/.test(text) ? null : NOT_RESOLVED),
  identify: (data) => data === null,
  represent: () => "~",
});
const schema = CORE_SCHEMA.withTags(tilde);

/** What Perl's YAML writes for objects, `!!perl/hash:Some::Class`, is read as the data in it. */
const perl = { matchByTagPrefix: true, identify: () => false };
const readingSchema = CORE_SCHEMA.withTags(
  defineMappingTag("tag:yaml.org,2002:perl/hash", { ...mapTag, ...perl }),
  defineSequenceTag("tag:yaml.org,2002:perl/array", { ...seqTag, ...perl }),
  defineScalarTag("tag:yaml.org,2002:perl/scalar", { ...strTag, ...perl, implicit: false }),
);

/**
 * Makes the serializer `yaml`: one document, `---` first and keys in alphabetical order, as Dancer
 * writes it.
 *
 * Bodies of the type `text/x-yaml` are read, as plain data: Perl's classes are left out, as YAML.pm
 * does by default. Other tags, repeated keys, keys that reach for a prototype and more than 50 aliases
 * are refused, and fewer that repeat more than 10,000 values and characters.
 */
export function createYamlSerializer(): Serializer {
  return {
    contentType: "text/x-yaml",
    reads: (mediaType) => mediaType === "text/x-yaml",
    serialize: writeYaml,
    deserialize: readYaml,
  };
}

/** Data as a YAML document. @throws EngineError `serialize-failed`, as the serializer `json` does. */
export function writeYaml(data: unknown): string {
  const text = dump(toPlain(data), { schema, noRefs: true, sortKeys: true, lineWidth: -1 });
  return `---${/^[[{]/.test(text) ? " " : "\n"}${text}`;
}

/** How many values and characters aliases may add to what is written. */
const ALIASED = 10_000;

/** Counts down for each value and character, however often it is reached. @throws EngineError below zero. */
function countDown(left: number, value: unknown): number {
  if (left < 0) throw new EngineError("deserialize-failed", "the aliases stand for too much");
  if (typeof value === "string") return left - 1 - value.length;
  if (typeof value !== "object" || value === null) return left - 1;
  const held = Array.isArray(value) ? value : Object.entries(value).flat();
  return held.reduce<number>(countDown, left - 1);
}

/** The data of one YAML document; `undefined` for none. @throws EngineError `deserialize-failed`. */
export function readYaml(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    const data = load(text, { schema: readingSchema, maxDepth: 100, maxAliases: 50 });
    // Whoever walks the data walks what aliases name once for each of them.
    countDown(3 * text.length + ALIASED, data);
    refuseDanger(data, 0);
    return data;
  } catch (cause) {
    throw new EngineError("deserialize-failed", "the text is not YAML that can be read", { cause });
  }
}
