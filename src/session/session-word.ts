/** The word that handlers say: `session("user")`. */
import type { SessionKey, SessionValue } from "./session-data.ts";
import type { Session } from "./session.ts";

/** The `session` word: the session itself, a value, or a write. */
export interface SessionWord {
  (): Session;
  <K extends SessionKey>(key: K): SessionValue<K> | undefined;
  <K extends SessionKey, V extends SessionValue<K>>(key: K, value: V): V;
}
