/** For operators who hold the key: tell keys apart, and read what is in a cookie. */
import type { Settings } from "../config/settings.ts";
import { idleLimit, isExpired, OVERFLOW } from "../engines/session/store.ts";
import { createKeyring } from "../sealing/keyring.ts";
import { Sealer, type SealRefusal } from "../sealing/sealer.ts";
import {
  LAST_USE_PURPOSE,
  SESSION_PURPOSE,
  unpackLastUse,
  unpackSession,
} from "./sealed-session.ts";
import { sessionLimits } from "./session-limits.ts";
import { SessionCookie } from "./session-cookie.ts";

/** One configured key; the key itself is not told. */
export interface KeyInfo {
  /** Eight hexadecimal digits, as security events of the kind `old-key` name it. */
  readonly id: string;
  /** True for the one that seals; the others only open. */
  readonly seals: boolean;
}

/**
 * The keys of `session_cookie_key`, in order. Whether an old one is still in use, the log tells: look
 * for `security event old-key: ID`, or ask `app.securityEvents.count("old-key", ID)`.
 *
 * @throws ConfigError when a key is missing or weak.
 */
export function listKeys(settings: Settings): KeyInfo[] {
  return keyringOf(settings).keys.map(({ id }, at) => ({
    id: id.toString("hex"),
    seals: at === 0,
  }));
}

/** What is in a cookie. Times are milliseconds since 1970. */
export interface OpenedCookie {
  readonly kind: "session" | "last-use";
  /** The name that the cookie was sealed for. */
  readonly cookieName: string;
  readonly keyId: string;
  /** True when another than the first key sealed it. */
  readonly keyIsOld: boolean;
  /** When the session began; of sessions only. */
  readonly createdAt?: number;
  /** When it was sealed, or last used. */
  readonly sealedAt: number;
  /** When it ends unless it is used; a last-use cookie beside it may have prolonged it. */
  readonly endsAt?: number;
  readonly isExpired?: boolean;
  /** True when the content is in the engine of `session_cookie_overflow`. */
  readonly isElsewhere?: boolean;
  /**
   * What the session holds, Quickstep's own keys (`_user`, `_flash`…) included, but not what another
   * engine finds the content by: like the id it opens the session.
   */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Opens a cookie with the keys of the settings. `text` is the value, or `NAME=VALUE` as it stands in
 * a header. Without a name those that the settings give in development and elsewhere are tried.
 *
 * Answers the reason when it does not open: `key` (no listed key sealed it), `tampered` (changed, or
 * sealed for another name), `length`, `alphabet`, `version`, or `content`.
 *
 * @throws ConfigError when a key is missing or weak.
 */
export function openCookie(
  text: string,
  settings: Settings,
  now: number = Date.now(),
): OpenedCookie | SealRefusal | "content" {
  const [, named, value = ""] = /^\s*(?:([^=;\s]+)=)?([^=;\s]*)/.exec(text) ?? [];
  const keyring = keyringOf(settings);
  const names =
    named === undefined
      ? ["production", "development"].map(
          (environment) => new SessionCookie({ ...settings, environment }).name,
        )
      : [named.replace(/-seen$/, "")];
  let refusal: SealRefusal | "content" = "length";
  for (const cookieName of new Set(names)) {
    for (const purpose of [SESSION_PURPOSE, LAST_USE_PURPOSE]) {
      const opened = new Sealer({ keyring, cookieName, purpose }).open(value);
      if (typeof opened === "string") {
        refusal = opened;
        continue;
      }
      const { bytes, keyId, keyIsOld } = opened;
      const about = { cookieName, keyId, keyIsOld };
      if (purpose === SESSION_PURPOSE) {
        const session = unpackSession(bytes);
        return session === undefined ? "content" : describe(session, about, settings, now);
      }
      const use = unpackLastUse(bytes);
      if (use === undefined) return "content";
      return { kind: "last-use", ...about, sealedAt: use.moment };
    }
  }
  return refusal;
}

function describe(
  { createdAt, sealedAt, data }: NonNullable<ReturnType<typeof unpackSession>>,
  about: Pick<OpenedCookie, "cookieName" | "keyId" | "keyIsOld">,
  settings: Settings,
  now: number,
): OpenedCookie {
  const limits = sessionLimits(settings);
  const endsAt =
    Math.min(sealedAt / 1000 + idleLimit(data, limits), createdAt / 1000 + limits.absolute) * 1000;
  const expired = isExpired({ createdAt, lastSeen: sealedAt, data }, limits, now);
  const { [OVERFLOW]: reference, ...shown } = data;
  const isElsewhere = reference !== undefined;
  const times = { createdAt, sealedAt, endsAt, isExpired: expired };
  return { kind: "session", ...about, ...times, isElsewhere, data: shown };
}

function keyringOf(settings: Settings) {
  const { session_cookie_key: key, environment } = settings;
  return createKeyring(key, { environment, warn: () => undefined });
}
