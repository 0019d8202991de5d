/** What a session can carry: null, booleans, finite numbers, strings, and plain arrays and objects of these. */
import { SessionError } from "../errors.ts";

/** How deep arrays and objects may be nested in each other. */
export const maxDepth = 100;

/**
 * Copies a value deeply and makes sure that a session can carry all of it.
 *
 * `path` is what the value is called in messages, such as `cart`. `-0` becomes `0`, and an object
 * that stands in two places becomes two.
 *
 * @throws SessionError `session-data-invalid`, naming the path of the culprit and what to do instead.
 */
export function copyPlain(value: unknown, path: string): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  return new Copier(path).copy(value);
}

/**
 * Tells whether two values are equal plain data.
 *
 * What a session cannot carry is equal to nothing, not even to itself; a getter counts as the value
 * that it gives. Never throws.
 */
export function samePlain(a: unknown, b: unknown): boolean {
  try {
    return same(a, b, 0);
  } catch {
    return false;
  }
}

/** Tells whether what `JSON.parse` gave is plain data: no `__proto__` key, no infinite number, not nested too deep. */
export function isPlainJson(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) {
    return typeof value !== "number" || Number.isFinite(value);
  }
  if (depth >= maxDepth) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlainJson(item, depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (key === "__proto__" || !isPlainJson((value as PlainRecord)[key], depth + 1)) return false;
  }
  return true;
}

/** A bound that is quickly found: the JSON of this plain data has at most so many bytes. */
export function mostJsonBytes(value: unknown): number {
  // Six bytes for each unit of text is what an escape takes; no number has more than 25 characters.
  if (typeof value === "string") return 2 + 6 * value.length;
  if (typeof value !== "object" || value === null) return 25;
  let most = 2;
  if (Array.isArray(value)) {
    for (const item of value) most += 1 + mostJsonBytes(item);
    return most;
  }
  for (const key in value) most += 4 + 6 * key.length + mostJsonBytes((value as PlainRecord)[key]);
  return most;
}

function same(a: unknown, b: unknown, depth: number): boolean {
  if (typeof a !== "object" || a === null) return a === b && isPlainScalar(a);
  if (typeof b !== "object" || b === null || depth >= maxDepth) return false;
  const isArray = Array.isArray(a);
  if (isArray !== Array.isArray(b) || !isPlainHolder(a, isArray) || !isPlainHolder(b, isArray)) {
    return false;
  }
  // Every key counts, hidden and symbol ones too, so that nothing added to a live object is missed.
  const keys = Reflect.ownKeys(a);
  if (keys.length !== Reflect.ownKeys(b).length) return false;
  // Indexes come first, then "length": any other order has a hole or a named key in it.
  if (isArray && (keys.pop() !== "length" || keys.length !== a.length)) return false;
  for (const key of keys) {
    if (typeof key === "symbol" || key === "__proto__" || !Object.hasOwn(b, key)) return false;
    const [left, right] = [(a as PlainRecord)[key], (b as PlainRecord)[key]];
    if (!same(left, right, depth + 1)) return false;
  }
  return !isArray || a.length === (b as unknown[]).length;
}

type PlainRecord = Record<string, unknown>;

function isPlainScalar(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function isPlainHolder(value: object, isArray: boolean): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (isArray) return prototype === Array.prototype;
  return prototype === Object.prototype || prototype === null;
}

/** One copy under way: it remembers the road to where it is, for messages and for cycles. */
class Copier {
  readonly #root: string;
  readonly #road: (string | number | symbol)[] = [];
  readonly #parents: object[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  copy(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (!Number.isFinite(value)) throw this.#refusal(String(value), "store null or a string");
        return value + 0;
      case "object":
        return value === null ? null : this.#copyHolder(value);
      case "undefined":
        throw this.#refusal("undefined", "store null, or delete the key");
      case "bigint":
        throw this.#refusal("a bigint", "store String(value)");
      case "symbol":
        throw this.#refusal("a symbol", "store its description");
      default:
        throw this.#refusal("a function", "store data from which it can be found again");
    }
  }

  #copyHolder(value: object): unknown {
    const isArray = Array.isArray(value);
    if (!isPlainHolder(value, isArray)) throw this.#refusal(...foreign(value));
    if (this.#parents.includes(value)) {
      throw this.#refusal("a cycle (it contains itself)", "store an id in place of the reference");
    }
    if (this.#parents.length >= maxDepth) {
      throw this.#refusal(`nested deeper than ${maxDepth}`, "store it flatter, or as a string");
    }
    this.#parents.push(value);
    const copy = isArray ? this.#copyArray(value) : this.#copyRecord(value);
    this.#parents.pop();
    return copy;
  }

  #copyArray(array: readonly unknown[]): unknown[] {
    const copy: unknown[] = [];
    for (let index = 0; index < array.length; index += 1) {
      copy.push(this.#copyAt(array, index));
    }
    // The key "length" follows the indexes, and then comes whatever else was hung on the array.
    const extra = Reflect.ownKeys(array)[array.length + 1];
    if (extra !== undefined) {
      throw this.#refusalAt(extra, "a named key on an array", "use a plain object");
    }
    return copy;
  }

  #copyRecord(record: object): PlainRecord {
    const copy: PlainRecord = {};
    for (const key of Reflect.ownKeys(record)) {
      if (typeof key === "symbol") {
        throw this.#refusalAt(key, "kept under a symbol", "use a string as the key");
      }
      if (key === "__proto__") {
        throw this.#refusalAt(key, "kept under a key that can change prototypes", "rename the key");
      }
      copy[key] = this.#copyAt(record, key);
    }
    return copy;
  }

  #copyAt(holder: object, key: string | number): unknown {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    this.#road.push(key);
    if (property === undefined) throw this.#refusal("a hole in an array", "store null");
    if (!("value" in property)) throw this.#refusal("a getter or setter", "store its value");
    if (property.enumerable !== true) {
      throw this.#refusal(
        "a hidden (not enumerable) property",
        "copy the object with { ...object }",
      );
    }
    const copy = this.copy(property.value);
    this.#road.pop();
    return copy;
  }

  #refusalAt(key: string | symbol, what: string, advice: string): SessionError {
    this.#road.push(key);
    return this.#refusal(what, advice);
  }

  #refusal(what: string, advice: string): SessionError {
    let path = this.#root;
    for (const step of this.#road) path += spelled(step, path === "");
    return new SessionError(
      "session-data-invalid",
      `the session cannot carry "${path}": it is ${what}; ${advice} instead`,
    );
  }
}

function spelled(step: string | number | symbol, isFirst: boolean): string {
  if (typeof step !== "string") return `[${String(step)}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}

function foreign(value: object): [what: string, advice: string] {
  if (value instanceof Date) return ["a Date", "store date.toISOString()"];
  if (value instanceof Map) return ["a Map", "store Object.fromEntries(map)"];
  if (value instanceof Set) return ["a Set", "store [...set]"];
  if (value instanceof RegExp) return ["a RegExp", "store regexp.source"];
  if (value instanceof Promise) return ["a Promise", "await it first and store what it gives"];
  if (Buffer.isBuffer(value)) return ["a Buffer", 'store buffer.toString("base64")'];
  if (ArrayBuffer.isView(value)) return ["a typed array", "store Array.from(array)"];
  const { constructor } = value;
  const name = typeof constructor === "function" ? constructor.name : "";
  return [
    `an object of class ${name || "(unnamed)"}`,
    "store a plain object of what matters in it",
  ];
}
