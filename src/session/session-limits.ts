/** How long sessions live, as the settings say. */
import type { Settings } from "../config/settings.ts";
import type { SessionLimits } from "../engines/session/store.ts";

/** Idle time where `session_expires` is not set: the cookie ends with the browser, the session after a day. */
const DEFAULT_IDLE = 24 * 3600;

/** The limits in force, in seconds. */
export function sessionLimits(
  settings: Pick<Settings, "session_expires" | "session_lifetime">,
): SessionLimits {
  return {
    idle: settings.session_expires ?? DEFAULT_IDLE,
    absolute: settings.session_lifetime,
  };
}
