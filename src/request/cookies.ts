/** Cookie headers: reading what the client sent, writing Set-Cookie so that nothing can be smuggled in. */
import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import { ResponseError } from "../errors.ts";
import { codePoint, isToken } from "../response/header-value.ts";

/** What a cookie may hold: a list is joined with `&`, a map is the list of its names and values. */
export type CookieValue = string | number | readonly string[] | Readonly<Record<string, string>>;

/** How a cookie is set. */
export interface CookieOptions {
  /** Where the cookie is sent back; `/` unless given, and left to the browser when empty. */
  readonly path?: string | undefined;
  /** The domain with its subdomains; only the host that sets it unless given. */
  readonly domain?: string | undefined;
  /** When the cookie ends, as a date or in seconds since 1970. */
  readonly expires?: Date | number | undefined;
  /** How many seconds the cookie lives; browsers prefer it to `expires`. */
  readonly maxAge?: number | undefined;
  /** Sent over HTTPS only. */
  readonly secure?: boolean | undefined;
  /** Out of reach of scripts; true unless given. */
  readonly httpOnly?: boolean | undefined;
  /** `Strict`, `Lax` or `None`, in any case; `None` needs `secure`. */
  readonly sameSite?: string | undefined;
  /** `Low`, `Medium` or `High`, in any case. */
  readonly priority?: string | undefined;
  /** Kept apart for every site that embeds this one; needs `secure`. */
  readonly partitioned?: boolean | undefined;
  /** The value is safe as it is and not to be percent-encoded. */
  readonly raw?: boolean | undefined;
}

const MAX_COOKIE_BYTES = 4096;
const MAX_ATTRIBUTE_BYTES = 1024;
const LAST_EXPIRY = Date.UTC(9999, 11, 31, 23, 59, 59);
const DOMAIN =
  /^\.?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const NONE: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/**
 * Reads a Cookie header into decoded values by name.
 *
 * The last of several with one name wins, as in Dancer. A value whose escapes are malformed stays as
 * it was sent. The result inherits nothing.
 */
export function parseCookies(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined || header === "") return NONE;
  // The library keeps the first of a name, so it is handed the pairs in reverse.
  const reversed = header.includes(";") ? header.split(";").reverse().join(";") : header;
  return parseCookie(reversed) as Readonly<Record<string, string>>;
}

/**
 * Finds one cookie without reading the others: its value as sent, or `undefined`.
 *
 * As in `parseCookies` the last one wins, and only spaces and tabs are trimmed.
 */
export function rawCookie(header: string | undefined, name: string): string | undefined {
  let end = header?.length ?? 0;
  while (header !== undefined && end > 0) {
    const start = header.lastIndexOf(";", end - 1) + 1;
    const equals = header.indexOf("=", start);
    if (equals !== -1 && equals < end && trim(header, start, equals) === name) {
      return trim(header, equals + 1, end);
    }
    end = start - 1;
  }
  return undefined;
}

/** Takes apart a raw value that was set from a list or a map: split at `&`, then decoded. */
export function splitCookie(raw: string): string[] {
  return raw.split("&").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

/**
 * Writes the value of a Set-Cookie header; the cookie's own value is percent-encoded as Dancer does.
 *
 * @throws ResponseError `cookie-invalid` when a field holds what it must not, or browsers would drop the
 * cookie without a word; `cookie-too-large` over 4096 bytes of name and value or 1024 of an attribute.
 * @example serializeCookie("theme", "dark", { maxAge: 86400, sameSite: "Lax" })
 */
export function serializeCookie(
  name: string,
  value: CookieValue,
  options: CookieOptions = {},
): string {
  if (!isToken(name)) throw invalid(name, "name", name, "must be a token of ASCII characters");
  const text = options.raw ? checkRaw(name, value) : encodeValue(name, value);
  // Both are ASCII by now, so characters are bytes.
  const size = name.length + text.length;
  if (size > MAX_COOKIE_BYTES) {
    throw tooLarge(`the cookie "${name}" has ${size} bytes in name and value`, MAX_COOKIE_BYTES);
  }
  const cookie = checkOptions(name, options);
  cookie.value = text;
  return stringifySetCookie(cookie, { encode: asIs });
}

function encodeValue(name: string, value: CookieValue): string {
  try {
    if (typeof value !== "object") return encodeURIComponent(value);
    const parts: readonly string[] = isList(value) ? value : Object.entries(value).flat();
    return parts.map(encodeURIComponent).join("&");
  } catch (cause) {
    throw invalid(name, "value", "", "holds half of a surrogate pair", cause);
  }
}

function checkRaw(name: string, value: CookieValue): string {
  const text = typeof value === "object" ? "" : String(value);
  if (typeof value === "object" || !/^[!#-+\--:<-[\]-~]*$/.test(text)) {
    throw invalid(name, "value", text, "must hold cookie characters only when it is raw");
  }
  return text;
}

function checkOptions(name: string, options: CookieOptions): SetCookie {
  const { path = "/", domain, expires, maxAge, secure = false, httpOnly = true } = options;
  const { partitioned = false } = options;
  const cookie: SetCookie = { name, value: "", httpOnly, secure, partitioned };
  if (path !== "") cookie.path = checkPath(name, path);
  if (domain !== undefined && domain !== "") cookie.domain = checkDomain(name, domain);
  if (expires !== undefined) cookie.expires = checkExpires(name, expires);
  if (maxAge !== undefined) {
    if (!Number.isSafeInteger(maxAge)) {
      throw invalid(name, "maxAge", String(maxAge), "must be a whole number of seconds");
    }
    cookie.maxAge = maxAge;
  }
  if (options.sameSite !== undefined) {
    cookie.sameSite = oneOf(name, "sameSite", options.sameSite, ["strict", "lax", "none"] as const);
  }
  if (options.priority !== undefined) {
    cookie.priority = oneOf(name, "priority", options.priority, ["low", "medium", "high"] as const);
  }
  checkCombination(name, cookie);
  return cookie;
}

function checkPath(name: string, path: string): string {
  if (!/^\/[ -:<-~]*$/.test(path)) {
    throw invalid(name, "path", path, 'must begin with "/" and hold ASCII characters without ";"');
  }
  return checkSize(name, "path", path);
}

function checkDomain(name: string, domain: string): string {
  checkSize(name, "domain", domain);
  if (!DOMAIN.test(domain)) throw invalid(name, "domain", domain, "must be a host name");
  return domain;
}

function checkExpires(name: string, expires: Date | number): Date {
  const date = typeof expires === "number" ? new Date(expires * 1000) : expires;
  // Browsers cannot read years of five digits; the comparison fails for an invalid date as well.
  if (!(date instanceof Date && Math.abs(date.getTime()) <= LAST_EXPIRY)) {
    throw invalid(name, "expires", String(expires), "must be a date, or seconds since 1970");
  }
  return date;
}

/** Refuses what browsers drop silently. */
function checkCombination(name: string, cookie: SetCookie): void {
  const prefix = /^__(?:host|secure)-/i.exec(name)?.[0].toLowerCase();
  const needsSecure =
    (cookie.sameSite === "none" && "SameSite=None") ||
    (cookie.partitioned === true && "Partitioned") ||
    (prefix !== undefined && `a name with ${prefix}`);
  if (needsSecure !== false && cookie.secure !== true) {
    throw invalid(name, "secure", "false", `must be true with ${needsSecure}`);
  }
  if (prefix === "__host-" && (cookie.path !== "/" || cookie.domain !== undefined)) {
    throw invalid(name, "name", name, 'with __Host- needs the path "/" and no domain');
  }
}

function oneOf<T extends string>(
  name: string,
  field: string,
  value: string,
  known: readonly T[],
): T {
  const found = known.find((word) => word === value.toLowerCase());
  if (found === undefined) throw invalid(name, field, value, `must be one of ${known.join(", ")}`);
  return found;
}

function checkSize(name: string, field: string, value: string): string {
  if (value.length > MAX_ATTRIBUTE_BYTES) {
    throw tooLarge(
      `the ${field} of the cookie "${name}" has ${value.length} bytes`,
      MAX_ATTRIBUTE_BYTES,
    );
  }
  return value;
}

function trim(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function asIs(value: string): string {
  return value;
}

function invalid(
  cookie: string,
  field: string,
  value: string,
  rule: string,
  cause?: unknown,
): ResponseError {
  const culprit = /[^ -~]/.exec(value);
  const where = culprit === null ? "" : ` (it holds ${codePoint(value, culprit.index)})`;
  const text = `${field} ${JSON.stringify(value.slice(0, 80))} of the cookie ${JSON.stringify(cookie.slice(0, 80))}`;
  return new ResponseError("cookie-invalid", `the ${text} ${rule}${where}`, { cause });
}

function tooLarge(what: string, limit: number): ResponseError {
  return new ResponseError("cookie-too-large", `${what}, and browsers keep ${limit}`);
}
