/** The session cookie: its name and attributes, decided once at start-up from the settings. */
import { serializeCookie } from "../request/cookies.ts";
import { ConfigError } from "../errors.ts";
import type { Settings } from "../config/settings.ts";

/** The settings that shape the session cookie. */
export type SessionCookieSettings = Pick<
  Settings,
  | "session_name"
  | "session_cookie_path"
  | "session_domain"
  | "session_secure"
  | "session_is_http_only"
  | "session_same_site"
  | "session_expires"
  | "environment"
>;

const DEFAULT_NAME = "quickstep.session";
/** RFC 6265bis, section 5.5: browsers keep no cookie longer, so none is promised more. */
const LONGEST = 400 * 86_400;

/**
 * Writes the session cookie and the small last-use cookie beside it.
 *
 * @throws ConfigError `session-cookie-invalid` when settings contradict each other: SameSite=None
 *   without Secure, or a name prefix (RFC 6265bis) whose rules the other settings break.
 */
export class SessionCookie {
  /** The final name: as set, or `quickstep.session` with `__Host-` before it where that is allowed. */
  readonly name: string;
  /** The name of the cookie that carries the moment of last use. */
  readonly seenName: string;
  readonly #secure: boolean | "auto";
  readonly #persistent: boolean;
  readonly #plain: string;
  readonly #secured: string;

  constructor(settings: SessionCookieSettings) {
    const path = settings.session_cookie_path;
    const domain = settings.session_domain ?? undefined;
    const sameSite = settings.session_same_site;
    this.#secure =
      settings.session_secure ?? (settings.environment === "development" ? "auto" : true);
    this.#persistent = settings.session_expires !== null;
    const mayPrefix = this.#secure === true && path === "/" && domain === undefined;
    this.name = settings.session_name ?? (mayPrefix ? `__Host-${DEFAULT_NAME}` : DEFAULT_NAME);
    this.seenName = `${this.name}-seen`;
    checkPrefix(this.name, {
      secure: this.#secure === true,
      path,
      domain,
      httpOnly: settings.session_is_http_only,
    });
    if (sameSite === "None" && this.#secure !== true) {
      refuse("session_same_site: None needs session_secure: true, or browsers drop the cookie");
    }
    const common = { path, domain, httpOnly: settings.session_is_http_only };
    const write = (secure: boolean): string =>
      attributes(this.name, { ...common, sameSite, secure });
    this.#plain = write(this.#secure === true);
    this.#secured = this.#secure === false ? this.#plain : write(true);
  }

  /** True when the cookie carries Secure although the request came over plain HTTP: worth a warning. */
  isAtOdds(secureRequest: boolean): boolean {
    return this.#secure === true && !secureRequest;
  }

  /**
   * The Set-Cookie text for this value.
   *
   * @param value made by an engine: letters, digits, `-`, `_`, `.` and `~` only
   * @param lifetime seconds for which the browser keeps it, 400 days at most, where it outlives the
   *   browser: where `session_expires` is set, or the session has an idle time of its own
   */
  write(
    name: string,
    value: string,
    lifetime: number,
    { secureRequest, hasOwnTime }: { secureRequest: boolean; hasOwnTime: boolean },
  ): string {
    const seconds = Math.min(LONGEST, Math.max(0, Math.floor(lifetime)));
    const lasting = this.#persistent || hasOwnTime ? `; Max-Age=${seconds}` : "";
    return `${name}=${value}${lasting}${this.#attributes(secureRequest)}`;
  }

  /** The Set-Cookie text that makes the browser forget the cookie of this name. */
  expire(name: string, secureRequest: boolean): string {
    const past = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
    return `${name}=${past}${this.#attributes(secureRequest)}`;
  }

  /** The two differ under `auto` only. */
  #attributes(secureRequest: boolean): string {
    return secureRequest ? this.#secured : this.#plain;
  }
}

interface Attributes {
  readonly path: string;
  readonly domain: string | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: "Strict" | "Lax" | "None";
}

function attributes(name: string, { domain, ...rest }: Attributes): string {
  try {
    const text = serializeCookie(name, "", {
      ...rest,
      ...(domain === undefined ? {} : { domain }),
    });
    return text.slice(`${name}=`.length);
  } catch (cause) {
    throw new ConfigError(
      "session-cookie-invalid",
      `the session cookie cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function checkPrefix(
  name: string,
  is: { secure: boolean; path: string; domain: string | undefined; httpOnly: boolean },
): void {
  const prefix = /^__(?:host-http|host|secure|http)-/i.exec(name)?.[0].toLowerCase();
  if (prefix === undefined) return;
  const rule = `session_name: the prefix of "${name}" needs`;
  if (!is.secure) refuse(`${rule} session_secure: true`);
  if (prefix.startsWith("__host-") && is.path !== "/") refuse(`${rule} session_cookie_path: /`);
  if (prefix.startsWith("__host-") && is.domain !== undefined) refuse(`${rule} no session_domain`);
  if (prefix.endsWith("http-") && !is.httpOnly) refuse(`${rule} session_is_http_only: true`);
}

function refuse(message: string): never {
  throw new ConfigError("session-cookie-invalid", message);
}
