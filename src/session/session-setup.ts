/** Makes what a started app needs for the sessions that its settings name. */
import type { Config } from "../config/config.ts";
import type { SessionStoreOptions } from "../engines/session/store.ts";
import { SessionCookie } from "./session-cookie.ts";
import { createSessionEngine, type SessionRegistries } from "./session-engine.ts";
import { SessionLifeCycle } from "./session-life-cycle.ts";
import { sessionLimits } from "./session-limits.ts";
import type { SessionShape } from "./session-schema.ts";

/** Makes the session life cycle around the engine `name`. @throws ConfigError or EngineError. */
export async function createSessions(
  name: string,
  config: Config,
  registries: SessionRegistries,
  outside: Required<Pick<SessionStoreOptions, "now" | "warn" | "report">>,
  shape: SessionShape | undefined,
): Promise<SessionLifeCycle> {
  const { settings } = config;
  const cookie = new SessionCookie(settings);
  const limits = sessionLimits(settings);
  const setting = (key: string): unknown => config.get(key);
  const options = { cookieName: cookie.name, limits, setting, ...outside };
  const store = await createSessionEngine(name, config, registries, options, shape);
  return new SessionLifeCycle({ store, cookie, limits, ...outside });
}
