/** A browser's cookies, kept as RFC 6265bis tells browsers to keep them. */
import { parseCookieDate } from "./cookie-date.ts";

/** A cookie in a jar. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** True when only the host that set it gets it back. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: "strict" | "lax" | "none" | "default";
  /** Milliseconds since 1970; `undefined` for a cookie that ends with the browser. */
  readonly expires: number | undefined;
}

/** How a request came about, as far as `SameSite` asks. */
export interface CookieRequest {
  /** True for a request that another site's page caused. */
  readonly crossSite?: boolean;
  /** The method; a link that is followed from another site is a GET. */
  readonly method?: string;
}

const LONGEST = 400 * 86_400_000;
const MOST_BYTES = 4096;
const MOST_ATTRIBUTE_BYTES = 1024;
// eslint-disable-next-line no-control-regex -- that is what the RFC refuses
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * The storage model of RFC 6265bis.
 *
 * As in browsers, `localhost` and loopback addresses count as secure. No list of public suffixes is
 * at hand: a domain without a dot counts as one.
 */
export class CookieJar {
  readonly #now: () => number;
  /** In the order of creation. */
  readonly #cookies = new Map<string, StoredCookie>();

  /** @param now the clock, in milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The cookies that are alive, oldest first. */
  get cookies(): StoredCookie[] {
    const now = this.#now();
    return [...this.#cookies.values()].filter(
      ({ expires }) => expires === undefined || expires > now,
    );
  }

  /** The names of the cookies that are alive. */
  get names(): string[] {
    return this.cookies.map(({ name }) => name);
  }

  /** The value of a cookie, by its whole name. */
  value(name: string): string | undefined {
    return this.cookies.find((cookie) => cookie.name === name)?.value;
  }

  /** The same cookies in another jar: another tab of the browser, or a thief's copy. */
  copy(): CookieJar {
    const copy = new CookieJar(this.#now);
    copy.replaceBy(this);
    return copy;
  }

  /** Puts in what another jar holds, in place of everything. */
  replaceBy(other: CookieJar): void {
    this.#cookies.clear();
    for (const [key, cookie] of other.#cookies) this.#cookies.set(key, cookie);
  }

  /** Ends the browser: cookies without an end of their own are gone. */
  endBrowser(): void {
    for (const [key, { expires }] of this.#cookies) {
      if (expires === undefined) this.#cookies.delete(key);
    }
  }

  /** The Cookie header for a request to this URL; empty for none. */
  header(url: string, request: CookieRequest = {}): string {
    const { hostname, pathname } = new URL(url);
    return this.cookies
      .filter((one) => domainMatches(hostname, one.domain, one.hostOnly))
      .filter((one) => pathMatches(pathname, one.path) && (!one.secure || isSecure(url)))
      .filter((one) => request.crossSite !== true || crossesSites(one, request.method ?? "GET"))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => (name === "" ? value : `${name}=${value}`))
      .join("; ");
  }

  /** Takes a Set-Cookie text and tells whether it was kept (or, when expired, obeyed). */
  store(url: string, text: string): boolean {
    const cookie = this.#parse(url, text);
    if (cookie === undefined || (!cookie.secure && !isSecure(url) && this.#hasSecure(cookie))) {
      return false;
    }
    const key = `${cookie.name};${cookie.domain};${String(cookie.hostOnly)};${cookie.path}`;
    if (cookie.expires !== undefined && cookie.expires <= this.#now()) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
    return true;
  }

  #parse(url: string, text: string): StoredCookie | undefined {
    if (CONTROL.test(text)) return undefined;
    const [pair = "", ...parts] = text.split(";");
    const equals = pair.indexOf("=");
    const name = trim(pair.slice(0, Math.max(0, equals)));
    const value = trim(pair.slice(equals + 1));
    if (Buffer.byteLength(name + value) > MOST_BYTES || name + value === "") return undefined;
    const attributes = parseAttributes(parts);
    const { hostname, pathname } = new URL(url);
    const named = attributes.get("domain")?.replace(/^\./, "").toLowerCase() ?? "";
    const isSuffix = !named.includes(".");
    if (named !== "" && isSuffix && named !== hostname) return undefined;
    const hostOnly = named === "" || isSuffix;
    const domain = named === "" ? hostname : named;
    if (!domainMatches(hostname, domain, hostOnly)) return undefined;
    const path = attributes.get("path") ?? "";
    const cookie: StoredCookie = {
      name,
      value,
      domain,
      hostOnly,
      path: path.startsWith("/") ? path : defaultPath(pathname),
      secure: attributes.has("secure"),
      httpOnly: attributes.has("httponly"),
      sameSite: sameSite(attributes.get("samesite")),
      expires: this.#expiry(attributes),
    };
    return isAllowed(url, cookie, path) ? cookie : undefined;
  }

  #expiry(attributes: ReadonlyMap<string, string>): number | undefined {
    const now = this.#now();
    const maxAge = attributes.get("max-age") ?? "";
    if (/^-?\d+$/.test(maxAge)) {
      return Number(maxAge) <= 0 ? 0 : now + Math.min(Number(maxAge) * 1000, LONGEST);
    }
    const date = parseCookieDate(attributes.get("expires") ?? "");
    return date === undefined ? undefined : Math.min(date, now + LONGEST);
  }

  /** Tells whether a Secure cookie would be overlaid by this one, which came unprotected. */
  #hasSecure({ name, domain, path }: StoredCookie): boolean {
    return this.cookies.some(
      (one) =>
        one.secure &&
        one.name === name &&
        (domainMatches(domain, one.domain, false) || domainMatches(one.domain, domain, false)) &&
        pathMatches(path, one.path),
    );
  }
}

function parseAttributes(parts: readonly string[]): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = trim(equals === -1 ? part : part.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? "" : trim(part.slice(equals + 1));
    if (Buffer.byteLength(value) > MOST_ATTRIBUTE_BYTES) continue;
    // One that cannot be read counts as absent, and so leaves an earlier one in force.
    if (name === "max-age" && !/^-?\d+$/.test(value)) continue;
    if (name === "expires" && parseCookieDate(value) === undefined) continue;
    attributes.set(name, value);
  }
  return attributes;
}

/** The rules under which browsers drop a cookie without a word. */
function isAllowed(url: string, cookie: StoredCookie, path: string): boolean {
  const { name, value, secure, hostOnly, httpOnly } = cookie;
  if (secure && !isSecure(url)) return false;
  if (!secure && cookie.sameSite === "none") return false;
  const prefix = /^__(?:host-http|host|secure|http)-/i;
  const found = prefix.exec(name)?.[0].toLowerCase();
  if (found === undefined) return name !== "" || !prefix.test(value);
  if (!secure || (found.endsWith("http-") && !httpOnly)) return false;
  return !found.startsWith("__host-") || (path === "/" && hostOnly);
}

function crossesSites(cookie: StoredCookie, method: string): boolean {
  if (cookie.sameSite === "none") return true;
  return cookie.sameSite !== "strict" && /^(?:GET|HEAD)$/i.test(method);
}

function sameSite(value = ""): StoredCookie["sameSite"] {
  const known = value.toLowerCase();
  return known === "strict" || known === "lax" || known === "none" ? known : "default";
}

function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || /^(?:(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function domainMatches(host: string, domain: string, hostOnly: boolean): boolean {
  if (host === domain) return true;
  const isAddress = host.startsWith("[") || /^[\d.]+$/.test(host);
  return !hostOnly && !isAddress && host.endsWith(`.${domain}`);
}

function pathMatches(path: string, prefix: string): boolean {
  if (path === prefix) return true;
  return path.startsWith(prefix) && (prefix.endsWith("/") || path[prefix.length] === "/");
}

function defaultPath(pathname: string): string {
  return /^(\/.*)\/[^/]*$/.exec(pathname)?.[1] ?? "/";
}

/** Without the spaces and tabs at both ends, and nothing else. */
function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}
