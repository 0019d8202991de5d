/** Puts a key for session cookies into an app's `.env`. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { createKey } from "../sealing/create-key.ts";

/** The variable that a scaffolded `config.yml` takes its key from. */
export const KEY_VARIABLE = "SESSION_COOKIE_KEY";

/** Writes a new `.env` with a key that only its owner can read. @throws when the file is there. */
export function writeKeyFile(folder: string): void {
  writeFileSync(join(folder, ".env"), keyLine(), { mode: 0o600, flag: "wx" });
}

/**
 * Makes sure that an app finds a key in its `.env`, and tells whether it had to be made. A file that
 * is there keeps what it says; an app whose `config.yml` does not ask for a key gets none.
 */
export function ensureKeyFile(folder: string): boolean {
  if (!read(join(folder, "config.yml"))?.includes(`\${${KEY_VARIABLE}`)) return false;
  if (givesKey(process.env)) return false;
  const file = join(folder, ".env");
  const text = read(file);
  if (text === undefined) {
    writeKeyFile(folder);
    return true;
  }
  if (givesKey(parseEnv(text))) return false;
  appendFileSync(file, (text === "" || text.endsWith("\n") ? "" : "\n") + keyLine());
  return true;
}

/** Whether variables hold a key, or name the file that does. */
function givesKey(variables: NodeJS.Dict<string>): boolean {
  return [KEY_VARIABLE, `${KEY_VARIABLE}_FILE`].some((name) => (variables[name] ?? "") !== "");
}

function keyLine(): string {
  return `${KEY_VARIABLE}=${createKey()}\n`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
