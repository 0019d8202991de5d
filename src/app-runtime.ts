/** What an app runs on, shared with the apps that it loads: options, configuration, engines, log. */
import type { AccessLog } from "./access-log.ts";
import { AppLog } from "./app-log.ts";
import { loadAppConfig, type AppOptions } from "./app-options.ts";
import type { Config } from "./config/config.ts";
import { currentContext } from "./current-context.ts";
import { createRegistries, type EngineRegistries } from "./engines/built-in.ts";
import { EngineError } from "./errors.ts";
import type { RequestCycle } from "./request-cycle.ts";
import { MimeTypes } from "./response/mime-types.ts";
import { SecurityEvents } from "./security-events.ts";
import type { ConnectMiddleware } from "./server/connect.ts";
import type { SessionLifeCycle } from "./session/session-life-cycle.ts";
import type { SessionShape } from "./session/session-schema.ts";
import type { PageRenderer } from "./views/page.ts";

/** What a start makes of the settings. */
export interface AppParts {
  readonly cycle: RequestCycle;
  /** Without it requests are not logged. */
  readonly access: AccessLog | undefined;
  /** Without it the app has no sessions. */
  readonly sessions: SessionLifeCycle | undefined;
  /** Without it the app has no views. */
  readonly pages: PageRenderer | undefined;
  /** Lets go of the session engine, once no temporary file is being removed any more. */
  close(): Promise<void>;
}

/** The engine room of an app. */
export class AppRuntime {
  /** How the app is made; counts until the configuration is read, the clock until the start. */
  options: AppOptions;
  /** What the app says about the shape of its sessions. */
  sessionShape: SessionShape | undefined;
  /** What the start made; `undefined` before. */
  parts: AppParts | undefined;
  readonly registries: EngineRegistries = createRegistries();
  readonly middlewares: ConnectMiddleware[] = [];
  readonly log = new AppLog(() => this.config, this.registries.logger);
  #config: Config | undefined;
  #mimeTypes: MimeTypes | undefined;
  #securityEvents: SecurityEvents | undefined;

  constructor(options: AppOptions) {
    this.options = options;
  }

  /** The configuration; its files are read when it is first asked for. */
  get config(): Config {
    return (this.#config ??= loadAppConfig(this.options));
  }

  /** The media types of names and files. */
  get mimeTypes(): MimeTypes {
    return (this.#mimeTypes ??= new MimeTypes(this.config.settings.default_mime_type));
  }

  /** Counts and logs security events. */
  get securityEvents(): SecurityEvents {
    return (this.#securityEvents ??= new SecurityEvents((message, security) => {
      const request = currentContext.getStore()?.request;
      this.log.log("warning", message, request, undefined, { security });
    }, this.options.now ?? Date.now));
  }

  /** The sessions of the app. @throws EngineError `session-off`. */
  get sessions(): SessionLifeCycle {
    const sessions = this.parts?.sessions;
    if (sessions !== undefined) return sessions;
    throw new EngineError(
      "session-off",
      'sessions are off; choose an engine with "session: cookie" in config.yml',
    );
  }

  /** Reads the configuration anew; see `App.reload`. */
  async reload(): Promise<string[]> {
    const fresh = loadAppConfig(this.options);
    await (await import("./config/production.ts")).refuseRisks(fresh);
    return this.config.adopt(fresh);
  }
}
