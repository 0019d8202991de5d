/** Cookie headers: reading what the client sent, writing Set-Cookie so that nothing can be smuggled in. */
import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import { ResponseError } from "../errors.ts";
import { isToken } from "../response/header-value.ts";

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

const RAW_VALUE = /^[!#-+\--:<-[\]-~]*$/;
// Browsers cannot read years of five digits.
const LAST_EXPIRY = Date.UTC(9999, 11, 31, 23, 59, 59);
const NONE: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/**
 * Reads a Cookie header into decoded values by name.
 *
 * The last of several with one name wins, and of a cookie that was set from a list its first value, as
 * in Dancer. A value whose escapes are malformed stays as it was sent. The result inherits nothing.
 */
export function parseCookies(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined || header === "") return NONE;
  // The library keeps the first of a name, so it is handed the pairs in reverse.
  const reversed = header.includes(";") ? header.split(";").reverse().join(";") : header;
  return parseCookie(reversed, { decode: firstValue }) as Readonly<Record<string, string>>;
}

/**
 * Finds one cookie without reading the others: its value as sent, or `undefined`.
 *
 * As in `parseCookies` the last one wins, and only spaces and tabs are trimmed.
 */
export function rawCookie(header: string | undefined, name: string): string | undefined {
  return rawCookies(header, name, 1)[0];
}

/** The values of the last cookies of this name, `most` of them, the last one first. */
export function rawCookies(header: string | undefined, name: string, most: number): string[] {
  let found: string[] = [];
  if (header === undefined) return found;
  let start = 0;
  let equals = -1;
  while (start < header.length) {
    const semicolon = header.indexOf(";", start);
    const end = semicolon < 0 ? header.length : semicolon;
    // A pair without the sign must not have the rest of the header searched once more.
    if (equals < start) equals = header.indexOf("=", start);
    if (equals < 0) break;
    const mayMatch = equals < end && equals - start >= name.length;
    if (mayMatch && trim(header, start, equals) === name) {
      const value = trim(header, equals + 1, end);
      found = found.length === 0 ? [value] : [value, ...found.slice(0, most - 1)];
    }
    start = end + 1;
  }
  return found;
}

/** Takes apart a raw value that was set from a list or a map: split at `&`, then decoded. */
export function splitCookie(raw: string): string[] {
  return raw.split("&").map(decode);
}

function firstValue(raw: string): string {
  const end = raw.indexOf("&");
  return decode(end === -1 ? raw : raw.slice(0, end));
}

function decode(part: string): string {
  if (!part.includes("%")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
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
  const cookie = toSetCookie(name, value, options);
  const broken = findBrokenRule(cookie, options.raw === true);
  if (broken !== undefined) throw invalid(name, broken);
  let line: string;
  try {
    line = stringifySetCookie(cookie, { encode: (text) => text });
  } catch (cause) {
    throw invalid(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
  // All of it is ASCII by now, so characters are bytes.
  const [pair = "", ...attributes] = line.split("; ");
  refuseLong(`the name and value of the cookie "${name}"`, pair.length - 1, 4096);
  for (const attribute of attributes) {
    const equals = attribute.indexOf("=");
    const field = `the ${attribute.slice(0, equals)} of the cookie "${name}"`;
    refuseLong(field, attribute.length - equals - 1, 1024);
  }
  return line;
}

/** The cookie as the library takes it, which checks the characters of every field. */
function toSetCookie(name: string, value: CookieValue, options: CookieOptions): SetCookie {
  const { path = "/", domain = "", secure = false, httpOnly = true, partitioned = false } = options;
  const { raw, expires, maxAge, sameSite, priority } = options;
  const text = toText(name, value, raw === true ? String : escapeText);
  return {
    ...{ name, value: text, path, domain, secure, httpOnly, partitioned },
    ...(expires !== undefined && {
      expires: typeof expires === "number" ? new Date(expires * 1000) : expires,
    }),
    ...(maxAge !== undefined && { maxAge }),
    ...(sameSite !== undefined && { sameSite: sameSite.toLowerCase() as "lax" }),
    ...(priority !== undefined && { priority: priority.toLowerCase() as "low" }),
  };
}

function toText(name: string, value: CookieValue, encode: (part: string) => string): string {
  try {
    if (typeof value !== "object") return encode(String(value));
    const parts: readonly string[] = isList(value) ? value : Object.entries(value).flat();
    return parts.map((part) => encode(part)).join("&");
  } catch (cause) {
    throw invalid(name, "the value holds half of a surrogate pair", cause);
  }
}

/** The rule beyond the library's that a cookie breaks: browsers would drop it or read it otherwise. */
function findBrokenRule(cookie: SetCookie, raw: boolean): string | undefined {
  const { name, value = "", path = "", domain, secure, expires, sameSite } = cookie;
  const prefix = /^__(?:host|secure)-/i.exec(name)?.[0].toLowerCase();
  const needsSecure = prefix !== undefined || cookie.partitioned === true || sameSite === "none";
  const rules: readonly (readonly [isKept: boolean, rule: string])[] = [
    [isToken(name), "the name must be a token of ASCII characters"],
    [!raw || RAW_VALUE.test(value), "a raw value must hold cookie characters only"],
    [path === "" || path.startsWith("/"), 'the path must begin with "/"'],
    [sameSite !== ("" as "lax"), "sameSite is empty"],
    [
      expires === undefined || Number(expires) <= LAST_EXPIRY,
      "expires must be a date before the year 10000",
    ],
    [
      !needsSecure || secure === true,
      "secure must be true with a prefix, Partitioned or SameSite=None",
    ],
    [
      prefix !== "__host-" || (path === "/" && domain === ""),
      'a name with __Host- needs the path "/" and no domain',
    ],
  ];
  return rules.find(([isKept]) => !isKept)?.[1];
}

/** As Perl's URI::Escape: everything but letters, digits and `-._~`. */
function escapeText(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function trim(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Space and tab only: a no-break space belongs to the name (SEC-212). */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function invalid(name: string, rule: string, cause?: unknown): ResponseError {
  // What is quoted may hold line breaks, which must not reach a log as they are.
  const text = JSON.stringify(`${name}: ${rule}`.slice(0, 200)).slice(1, -1);
  return new ResponseError("cookie-invalid", `this cookie cannot be sent: ${text}`, { cause });
}

function refuseLong(what: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new ResponseError(
    "cookie-too-large",
    `${what} take ${bytes} bytes, and browsers keep ${limit}`,
  );
}
