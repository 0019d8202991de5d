/** Assembles what an app runs on, from its settings, once at start-up. */
import { isAbsolute, join } from "node:path";
import type { Config } from "./config/config.ts";
import type { Context } from "./context.ts";
import type { EngineRegistries } from "./engines/built-in.ts";
import { createJsonSerializer } from "./engines/serializer/json.ts";
import type { Logger, LogLevel } from "./engines/logger/logger.ts";
import type { Serializer } from "./engines/serializer/serializer.ts";
import { ErrorPages } from "./response/error-page.ts";
import type { HookTable } from "./hooks.ts";
import type { MimeTypes } from "./response/mime-types.ts";
import { PageRenderer } from "./views/page.ts";
import { RequestCycle, type Route } from "./request-cycle.ts";
import type { Router } from "./routing/router.ts";
import { SessionCookie } from "./session/session-cookie.ts";
import { SessionLifeCycle } from "./session/session-life-cycle.ts";
import type { Settings } from "./config/settings.ts";
import { createStaticFiles } from "./response/static-files.ts";
import { Views } from "./views/views.ts";

/** Idle time where `session_expires` is not set: the cookie ends with the browser, the session after a day. */
const DEFAULT_IDLE = 24 * 3600;

/** What a started app runs on. */
export interface AppParts {
  readonly cycle: RequestCycle;
  readonly sessions: SessionLifeCycle | undefined;
  readonly pages: PageRenderer;
}

/** What assembling needs of an app. */
export interface AppMaterial {
  readonly config: Config;
  readonly registries: EngineRegistries;
  readonly hooks: HookTable<Context>;
  readonly router: Router<Route>;
  readonly mimeTypes: MimeTypes;
  readonly now: () => number;
  log(level: LogLevel, message: string, requestId?: string, error?: unknown): void;
}

/** Makes the parts. @throws ConfigError or EngineError when settings cannot be met. */
export async function createParts(material: AppMaterial): Promise<AppParts> {
  const { config, registries, hooks, router, mimeTypes } = material;
  const { settings } = config;
  const setting = (name: string): unknown => config.get(name);
  const warn = (message: string): void => material.log("warning", message);
  const cache = settings.environment !== "development";

  const views = below(config, settings.views);
  const publicDir = below(config, settings.public);
  const engine = await registries.template.create(settings.template, { views, cache, setting });
  const pages = new PageRenderer(
    new Views({ views, layouts: settings.layout_dir, engine, cache }),
    hooks,
    warn,
  );
  const sessions = await createSessions(material, warn);
  const serializer = await createSerializer(settings, registries, setting);
  const errorPages = new ErrorPages({
    get settings() {
      return config.settings;
    },
    publicDir,
    renderView: (ctx, view, tokens) => pages.render(ctx, config.settings, view, tokens, {}),
    log: (level, message, requestId, error) => material.log(level, message, requestId, error),
  });
  const cycle = new RequestCycle({
    router,
    hooks,
    sessions,
    files: await createStaticFiles({
      root: publicDir,
      unknownType: settings.default_mime_type,
    }),
    errorPages,
    defaults: {
      contentType: settings.content_type,
      charset: settings.charset,
      serializer,
    },
    limits: { maxBodySize: settings.max_body_size, maxParameters: settings.max_parameters },
    mediaType: (name) => mimeTypes.forName(name),
  });
  return { cycle, sessions, pages };
}

/** Makes the logger that the settings name. */
export function createLogger(config: Config, registries: EngineRegistries): Promise<Logger> {
  const { appdir, environment } = config;
  return registries.logger.create(config.settings.logger, {
    appdir,
    environment,
    setting: (name) => config.get(name),
  });
}

async function createSessions(
  { config, registries, now }: AppMaterial,
  warn: (message: string) => void,
): Promise<SessionLifeCycle | undefined> {
  const { settings } = config;
  if (settings.session === null) return undefined;
  const cookie = new SessionCookie(settings);
  const limits = {
    idle: settings.session_expires ?? DEFAULT_IDLE,
    absolute: settings.session_lifetime,
  };
  const setting = (name: string): unknown => config.get(name);
  const store = await registries.session.create(settings.session, {
    cookieName: cookie.name,
    limits,
    now,
    setting,
    warn,
  });
  return new SessionLifeCycle({ store, cookie, limits, now, warn });
}

async function createSerializer(
  settings: Settings,
  registries: EngineRegistries,
  setting: (name: string) => unknown,
): Promise<Serializer> {
  const pretty = settings.environment === "development";
  if (settings.serializer === null) return createJsonSerializer({ pretty, setting });
  return registries.serializer.create(settings.serializer, { pretty, setting });
}

function below(config: Config, folder: string): string {
  return isAbsolute(folder) ? folder : join(config.appdir, folder);
}
