/** The kinds of value that a setting can have: how each is read, described and put in a JSON Schema. */
import { durationPattern, inAnyCase, secondsOf } from "../duration.ts";

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
export const boolean = scalar(
  "true or false",
  { enum: [true, false, 1, 0] },
  (value, isText): boolean | undefined => {
    if (value === true || value === 1) return true;
    if (value === false || value === 0) return false;
    if (isText && (value === "true" || value === "1")) return true;
    return isText && (value === "false" || value === "0") ? false : undefined;
  },
);

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  const isOpen = most === Number.MAX_SAFE_INTEGER;
  return scalar(
    isOpen ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`,
    { type: "integer", minimum: least, maximum: most },
    (value, isText) => {
      const number = isText && typeof value === "string" && /^\d+$/.test(value) ? +value : value;
      if (typeof number !== "number" || !Number.isSafeInteger(number)) return undefined;
      return number >= least && number <= most ? number : undefined;
    },
  );
}

/** Text that is not empty and, if a pattern is given, matches it. */
export function text(expected = "text", pattern = /^/): Kind<string> {
  return scalar(
    expected,
    { type: "string", minLength: 1, pattern: pattern.source },
    (value): string | Refusal | undefined => {
      if (typeof value === "number" || typeof value === "boolean") {
        return new Refusal(`${expected} (put it in quotes)`, value);
      }
      return typeof value === "string" && value !== "" && pattern.test(value) ? value : undefined;
    },
  );
}

/** The same text in lower case. */
export function lowerCase(kind: Kind<string>): Kind<string> {
  return {
    ...kind,
    read(value, text) {
      const read = kind.read(value, text);
      return typeof read === "string" ? read.toLowerCase() : read;
    },
  };
}

/** A span of time in seconds; from one second up it is a whole number of them. */
export function duration(least: 0 | 1 = 0): Kind<number> {
  const pattern = least === 0 ? durationPattern : `^(?=.*[1-9])${durationPattern.slice(1)}`;
  const isOne = (value: unknown): value is number | string =>
    typeof value === "number"
      ? value >= least
      : typeof value === "string" && RegExp(pattern).test(value);
  return scalar(
    `a duration${least === 0 ? "" : " of at least a second"}, such as 90 or "2 hours"`,
    {
      anyOf: [
        { type: "number", minimum: least },
        { type: "string", pattern },
      ],
    },
    (value) => {
      const seconds = isOne(value) ? secondsOf(value) : undefined;
      return seconds === undefined || least === 0 ? seconds : Math.max(1, Math.round(seconds));
    },
  );
}

const sizeFactors: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

const sizePattern = "^(\\d+(?:\\.\\d+)?) ?(?:([kKmMgG])?[iI]?[bB])?$";

/** A number of bytes; a kB is 1024 of them, and a fraction of a byte is none. */
export const size = scalar(
  'a number of bytes, such as 1048576 or "1 MB"',
  {
    anyOf: [
      { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      { type: "string", pattern: sizePattern },
    ],
  },
  (value) => {
    if (typeof value === "number")
      return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    const [, many, unit = ""] =
      (typeof value === "string" && RegExp(sizePattern).exec(value)) || [];
    const bytes = Math.floor(Number(many) * (sizeFactors[unit.toLowerCase()] ?? 1));
    return Number.isSafeInteger(bytes) ? bytes : undefined;
  },
);

/** One of these words, in any letter case; the value in force is spelt as here. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  const spellings = words.map(inAnyCase).join("|");
  return scalar(
    words.length === 1 ? `"${words.join("")}"` : `one of ${words.join(", ")}`,
    { anyOf: [{ enum: words }, { type: "string", pattern: `^(${spellings})$` }] },
    (value) => {
      const wanted = typeof value === "string" ? value.toLowerCase() : undefined;
      return words.find((word) => word.toLowerCase() === wanted);
    },
  );
}

const nothing = scalar("null", { type: "null" }, (value, isText) =>
  value === null || (isText && value === "") ? null : undefined,
);

/** This kind or `null`; where everything is text, empty text is `null`. */
export function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return either(kind, nothing);
}

/** The first of two kinds that takes the value. */
export function either<A, B>(first: Kind<A>, second: Kind<B>): Kind<A | B> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    scalar: first.scalar || second.scalar,
    schema: { anyOf: [first.schema, second.schema] },
    read(value, isText) {
      const one = first.read(value, isText);
      if (!(one instanceof Refusal)) return one;
      const other = second.read(value, isText);
      if (!(other instanceof Refusal)) return other;
      const deeper = [one, other].find((refusal) => refusal.path.length > 0);
      return deeper ?? new Refusal(`${one.expected}, or ${other.expected}`, value);
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
  ...scalar("a map", { type: ["object", "null"] }, (value) => {
    if (value === null) return {};
    return isMap(value) ? value : undefined;
  }),
  scalar: false,
};

/** A map of exactly one key to its options. */
export const oneKeyMap: Kind<Readonly<Record<string, unknown>>> = {
  ...scalar(
    "a map of one name to its options",
    { type: "object", minProperties: 1, maxProperties: 1 },
    (value) => (isMap(value) && Object.keys(value).length === 1 ? value : undefined),
  ),
  scalar: false,
};

/** Tells plain data maps from lists, `null` and objects of some class. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A kind by its reader, for which `undefined` means that the value is not of this kind. */
function scalar<T>(
  expected: string,
  schema: JsonSchema,
  read: (value: unknown, isText: boolean) => T | Refusal | undefined,
): Kind<T> {
  return {
    expected,
    scalar: true,
    schema,
    read(value, isText) {
      const inForce = read(value, isText);
      return inForce === undefined ? new Refusal(expected, value) : inForce;
    },
  };
}
