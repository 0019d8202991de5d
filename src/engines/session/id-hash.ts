/** Under which name a store keeps a session: whoever reads the store learns no id that opens one. */
import { createHash } from "node:crypto";

/** The SHA-256 of an id as 64 hexadecimal digits. Ids are random, so no salt and no stretching. */
export function hashSessionId(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}
