/** One configured key: its spelling, the floor it must pass, and the subkeys that come out of it. */
import { hkdfSync, scryptSync } from "node:crypto";
import { ConfigError } from "../errors.ts";
import { keyAdvice } from "./key-advice.ts";

/**
 * Keys that are printed somewhere, so that anyone may know them. The first two are from the
 * documentation of Dancer::Session::Cookie; a key that our own documentation prints is added here.
 */
export const publishedKeys: readonly string[] = [
  "this random key IS NOT very random",
  "kjsdf07234hjf0sdkflj12*&(@*jk",
];

/** What a key is judged by. */
export interface KeyRules {
  /** The setting as it is called in messages, such as `session_cookie_key`. */
  readonly name: string;
  /** In `development` and `test` a published key is a warning, elsewhere an error. */
  readonly environment: unknown;
  readonly warn: (message: string) => void;
}

/** A key that passed, as 32 bytes from which the key of every use is derived. */
export class SealingKey {
  /** Four bytes that tell which key sealed a text; they give no shortcut to guess a passphrase. */
  readonly id: Buffer;
  readonly #root: Buffer;

  /** `root` is 32 bytes of key material. */
  constructor(root: Buffer) {
    this.#root = root;
    this.id = expand(root, "key-id", 4);
  }

  /** Derives the key of one use by HKDF-SHA256 (RFC 5869); two labels never share a key. */
  derive(label: string, length = 32): Buffer {
    return expand(this.#root, `use:${label}`, length);
  }
}

/**
 * Reads one configured key: a string of at least 16 characters, or `hex:` or `base64:` and exactly
 * 32 bytes. A byte-order mark and one line end, as files have them, are not part of the key.
 *
 * A string that does not name its encoding is stretched by scrypt (RFC 7914), which takes about
 * 50 ms: call this when the app starts, never for a request.
 *
 * @throws ConfigError `session-key-missing`, `session-key-weak` or `session-key-invalid`; the
 * message never holds the key.
 */
export function parseSealingKey(value: unknown, rules: KeyRules): SealingKey {
  if (value === undefined || value === null || value === "") {
    throw new ConfigError("session-key-missing", `${rules.name} is not set; ${keyAdvice}`);
  }
  if (typeof value !== "string") {
    throw invalid(rules, `must be a string, got ${typeof value}; put it in quotes`);
  }
  const text = value.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  const encoded = /^(hex|base64):(.*)$/s.exec(text);
  const root =
    encoded === null
      ? undefined
      : decode(encoded[1] === "hex" ? "hex" : "base64", encoded[2] ?? "", rules);
  refuseWeak(text, root, rules);
  return new SealingKey(root ?? stretch(text));
}

function refuseWeak(text: string, root: Buffer | undefined, rules: KeyRules): void {
  const characters = Array.from(text);
  if (characters.length < 16) {
    throw weak(rules, `has ${characters.length} characters and 16 is the least`);
  }
  if (new Set<number | string>(root ?? characters).size === 1)
    throw weak(rules, "is one character repeated");
  if (publishedKeys.includes(text)) {
    if (rules.environment !== "development" && rules.environment !== "test") {
      throw weak(rules, "is an example from the documentation, which everybody knows");
    }
    rules.warn(
      `${rules.name} is an example from the documentation and is refused outside development ` +
        `and test; ${keyAdvice}`,
    );
  }
  const size = Buffer.byteLength(text);
  if (root === undefined && size < 32) {
    rules.warn(`${rules.name} has ${size} bytes and 32 are recommended; ${keyAdvice}`);
  }
}

function decode(encoding: "hex" | "base64", digits: string, rules: KeyRules): Buffer {
  const wellFormed =
    encoding === "hex"
      ? /^[0-9a-f]*$/i.test(digits)
      : /^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/.test(digits);
  if (!wellFormed)
    throw invalid(rules, `has characters after "${encoding}:" that are not ${encoding}`);
  const bytes = Buffer.from(digits, encoding);
  const odd = encoding === "hex" && digits.length % 2 === 1;
  if (odd || bytes.length !== 32) {
    const found = odd ? `${digits.length} hex digits` : `${bytes.length}`;
    throw invalid(rules, `must be exactly 32 bytes after "${encoding}:", found ${found}`);
  }
  // Left-over bits or padding in the wrong place would give one key two spellings.
  const respelled = bytes.toString(encoding).replace(/=+$/, "");
  const plain = digits.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (encoding === "base64" && (respelled !== plain || ![43, 44].includes(digits.length))) {
    throw invalid(rules, `is not the usual spelling of 32 bytes in base64, found left-over bits`);
  }
  return bytes;
}

function stretch(passphrase: string): Buffer {
  // The salt cannot be random: every process has to come to the same key.
  const salt = "quickstep/v1/session_cookie_key";
  return scryptSync(passphrase, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
}

function expand(root: Buffer, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", root, "", `quickstep/v1/${info}`, length));
}

function weak(rules: KeyRules, what: string): ConfigError {
  return new ConfigError("session-key-weak", `${rules.name} ${what}; ${keyAdvice}`);
}

function invalid(rules: KeyRules, what: string): ConfigError {
  return new ConfigError("session-key-invalid", `${rules.name} ${what}; ${keyAdvice}`);
}
