/** JSON from outside, read as data that is safe to walk, copy and merge. */
import { HTTPError } from "./errors.ts";

/** How deep arrays and objects may be nested in each other. */
const maxDepth = 200;
/** Without one of these a text names no prototype; each level of nesting takes two more characters. */
const SUSPECT = /__proto__|constructor|\\u/;

/**
 * Reads JSON that a client sent.
 *
 * @throws HTTPError 400 `json-invalid` for a syntax error, keys that reach for a prototype, and
 * nesting deeper than 200. The message never shows the content.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message may quote the content; only the position is taken from it.
    const position = / at position \d+/.exec(error instanceof Error ? error.message : "");
    throw invalidJson(`is malformed${position?.[0] ?? ""}`);
  }
  if (text.length > 2 * maxDepth || SUSPECT.test(text)) refuseDanger(value, 0);
  return value;
}

/** The error for a body that is not the JSON it should be; `what` completes "the JSON body …". */
export function invalidJson(what: string): HTTPError {
  return new HTTPError(400, `the JSON body ${what}`, { code: "json-invalid" });
}

/** Refuses what `parseJson` refuses in data that was read otherwise. @throws HTTPError 400. */
export function refuseDanger(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= maxDepth) throw invalidJson(`is nested deeper than ${maxDepth}`);
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (key === "__proto__") throw invalidJson('has a key "__proto__"');
    if (key === "constructor" && Object.hasOwn(Object(item) as object, "prototype")) {
      throw invalidJson('has a key "constructor.prototype"');
    }
    refuseDanger(item, depth + 1);
  }
}
