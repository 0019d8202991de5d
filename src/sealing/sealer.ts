/** Seals bytes into cookie-safe text that opens only in the place it was sealed for. */
import { randomFillSync } from "node:crypto";
import type { Keyring } from "./keyring.ts";
import { Xaes256Gcm, nonceBytes, tagBytes } from "./xaes-256-gcm.ts";

/** Why a text did not open; for logs only, never for the client. */
export type SealRefusal = "length" | "alphabet" | "version" | "key" | "tampered";

/** What came out of a sealed text. */
export interface Unsealed {
  readonly bytes: Buffer;
  /** True if another than the first key sealed it, so that it should be sealed anew. */
  readonly keyIsOld: boolean;
  /** The id of the key that sealed it, in hex. */
  readonly keyId: string;
}

/** The place that sealed texts are bound to. */
export interface SealerOptions {
  readonly keyring: Keyring;
  /** What the texts are for; each purpose has a key of its own. */
  readonly purpose: string;
  readonly cookieName: string;
  /** Longer texts are refused unread. Default 4096 characters. */
  readonly maxLength?: number;
}

const formatVersion = 1;
const headBytes = 5;
const overhead = headBytes + nonceBytes + tagBytes;

/** How many characters the sealed text of this many bytes has. */
export function sealedLength(byteCount: number): number {
  return Math.ceil(((overhead + byteCount) * 4) / 3);
}

const shortest = sealedLength(0);

/**
 * Seals and opens texts of one purpose under one cookie name.
 *
 * A text is base64url, without padding, of: format version (1 byte, `1`), key id (4), nonce (24),
 * then ciphertext and tag of XAES-256-GCM (C2SP). Version, purpose and cookie name are
 * authenticated with it. The version and the key id choose what to open with; nothing else outside
 * the sealed part is believed.
 */
export class Sealer {
  readonly #head: Buffer;
  readonly #aad: Buffer;
  readonly #maxLength: number;
  readonly #keyId: string;
  readonly #cipher: Xaes256Gcm;
  readonly #byKeyId = new Map<number, Xaes256Gcm>();

  constructor(options: SealerOptions) {
    const { keyring, purpose } = options;
    this.#aad = Buffer.concat([
      Buffer.of(formatVersion),
      withLength(purpose),
      withLength(options.cookieName),
    ]);
    this.#maxLength = options.maxLength ?? 4096;
    const [first, ...rest] = keyring.keys;
    this.#head = Buffer.concat([Buffer.of(formatVersion), first.id]);
    this.#keyId = first.id.toString("hex");
    this.#cipher = new Xaes256Gcm(first.derive(purpose));
    for (const key of rest) {
      this.#byKeyId.set(key.id.readUInt32BE(), new Xaes256Gcm(key.derive(purpose)));
    }
    this.#byKeyId.set(first.id.readUInt32BE(), this.#cipher);
  }

  /** Seals the bytes with the first key; the same bytes never give the same text again. */
  seal(bytes: Uint8Array): string {
    const nonce = drawNonce();
    return this.#cipher.seal(this.#head, nonce, bytes, this.#aad).toString("base64url");
  }

  /** Opens a text, or names the reason why not. Never throws, whatever the text is. */
  open(text: string): Unsealed | SealRefusal {
    if (text.length > this.#maxLength || text.length < shortest) return "length";
    const bytes = Buffer.from(text, "base64url");
    // Node decodes leniently; only a text that encodes back to itself has one spelling.
    if (bytes.toString("base64url") !== text) return "alphabet";
    if (bytes[0] !== formatVersion) return "version";
    const cipher = this.#byKeyId.get(bytes.readUInt32BE(1));
    if (cipher === undefined) return "key";
    const plain = cipher.open(bytes, headBytes, this.#aad);
    if (plain === undefined) return "tampered";
    const keyIsOld = cipher !== this.#cipher;
    const keyId = keyIsOld ? bytes.toString("hex", 1, headBytes) : this.#keyId;
    return { bytes: plain, keyIsOld, keyId };
  }
}

/** Nonces drawn ahead: the system's generator costs as much for one as for many. */
const pool = Buffer.alloc(nonceBytes * 128);
let drawn = pool.length;

/** Random bytes that are given out once and never again; they are good until this is called anew. */
function drawNonce(): Buffer {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return pool.subarray(drawn, (drawn += nonceBytes));
}

/** A text after its length, so that where one ends and the next begins is never in doubt. */
function withLength(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
