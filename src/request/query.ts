/** Query strings and form bodies, read into lists of values by name. */
import fastQuerystring from "fast-querystring";
import { HTTPError } from "../errors.ts";

/** Every value of every name, in the order sent; it inherits nothing, so only own keys exist. */
export type ParameterLists = Readonly<Record<string, readonly string[]>>;

/** How much a query or a form may hold. */
export interface ParameterLimits {
  /** The most `name=value` pairs that are read. */
  readonly maxParameters: number;
}

const NONE: ParameterLists = Object.freeze(Object.create(null) as ParameterLists);

/**
 * Reads a query string, without its question mark.
 *
 * `;` separates like `&`, `+` is a space, brackets mean nothing, and bytes that are not UTF-8 become U+FFFD.
 *
 * @throws HTTPError 400 for a malformed escape, the name `__proto__` or too many parameters.
 */
export function parseQuery(text: string, limits: ParameterLimits): ParameterLists {
  return parsePairs(text, limits, "query");
}

/**
 * Reads pairs as `parseQuery` does; `source` says in errors where they came from.
 *
 * @throws HTTPError 400 with the code `query-invalid`, `form-invalid` or `too-many-parameters`.
 */
export function parsePairs(
  text: string,
  limits: ParameterLimits,
  source: "query" | "form",
): ParameterLists {
  if (text === "") return NONE;
  let pairs = text.includes(";") ? text.replaceAll(";", "&") : text;
  // A pair takes two characters with its separator, so short texts need no counting.
  if (pairs.length >= 2 * limits.maxParameters && holdsMoreThan(limits.maxParameters, pairs)) {
    throw new HTTPError(400, `the ${source} holds more than ${limits.maxParameters} parameters`, {
      code: "too-many-parameters",
    });
  }
  if (pairs.includes("%")) pairs = checkEscapes(pairs, source);

  const found = fastQuerystring.parse(pairs) as Record<string, string | string[]>;
  const lists = Object.create(null) as Record<string, readonly string[]>;
  for (const name of Object.keys(found)) {
    if (name === "__proto__") {
      throw new HTTPError(400, `the ${source} names a parameter "__proto__", which is refused`, {
        code: `${source}-invalid`,
      });
    }
    const value = found[name] ?? "";
    lists[name] = typeof value === "string" ? [value] : value;
  }
  return lists;
}

function holdsMoreThan(limit: number, pairs: string): boolean {
  const found = pairs.matchAll(/[^&]+/g);
  for (let count = 0; count <= limit; count++) if (found.next().done === true) return false;
  return true;
}

function checkEscapes(pairs: string, source: "query" | "form"): string {
  const malformed = pairs.search(/%(?![0-9a-f]{2})/i);
  if (malformed !== -1) {
    throw new HTTPError(
      400,
      `the ${source} holds a malformed percent escape at position ${malformed}`,
      { code: `${source}-invalid` },
    );
  }
  if (!/%[89a-f]/i.test(pairs)) return pairs;
  try {
    decodeURIComponent(pairs);
    return pairs;
  } catch {
    // fast-querystring would leave a text that is not UTF-8 undecoded.
    return pairs.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      encodeURIComponent(Buffer.from(run.replaceAll("%", ""), "hex").toString()),
    );
  }
}
