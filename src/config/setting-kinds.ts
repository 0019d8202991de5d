/** The kinds of value that a setting can have: how each is read, described and put in a JSON Schema. */
import { parseDuration } from "../duration.ts";
import { ConfigError } from "../errors.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Says why a value was refused, and where inside it. */
export class Refusal {
  /** Completes the sentence `"port" must be …`. */
  readonly expected: string;
  readonly got: unknown;
  /** From the setting's value down to the culprit. */
  readonly path: readonly string[];

  constructor(expected: string, got: unknown, path: readonly string[] = []) {
    this.expected = expected;
    this.got = got;
    this.path = path;
  }
}

/** One kind of value. */
export interface Kind<T> {
  /** Completes the sentence `"port" must be …`. */
  readonly expected: string;
  /** True when a single text can express it, so that an environment variable can set it. */
  readonly scalar: boolean;
  readonly schema: JsonSchema;
  /** The value in force; `text` tells that it comes from where everything is text. */
  read(value: unknown, text: boolean): T | Refusal;
}

/** `true`, `false`, `1` or `0`. */
export const boolean: Kind<boolean> = {
  expected: "true or false",
  scalar: true,
  schema: { enum: [true, false, 1, 0] },
  read(value, text) {
    if (value === true || value === 1) return true;
    if (value === false || value === 0) return false;
    if (text && (value === "true" || value === "1")) return true;
    if (text && (value === "false" || value === "0")) return false;
    return new Refusal(this.expected, value);
  },
};

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  const expected =
    most === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${least}`
      : `an integer from ${least} to ${most}`;
  return {
    expected,
    scalar: true,
    schema: { type: "integer", minimum: least, maximum: most },
    read(value, text) {
      const number = text && typeof value === "string" && /^\d+$/.test(value) ? +value : value;
      const fits = Number.isSafeInteger(number) && Number(number) >= least;
      return fits && Number(number) <= most ? Number(number) : new Refusal(expected, value);
    },
  };
}

/** Text that is not empty and, if a pattern is given, matches it. */
export function text(expected = "text", pattern?: RegExp): Kind<string> {
  return {
    expected,
    scalar: true,
    schema: { type: "string", minLength: 1, ...(pattern && { pattern: pattern.source }) },
    read(value) {
      if (typeof value === "number" || typeof value === "boolean") {
        return new Refusal(`${expected} (put it in quotes)`, value);
      }
      const fits = typeof value === "string" && value !== "" && (pattern?.test(value) ?? true);
      return fits ? value : new Refusal(expected, value);
    },
  };
}

/** A span of time in seconds; from one second up it is a whole number of them. */
export function duration(least: 0 | 1 = 0): Kind<number> {
  const expected = `a duration${least === 0 ? "" : " of at least a second"}, such as 90 or "2 hours"`;
  return {
    expected,
    scalar: true,
    schema: {
      anyOf: [
        { type: "number", minimum: least },
        { type: "string", pattern: "^\\s*[-+]?\\d" },
      ],
    },
    read(value) {
      if (typeof value !== "number" && typeof value !== "string") {
        return new Refusal(expected, value);
      }
      try {
        const seconds = parseDuration(value);
        if (seconds < least) return new Refusal(expected, value);
        return least === 0 ? seconds : Math.round(seconds);
      } catch (error) {
        if (error instanceof ConfigError) return new Refusal(expected, value);
        throw error;
      }
    },
  };
}

const sizePattern = /^(\d+(?:\.\d+)?) ?(?:([kmg])?i?b)?$/i;
const sizeFactors: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A number of bytes; a kB is 1024 of them. */
export const size: Kind<number> = {
  expected: 'a number of bytes, such as 1048576 or "1 MB"',
  scalar: true,
  schema: {
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "string", pattern: "^\\d+(\\.\\d+)? ?([kKmMgG]?i?[bB])?$" },
    ],
  },
  read(value) {
    const [, amount, unit] = sizePattern.exec(String(value)) ?? [];
    const known = typeof value === "number" || typeof value === "string";
    if (!known || amount === undefined) return new Refusal(this.expected, value);
    const bytes = Number(amount) * (sizeFactors[unit?.toLowerCase() ?? ""] ?? 1);
    return Number.isSafeInteger(bytes) ? bytes : new Refusal(this.expected, value);
  },
};

/** One of these words, in any letter case; the value in force is spelt as here. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  const [last, ...others] = [...words].reverse();
  const expected = others.length === 0 ? `"${String(last)}"` : `one of ${words.join(", ")}`;
  return {
    expected,
    scalar: true,
    schema: { anyOf: [{ enum: words }, { type: "string", pattern: anyCase(words) }] },
    read(value) {
      const wanted = typeof value === "string" ? value.toLowerCase() : undefined;
      const word = words.find((one) => one.toLowerCase() === wanted);
      return word ?? new Refusal(expected, value);
    },
  };
}

function anyCase(words: readonly string[]): string {
  const one = (letter: string) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
  return `^(${words.map((word) => word.replace(/[a-z]/gi, one)).join("|")})$`;
}

/** This kind or `null`; where everything is text, empty text is `null`. */
export function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return {
    expected: `${kind.expected}, or null`,
    scalar: kind.scalar,
    schema: { anyOf: [kind.schema, { type: "null" }] },
    read(value, isText) {
      if (value === null || (isText && value === "")) return null;
      const read = kind.read(value, isText);
      if (!(read instanceof Refusal) || read.path.length > 0) return read;
      return new Refusal(`${read.expected}, or null`, read.got);
    },
  };
}

/** The first of two kinds that takes the value. */
export function either<A, B>(first: Kind<A>, second: Kind<B>): Kind<A | B> {
  const expected = `${first.expected}, or ${second.expected}`;
  return {
    expected,
    scalar: first.scalar || second.scalar,
    schema: { anyOf: [first.schema, second.schema] },
    read(value, isText) {
      const one = first.read(value, isText);
      if (!(one instanceof Refusal)) return one;
      const other = second.read(value, isText);
      if (!(other instanceof Refusal)) return other;
      const deeper = [one, other].find((refusal) => refusal.path.length > 0);
      return deeper ?? new Refusal(expected, value);
    },
  };
}

/** A list; `least` items at least. An empty entry in a file (`null`) is an empty list. */
export function list<T>(kind: Kind<T>, least = 0): Kind<readonly T[]> {
  const expected = `a list, each item ${kind.expected}`;
  const items = { type: "array", items: kind.schema, minItems: least };
  return {
    expected,
    scalar: false,
    schema: least === 0 ? { anyOf: [items, { type: "null" }] } : items,
    read(value) {
      if (value === null && least === 0) return [];
      if (!Array.isArray(value) || value.length < least) return new Refusal(expected, value);
      const read: T[] = [];
      for (const [index, item] of value.entries()) {
        const one = kind.read(item, false);
        if (one instanceof Refusal) {
          return new Refusal(one.expected, one.got, [String(index), ...one.path]);
        }
        read.push(one);
      }
      return read;
    },
  };
}

/** A map whose content is somebody else's business; an empty entry in a file (`null`) clears it. */
export const freeMap: Kind<Readonly<Record<string, unknown>>> = {
  expected: "a map",
  scalar: false,
  schema: { type: ["object", "null"] },
  read: (value) =>
    value === null ? {} : isMap(value) ? value : new Refusal(freeMap.expected, value),
};

/** A map of exactly one key to its options. */
export const oneKeyMap: Kind<Readonly<Record<string, unknown>>> = {
  expected: "a map of one name to its options",
  scalar: false,
  schema: { type: "object", minProperties: 1, maxProperties: 1 },
  read: (value) =>
    isMap(value) && Object.keys(value).length === 1
      ? value
      : new Refusal(oneKeyMap.expected, value),
};

/** Tells plain data maps from lists, `null` and objects of some class. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
