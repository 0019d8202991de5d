/** The serializer `json`. */
import { EngineError } from "../../errors.ts";
import type { Serializer, SerializerOptions } from "./serializer.ts";

const deepest = 500;

/**
 * Makes the serializer `json`.
 *
 * What JSON would lose in silence is refused: functions, symbols, promises, `Map` and `Set`. So
 * are values that contain themselves, `BigInt`, and data nested more than 500 deep; bodies
 * may not carry the key `__proto__`.
 */
export function createJsonSerializer(options: SerializerOptions): Serializer {
  return {
    contentType: "application/json",
    reads: (mediaType) => mediaType === "application/json" || mediaType.endsWith("+json"),
    serialize: (data) => serialize(data, options.pretty),
    deserialize,
  };
}

function serialize(data: unknown, pretty: boolean): string {
  const fault = findFault(data, []);
  if (fault !== undefined) {
    const place = fault.path === "" ? "" : ` (at ${fault.path})`;
    throw new EngineError(
      "serialize-failed",
      `this data cannot become JSON: ${fault.reason}${place}`,
    );
  }
  const text = stringify(data, pretty ? 2 : undefined);
  if (text === undefined) {
    throw new EngineError("serialize-failed", "this data cannot become JSON: it is undefined");
  }
  return pretty ? `${text}\n` : text;
}

// Its type in TypeScript leaves out that there is no text for undefined, such as from toJSON.
function stringify(data: unknown, indent: number | undefined): string | undefined {
  try {
    return JSON.stringify(data, null, indent);
  } catch (cause) {
    throw new EngineError("serialize-failed", "this data cannot become JSON", { cause });
  }
}

interface Fault {
  readonly path: string;
  readonly reason: string;
}

function findFault(value: unknown, ancestors: object[]): Fault | undefined {
  if (typeof value !== "object" || value === null) return leafFault(value);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return undefined;
  if (value instanceof Promise) return { path: "", reason: "it holds a promise; await it" };
  if (value instanceof Map || value instanceof Set) {
    return { path: "", reason: "it holds a Map or Set; make it an object or array" };
  }
  if (ancestors.includes(value)) return { path: "", reason: "it contains itself" };
  if (ancestors.length >= deepest) return { path: "", reason: `it is more than ${deepest} deep` };
  ancestors.push(value);
  for (const key of Object.keys(value)) {
    const fault = findFault((value as Record<string, unknown>)[key], ancestors);
    if (fault !== undefined) return { ...fault, path: join(key, fault.path) };
  }
  ancestors.pop();
  return undefined;
}

function leafFault(value: unknown): Fault | undefined {
  switch (typeof value) {
    case "function":
      return { path: "", reason: "it holds a function" };
    case "symbol":
      return { path: "", reason: "it holds a symbol" };
    case "bigint":
      return { path: "", reason: "it holds a BigInt; make it a string" };
    default:
      return undefined;
  }
}

function join(key: string, rest: string): string {
  return rest === "" ? key : `${key}.${rest}`;
}

function deserialize(text: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new EngineError("deserialize-failed", "the text is not JSON", { cause });
  }
  refuseDanger(data, 0);
  return data;
}

// The parser itself takes any depth and makes `__proto__` an ordinary key; it is the code that
// copies or walks the data afterwards that would overflow the stack or reach a prototype.
function refuseDanger(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= deepest) {
    throw new EngineError("deserialize-failed", `the JSON is nested more than ${deepest} deep`);
  }
  if (Object.hasOwn(value, "__proto__")) {
    throw new EngineError("deserialize-failed", 'the JSON has the key "__proto__"');
  }
  for (const item of Object.values(value)) refuseDanger(item, depth + 1);
}
