/** Loads a library that only some apps use, and says what to install where it is missing. */
import { EngineError } from "./errors.ts";

/**
 * Loads the library: `await loadLibrary("redis", () => import("redis"), "session: redis")`.
 *
 * @param user what needs it, for the message
 * @throws EngineError `library-missing` when it is not installed.
 */
export async function loadLibrary<T>(
  name: string,
  load: () => Promise<T>,
  user: string,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new EngineError(
      "library-missing",
      `${user} needs the package "${name}"; install it: npm install ${name}`,
      { cause },
    );
  }
}

/** Tells whether an import failed because this very package is not installed. */
export function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${name}'`)
  );
}
