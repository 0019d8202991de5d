/** HTTP statuses by number and by name. */
import { STATUS_CODES } from "../node-http.ts";

const codes = new Map<string, number>();
for (const [code, text] of Object.entries(STATUS_CODES)) codes.set(key(text ?? ""), Number(code));

// Names that node does not use: Dancer's own, those of older RFCs, and those of RFC 9110.
for (const [name, code] of [
  ["error", 500],
  ["switch_proxy", 306],
  ["request_entity_too_large", 413],
  ["content_too_large", 413],
  ["request_uri_too_long", 414],
  ["requested_range_not_satisfiable", 416],
  ["unprocessable_content", 422],
] as const) {
  codes.set(name, code);
}

/**
 * The number of a status given as a number from 100 to 999 or by name, or `undefined` for
 * anything else.
 *
 * A name is the reason phrase in any case, with spaces or underscores: `"Not Found"`,
 * `"not_found"`, `"i_m_a_teapot"`; `"error"` is 500.
 */
export function toStatus(value: number | string): number | undefined {
  const code = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof code === "string") return codes.get(key(code));
  return Number.isInteger(code) && code >= 100 && code <= 999 ? code : undefined;
}

/** The reason phrase of a status, such as `Not Found`, or `Status 299` for one without a name. */
export function statusText(code: number): string {
  return STATUS_CODES[code] ?? `Status ${code}`;
}

function key(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}
