/** Makes what a started app needs for the sessions that its settings name. */
import type { Config } from "../config/config.ts";
import type { SessionStore, SessionStoreOptions } from "../engines/session/store.ts";
import type { Registry } from "../registry.ts";
import { SessionCookie } from "./session-cookie.ts";
import { SessionLifeCycle } from "./session-life-cycle.ts";

/** Idle time where `session_expires` is not set: the cookie ends with the browser, the session after a day. */
const DEFAULT_IDLE = 24 * 3600;

/** Makes the session life cycle around the engine `name`. @throws ConfigError or EngineError. */
export async function createSessions(
  name: string,
  config: Config,
  engines: Registry<SessionStore, SessionStoreOptions>,
  outside: Pick<SessionStoreOptions, "now" | "warn" | "report">,
): Promise<SessionLifeCycle> {
  const { settings } = config;
  const cookie = new SessionCookie(settings);
  const limits = {
    idle: settings.session_expires ?? DEFAULT_IDLE,
    absolute: settings.session_lifetime,
  };
  const setting = (key: string): unknown => config.get(key);
  const engine = await engines.create(name, {
    cookieName: cookie.name,
    limits,
    setting,
    ...outside,
  });
  const { session_timeout: timeout } = settings;
  const store = engine.waits ? await guard(engine, timeout, outside.warn) : engine;
  return new SessionLifeCycle({ store, cookie, limits, ...outside });
}

async function guard(
  engine: SessionStore,
  timeout: number,
  warn: (message: string) => void,
): Promise<SessionStore> {
  if (timeout === 0) return engine;
  const { withDeadline } = await import("../engines/session/circuit-breaker.ts");
  return withDeadline(engine, timeout * 1000, warn);
}
