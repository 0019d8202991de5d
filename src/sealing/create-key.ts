/** Makes keys. */
import { randomBytes } from "node:crypto";

/**
 * A new key as `session_cookie_key` takes it: `hex:` and 32 bytes from the system's generator. Unlike
 * base64 it has no character that a shell, YAML or a double click reads otherwise.
 */
export function createKey(): string {
  return `hex:${randomBytes(32).toString("hex")}`;
}
