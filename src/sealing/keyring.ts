/** The configured keys in order: the first seals, every one opens. */
import { ConfigError } from "../errors.ts";
import { keyAdvice } from "./key-advice.ts";
import { parseSealingKey } from "./sealing-key.ts";
import type { KeyRules, SealingKey } from "./sealing-key.ts";

/** What a keyring is made with, beside the keys. */
export interface KeyringOptions extends Omit<KeyRules, "name"> {
  /** The name of the setting in messages; `session_cookie_key` unless given. */
  readonly name?: string;
}

/** The keys of an app. Never empty; the first one seals. */
export interface Keyring {
  readonly keys: readonly [SealingKey, ...SealingKey[]];
  /** Derives the key of another use (signed cookies, CSRF tokens) from the first key. */
  deriveKey(label: string): Buffer;
}

/**
 * Reads `session_cookie_key`: one key, or a list of them for rotation.
 *
 * Keys that are not 32 bytes in a named encoding are stretched here, about 50 ms each, so make one
 * keyring when the app starts and hand it round.
 *
 * @throws ConfigError `session-key-missing`, `session-key-weak` or `session-key-invalid`.
 */
export function createKeyring(setting: unknown, options: KeyringOptions): Keyring {
  const name = options.name ?? "session_cookie_key";
  const values: readonly unknown[] = Array.isArray(setting) ? setting : [setting];
  const [first, ...rest] = [...new Set(values)].map((value) =>
    parseSealingKey(value, {
      name: Array.isArray(setting) ? `${name}[${values.indexOf(value)}]` : name,
      environment: options.environment,
      warn: options.warn,
    }),
  );
  if (first === undefined) {
    throw new ConfigError("session-key-missing", `${name} is an empty list; ${keyAdvice}`);
  }
  return { keys: [first, ...rest], deriveKey: (label) => first.derive(label) };
}
