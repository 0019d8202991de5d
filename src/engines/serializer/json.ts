/** The serializer `json`. */
import { EngineError } from "../../errors.ts";
import { parseJson } from "../../json.ts";
import type { Serializer, SerializerOptions } from "./serializer.ts";

/**
 * Makes the serializer `json`.
 *
 * What JSON would lose in silence is refused: functions, symbols, promises, `Map` and `Set`. So
 * are `BigInt` and values that contain themselves. Bodies are read as `parseJson` says.
 *
 * The setting `engines: { json: { pretty: false } }` decides about white space; without it there is
 * some in the environment `development`.
 */
export function createJsonSerializer(options: SerializerOptions): Serializer {
  const pretty = wish(options.setting("engines")) ?? options.pretty;
  return {
    contentType: "application/json",
    reads: (mediaType) => mediaType === "application/json" || mediaType.endsWith("+json"),
    serialize: (data) => serialize(data, pretty),
    deserialize: parseJson,
  };
}

/** The data as JSON has it, for other forms: dates become text, and `toJSON` counts. @throws EngineError. */
export function toPlain(data: unknown): unknown {
  return JSON.parse(serialize(data, false));
}

function wish(engines: unknown): boolean | undefined {
  const pretty = (engines as { json?: { pretty?: unknown } | null } | undefined)?.json?.pretty;
  return pretty === undefined ? undefined : Boolean(pretty);
}

// Its own type leaves out that there is no text for undefined.
const stringify: (
  data: unknown,
  replacer: ((key: string, value: unknown) => unknown) | undefined,
  indent: number | undefined,
) => string | undefined = JSON.stringify;

function serialize(data: unknown, pretty: boolean): string {
  let text: string | undefined;
  try {
    text = stringify(data, isPlain(data, 0) ? undefined : refuseLoss, pretty ? 2 : undefined);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    // Cycles and nesting without end get here, and what an object's own toJSON throws.
    throw failed(cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "", cause);
  }
  if (text === undefined) throw failed("it is undefined");
  return pretty ? `${text}\n` : text;
}

/** Tells whether data certainly loses nothing. Writing it is several times faster when nobody is asked about each value. */
function isPlain(data: unknown, depth: number): boolean {
  if (typeof data !== "object" || data === null) return lossOf(data) === undefined;
  if (depth > 50 || "toJSON" in data) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype === Array.prototype) {
    return (data as readonly unknown[]).every((item) => isPlain(item, depth + 1));
  }
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in data) {
    if (!isPlain((data as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Called by `JSON.stringify` for every value, its toJSON applied already. */
function refuseLoss(key: string, value: unknown): unknown {
  const reason = lossOf(value);
  if (reason !== undefined) throw failed(key === "" ? reason : `${reason} (at "${key}")`);
  return value;
}

function lossOf(value: unknown): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `it holds a ${typeof value}`;
  if (typeof value === "bigint") return "it holds a BigInt; make it a string";
  if (typeof value !== "object") return undefined;
  if (value instanceof Promise) return "it holds a promise; await it";
  const isCollection = value instanceof Map || value instanceof Set;
  return isCollection ? "it holds a Map or Set; make it an object or array" : undefined;
}

function failed(reason: string, cause?: unknown): EngineError {
  return new EngineError("serialize-failed", `this data cannot become JSON: ${reason}`, { cause });
}
