/** The session engine `cookie`: the whole session lives, sealed, in the visitor's cookie. */
import { SessionError } from "../../errors.ts";
import { createKeyring } from "../../sealing/keyring.ts";
import type { Keyring } from "../../sealing/keyring.ts";
import { Sealer, sealedLength } from "../../sealing/sealer.ts";
import type { SealRefusal } from "../../sealing/sealer.ts";
import { mostJsonBytes } from "../../session/plain-data.ts";
import {
  LAST_USE_PURPOSE,
  SESSION_PURPOSE,
  headBytes,
  packLastUse,
  packSession,
  unpackLastUse,
  unpackSession,
} from "../../session/sealed-session.ts";
import { isExpired } from "./store.ts";
import type { SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

/** RFC 6265bis, section 5.6: browsers drop a cookie whose name and value have more bytes. */
const cookieLimit = 4096;
const warnAt = cookieLimit * 0.8;

/**
 * Makes the engine that keeps the session in the cookie itself, sealed with `session_cookie_key`.
 *
 * Nothing is stored on the server, so a copy of a cookie lives until it expires unless
 * `session_revocation` is on, and of two parallel writes the last one wins.
 *
 * @throws ConfigError if the key is missing, malformed or weak.
 */
export function createCookieStore(options: SessionStoreOptions): SessionStore {
  const keyring = createKeyring(options.setting("session_cookie_key"), {
    environment: options.setting("environment"),
    warn: options.warn,
  });
  return new CookieStore(options, keyring);
}

class CookieStore implements SessionStore {
  readonly waits = false;
  readonly #options: SessionStoreOptions;
  readonly #keyring: Keyring;
  readonly #sessions: Sealer;
  readonly #lastUses: Sealer;
  readonly #nameBytes: number;
  /** True when what is too large goes elsewhere and is no reason to worry. */
  readonly #overflows: boolean;
  #warnedOfSize = false;

  constructor(options: SessionStoreOptions, keyring: Keyring) {
    const { cookieName } = options;
    this.#options = options;
    this.#keyring = keyring;
    this.#overflows = (options.setting("session_cookie_overflow") ?? null) !== null;
    this.#nameBytes = Buffer.byteLength(cookieName);
    this.#sessions = new Sealer({ keyring, cookieName, purpose: SESSION_PURPOSE });
    this.#lastUses = new Sealer({ keyring, cookieName, purpose: LAST_USE_PURPOSE });
  }

  open(cookie: string, seen: string | undefined): SessionRecord | undefined {
    const opened = this.#sessions.open(cookie);
    if (typeof opened === "string") {
      this.#report(opened);
      return undefined;
    }
    const session = unpackSession(opened.bytes);
    if (session === undefined) return undefined;
    const { id, createdAt, data } = session;
    const { limits, now, report } = this.#options;
    const moment = now();
    const lastSeen = this.#lastUse(session, moment, seen);
    const record = { id, version: 1, createdAt, lastSeen, data };
    if (isExpired(record, limits, moment)) return undefined;
    if (!opened.keyIsOld) return record;
    report?.("old-key", opened.keyId);
    return { ...record, stale: true };
  }

  check(record: SessionRecord): void {
    // Most sessions are so small that a glance shows that they fit.
    const most = headBytes + mostJsonBytes(record.data);
    if (this.#cookieSize(most) < warnAt) return;
    this.#checkSize(record, headBytes + Buffer.byteLength(JSON.stringify(record.data)));
  }

  save(record: SessionRecord): string {
    const { id, createdAt, data } = record;
    const session = { id, createdAt, sealedAt: this.#options.now() };
    const bytes = packSession(session, JSON.stringify(data));
    this.#checkSize(record, bytes.length);
    return this.#sessions.seal(bytes);
  }

  touch(record: SessionRecord): string {
    return this.#lastUses.seal(packLastUse(record.id, this.#options.now()));
  }

  destroy(): void {
    // The server keeps nothing that it could forget; the session's end is the expired cookie.
  }

  deriveKey(label: string): Buffer {
    return this.#keyring.deriveKey(label);
  }

  /** When the session was last used, as far as the last-use cookie can be believed; never before it was sealed. */
  #lastUse(
    { id, sealedAt, data }: { id: string; sealedAt: number; data: SessionRecord["data"] },
    now: number,
    seen: string | undefined,
  ): number {
    if (seen === undefined) return sealedAt;
    const opened = this.#lastUses.open(seen);
    if (typeof opened === "string") {
      this.#report(opened);
      return sealedAt;
    }
    const lastUse = unpackLastUse(opened.bytes);
    if (lastUse?.id !== id) return sealedAt;
    const { moment } = lastUse;
    const isUsable = !isExpired(
      { createdAt: now, lastSeen: moment, data },
      this.#options.limits,
      now,
    );
    return isUsable ? Math.max(sealedAt, moment) : sealedAt;
  }

  /** The bytes of the cookie's name and value when it holds this many. */
  #cookieSize(byteCount: number): number {
    return this.#nameBytes + sealedLength(byteCount);
  }

  #checkSize(record: SessionRecord, byteCount: number): void {
    const size = this.#cookieSize(byteCount);
    if (size > cookieLimit) {
      if (!this.#overflows) this.#options.report?.("session-too-large", "cookie");
      throw new SessionError(
        "session-too-large",
        `the session cookie would be ${size} bytes and browsers keep ${cookieLimit} ` +
          `(${biggestKeys(record.data)}); keep less in the session, let session_cookie_overflow ` +
          "name an engine for large ones, or use an engine that stores all on the server, such as " +
          "session: simple",
      );
    }
    if (size >= warnAt && !this.#overflows && !this.#warnedOfSize) {
      this.#warnedOfSize = true;
      this.#options.warn(
        `a session cookie has ${size} of the ${cookieLimit} bytes that browsers keep ` +
          `(${biggestKeys(record.data)}); beyond that, writing to the session is an error`,
      );
    }
  }

  /** The refusals that hint at an attack or a wrong key; the others are everyday junk. */
  #report(reason: SealRefusal): void {
    if (reason === "key" || reason === "tampered") {
      this.#options.report?.("cookie-refused", reason);
    }
  }
}

/** Names the three keys that take the most room, with their sizes and never their values. */
function biggestKeys(data: SessionRecord["data"]): string {
  return Object.entries(data)
    .map(([key, value]) => ({ key, size: Buffer.byteLength(JSON.stringify(value)) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .map(({ key, size }) => `${JSON.stringify(key.slice(0, 40))} has ${size}`)
    .join(", ");
}
