/** The session engine `cookie`: the whole session lives, sealed, in the visitor's cookie. */
import { SessionError } from "../../errors.ts";
import { isPlainJson } from "../../session/plain-data.ts";
import { createKeyring } from "../../sealing/keyring.ts";
import type { Keyring } from "../../sealing/keyring.ts";
import { Sealer, sealedLength } from "../../sealing/sealer.ts";
import type { SealRefusal } from "../../sealing/sealer.ts";
import { isSessionId, sessionIdBytes } from "../../session/session-id.ts";
import { isExpired } from "./store.ts";
import type { SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

/** RFC 6265bis, section 5.6: browsers drop a cookie whose name and value have more bytes. */
const cookieLimit = 4096;
const warnAt = cookieLimit * 0.8;

const timeBytes = 6;
const headBytes = sessionIdBytes + 2 * timeBytes;
const seenBytes = sessionIdBytes + timeBytes;

/** The refusals that hint at an attack or a wrong key; the others are everyday junk. */
const explained: Readonly<Partial<Record<SealRefusal, string>>> = {
  key: "it was sealed with a key that session_cookie_key does not list",
  tampered: "it was changed, or sealed for another cookie name",
};

/**
 * Makes the engine that keeps the session in the cookie itself, sealed with `session_cookie_key`.
 *
 * Nothing is stored on the server, so a copy of a cookie lives until it expires, and of two
 * parallel writes the last one wins.
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

/**
 * What is sealed: the id (18 bytes), created-at and sealed-at (6 bytes each, milliseconds since
 * 1970, big-endian), and the data as JSON. The last-use cookie seals the id and one moment.
 */
class CookieStore implements SessionStore {
  readonly waits = false;
  readonly #options: SessionStoreOptions;
  readonly #sessions: Sealer;
  readonly #lastUses: Sealer;
  readonly #nameBytes: number;
  readonly #refusals = new Map<string, number>();
  #warnedOfSize = false;

  constructor(options: SessionStoreOptions, keyring: Keyring) {
    const { cookieName } = options;
    this.#options = options;
    this.#nameBytes = Buffer.byteLength(cookieName);
    this.#sessions = new Sealer({ keyring, cookieName, purpose: "session-data" });
    this.#lastUses = new Sealer({ keyring, cookieName, purpose: "session-last-use" });
  }

  open(cookie: string, seen: string | undefined): SessionRecord | undefined {
    const opened = this.#sessions.open(cookie);
    if (typeof opened === "string") {
      this.#explain(opened);
      return undefined;
    }
    const { bytes, keyIsOld } = opened;
    if (bytes.length < headBytes) return undefined;
    const id = bytes.toString("base64url", 0, sessionIdBytes);
    const createdAt = bytes.readUIntBE(sessionIdBytes, timeBytes);
    const sealedAt = bytes.readUIntBE(sessionIdBytes + timeBytes, timeBytes);
    const { limits, now } = this.#options;
    const moment = now();
    // Sealed in the future is wrong for good; a last use must not make up for it.
    if (isExpired({ createdAt, lastSeen: Math.max(sealedAt, moment) }, limits, moment)) {
      return undefined;
    }
    const lastSeen = this.#lastUse(id, sealedAt, moment, seen);
    if (isExpired({ createdAt, lastSeen }, limits, moment)) return undefined;
    const data = parseData(bytes.toString("utf8", headBytes));
    if (data === undefined) return undefined;
    const record = { id, version: 1, createdAt, lastSeen, data };
    return keyIsOld ? { ...record, stale: true } : record;
  }

  check(record: SessionRecord): void {
    this.#checkSize(record, JSON.stringify(record.data));
  }

  save(record: SessionRecord): string {
    const json = JSON.stringify(record.data);
    this.#checkSize(record, json);
    const head = Buffer.alloc(headBytes);
    writeId(head, record.id);
    head.writeUIntBE(record.createdAt, sessionIdBytes, timeBytes);
    head.writeUIntBE(this.#options.now(), sessionIdBytes + timeBytes, timeBytes);
    return this.#sessions.seal(Buffer.concat([head, Buffer.from(json)]));
  }

  touch(record: SessionRecord): string {
    const bytes = Buffer.alloc(seenBytes);
    writeId(bytes, record.id);
    bytes.writeUIntBE(this.#options.now(), sessionIdBytes, timeBytes);
    return this.#lastUses.seal(bytes);
  }

  destroy(): void {
    // The server keeps nothing that it could forget; the session's end is the expired cookie.
  }

  /** When the session was last used, as far as the last-use cookie can be believed. */
  #lastUse(id: string, sealedAt: number, now: number, seen: string | undefined): number {
    if (seen === undefined) return sealedAt;
    const opened = this.#lastUses.open(seen);
    if (typeof opened === "string") {
      this.#explain(opened);
      return sealedAt;
    }
    const { bytes } = opened;
    if (bytes.length !== seenBytes || bytes.toString("base64url", 0, sessionIdBytes) !== id) {
      return sealedAt;
    }
    const moment = bytes.readUIntBE(sessionIdBytes, timeBytes);
    const { limits } = this.#options;
    const isUsable = !isExpired({ createdAt: now, lastSeen: moment }, limits, now);
    return isUsable ? Math.max(sealedAt, moment) : sealedAt;
  }

  #checkSize(record: SessionRecord, json: string): void {
    const size = this.#nameBytes + sealedLength(headBytes + Buffer.byteLength(json));
    if (size > cookieLimit) {
      throw new SessionError(
        "session-too-large",
        `the session cookie would be ${size} bytes and browsers keep ${cookieLimit} ` +
          `(${biggestKeys(record.data)}); keep less in the session, or use an engine that stores ` +
          "it on the server, such as session: simple",
      );
    }
    if (size >= warnAt && !this.#warnedOfSize) {
      this.#warnedOfSize = true;
      this.#options.warn(
        `a session cookie has ${size} of the ${cookieLimit} bytes that browsers keep ` +
          `(${biggestKeys(record.data)}); beyond that, writing to the session is an error`,
      );
    }
  }

  /** Logs why a cookie was refused, each reason once a minute at most: junk must not fill the disk. */
  #explain(reason: SealRefusal): void {
    const explanation = explained[reason];
    if (explanation === undefined) return;
    const now = this.#options.now();
    const last = this.#refusals.get(reason);
    if (last !== undefined && Math.abs(now - last) < 60_000) return;
    this.#refusals.set(reason, now);
    this.#options.warn(`refused a session cookie: ${explanation}`);
  }
}

function writeId(bytes: Buffer, id: string): void {
  if (!isSessionId(id)) throw new SessionError("session-id-invalid", "this is not a session id");
  bytes.write(id, 0, "base64url");
}

function parseData(json: string): Record<string, unknown> | undefined {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  if (Object.hasOwn(data, "__proto__")) return undefined;
  const isPlain = Object.values(data).every((value) => isPlainJson(value));
  return isPlain ? (data as Record<string, unknown>) : undefined;
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
