/** The keys of a session that have words of their own, so that `set` must leave them alone. */
import { EXPIRES, FLASH, OVERFLOW, PINNED, USER, VERSION } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";

const WORDS: ReadonlyMap<string, string> = new Map([
  ["id", "id"],
  [FLASH, "flash()"],
  [USER, "bind()"],
  [EXPIRES, "expires()"],
  [VERSION, "toJSON()"],
  [OVERFLOW, "toJSON()"],
  [PINNED, "secretFor()"],
]);

/** Tells whether the key is not the app's own. */
export function isReserved(key: string): boolean {
  return WORDS.has(key);
}

/** @throws SessionError `session-key-reserved` naming the word to use instead. */
export function refuseReserved(key: string): void {
  const word = WORDS.get(key);
  if (word === undefined) return;
  throw new SessionError(
    "session-key-reserved",
    `the session key "${key}" is reserved; use session().${word} or another name`,
  );
}
