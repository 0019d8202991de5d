/** Makes the session engine that the settings name, with the layers around it that they ask for. */
import type { Config } from "../config/config.ts";
import type {
  RevocationList,
  RevocationListOptions,
} from "../engines/revocation/revocation-list.ts";
import type { SessionStore, SessionStoreOptions } from "../engines/session/store.ts";
import { ConfigError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { SessionShape } from "./session-schema.ts";

/** Where engines and lists are found by name. */
export interface SessionRegistries {
  readonly session: Registry<SessionStore, SessionStoreOptions>;
  readonly revocation: Registry<RevocationList, RevocationListOptions>;
}

/** Makes the engine `name`; each layer is loaded only where it is used. @throws ConfigError or EngineError. */
export async function createSessionEngine(
  name: string,
  config: Config,
  registries: SessionRegistries,
  options: SessionStoreOptions & Required<Pick<SessionStoreOptions, "report">>,
  shape: SessionShape | undefined,
): Promise<SessionStore> {
  const { settings } = config;
  const deadline = settings.session_timeout * 1000;

  async function engine(
    named: string,
    setting: "session" | "session_cookie_overflow",
  ): Promise<SessionStore> {
    const made = await registries.session.create(named, options, config.origin(setting));
    if (!made.waits || deadline === 0) return made;
    const { withDeadline } = await import("../engines/session/circuit-breaker.ts");
    return withDeadline(made, deadline, options.warn);
  }

  let store = await engine(name, "session");
  if (settings.session_cookie_overflow !== null) {
    checkOverflow(name, settings.session_cookie_overflow);
    const { OverflowStore } = await import("./overflow-store.ts");
    store = new OverflowStore(
      store,
      await engine(settings.session_cookie_overflow, "session_cookie_overflow"),
    );
  }
  if (settings.session_revocation !== null) {
    const { RevokingStore } = await import("./revoking-store.ts");
    const list = await registries.revocation.create(
      settings.session_revocation,
      options,
      config.origin("session_revocation"),
    );
    const outage = settings.session_revocation_outage;
    store = new RevokingStore(store, { ...options, list, outage, deadline });
  }
  if (shape !== undefined) {
    const { SchemaStore } = await import("./session-schema.ts");
    store = new SchemaStore(store, shape, options.warn);
  }
  return store;
}

function checkOverflow(name: string, overflow: string): void {
  if (name === "cookie" && overflow !== "cookie") return;
  throw new ConfigError(
    "config-invalid",
    `session_cookie_overflow: ${overflow} needs session: cookie, and a server engine to flow to`,
  );
}
