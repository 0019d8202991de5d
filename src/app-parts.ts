/** Assembles what an app runs on, from its settings, once at start-up; what it does not use is not loaded. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import type { AccessLog } from "./access-log.ts";
import type { AppParts, AppRuntime } from "./app-runtime.ts";
import type { Settings } from "./config/settings.ts";
import type { Context } from "./context.ts";
import type { HookTable } from "./hooks.ts";
import { RequestCycle } from "./request-cycle.ts";
import type { Route } from "./routing/route.ts";
import type { FileResponses } from "./response/file-response.ts";
import type { RequestLimits } from "./request/raw-request.ts";
import { loadBodies, uploadsRemoved } from "./request/receive.ts";
import type { Router } from "./routing/router.ts";
import type { ReportSecurityEvent } from "./security-events.ts";
import type { PageRenderer } from "./views/page.ts";

/** Methods whose requests have no use for a body. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Makes the parts. @throws ConfigError or EngineError when settings cannot be met. */
export async function createParts(
  runtime: AppRuntime,
  hooks: HookTable<Context>,
  router: Router<Route>,
): Promise<AppParts> {
  const { config, registries, log, middlewares, mimeTypes, options, sessionShape } = runtime;
  const { settings } = config;
  const { report } = runtime.securityEvents;
  const now = options.now ?? Date.now;
  await log.open();
  const access = await createAccessLog(runtime);
  for (const entry of settings.middlewares) {
    const { loadMiddleware } = await import("./server/load-middleware.ts");
    middlewares.push(await loadMiddleware(entry, config.appdir));
  }
  if (settings.environment !== "development") {
    await (await import("./config/production.ts")).refuseRisks(config);
  }
  if (router.routes.some(({ method }) => !BODILESS.has(method))) await loadBodies();
  const warn = (message: string): void => log.log("warning", message);
  const publicDir = resolve(config.appdir, settings.public);
  const pages = await createPages(runtime, hooks, warn);
  const sessions =
    settings.session === null
      ? undefined
      : await (
          await import("./session/session-setup.ts")
        ).createSessions(settings.session, config, registries, { now, warn, report }, sessionShape);
  const serializer = await registries.serializer.create(
    settings.serializer ?? "json",
    {
      pretty: settings.environment === "development",
      setting: (name) => config.get(name),
    },
    config.origin("serializer"),
  );
  const { Serialization } = await import("./response/serialization.ts");
  const { ErrorPages } = await import("./response/error-page.ts");
  const serialization = new Serialization(serializer, settings.serializer !== null, hooks);
  const loadFiles = async (): Promise<FileResponses> =>
    (await import("./response/file-response.ts")).createFileResponses(publicDir, mimeTypes, hooks);
  const cycle = new RequestCycle({
    router,
    hooks,
    sessions,
    files: existsSync(publicDir) ? await loadFiles() : undefined,
    loadFiles,
    errorPages: new ErrorPages({
      config,
      hooks,
      publicDir,
      routes: router.routes,
      pages,
      serialization,
      log: (...entry) => log.log(...entry),
    }),
    defaults: { contentType: settings.content_type, charset: settings.charset },
    serialization,
    autoPage:
      settings.auto_page === true && pages !== undefined
        ? (await import("./views/auto-page.ts")).createAutoPage(pages, settings)
        : undefined,
    limits: {
      maxBodySize: settings.max_body_size,
      maxParameters: settings.max_parameters,
      uploads: {
        maxSize: settings.max_upload_size,
        maxFieldSize: settings.max_body_size,
        maxParts: settings.max_parameters,
        maxFiles: settings.max_uploads,
        memory: settings.upload_memory,
        folder: settings.upload_dir ?? tmpdir(),
      },
      handlerTimeout: settings.handler_timeout,
      ...(await createTrust(settings, report)),
    },
  });
  const close = async (): Promise<void> => {
    await uploadsRemoved();
    await sessions?.close();
  };
  return { cycle, access, sessions, pages, close };
}

/** Makes what logs each request where `log_requests` asks for it; unless told, a developer sees them on the console. */
async function createAccessLog({ config, log }: AppRuntime): Promise<AccessLog | undefined> {
  const { log_requests: told, environment, logger } = config.settings;
  if (!(told ?? (environment === "development" && logger === "console"))) return undefined;
  const { AccessLog } = await import("./access-log.ts");
  return new AccessLog((message, access, request) =>
    log.log("info", message, request, undefined, { access }),
  );
}

/** Whom to believe about a request, where the settings say more than that its socket is. */
async function createTrust(
  { behind_proxy: proxies, allowed_hosts: hosts }: Settings,
  report: ReportSecurityEvent,
): Promise<Pick<RequestLimits, "forwarded" | "allowsHost">> {
  return {
    forwarded:
      proxies.length === 0
        ? undefined
        : (await import("./server/proxies.ts")).createForwarded(proxies, report),
    allowsHost:
      hosts.length === 0
        ? undefined
        : (await import("./server/allowed-hosts.ts")).createHostCheck(hosts),
  };
}

/** Views are there where somebody has made their folder or chosen an engine for them. */
async function createPages(
  { config, registries }: AppRuntime,
  hooks: HookTable<Context>,
  warn: (message: string) => void,
): Promise<PageRenderer | undefined> {
  const { appdir, settings } = config;
  const views = resolve(appdir, settings.views);
  const isWanted =
    existsSync(views) ||
    settings.error_template !== null ||
    config.origin("template")?.layer !== "defaults";
  if (!isWanted) return undefined;
  const { createPageRenderer } = await import("./views/page.ts");
  const cache = settings.environment !== "development";
  const setting = (name: string): unknown => config.get(name);
  const engine = await registries.template.create(
    settings.template,
    { views, cache, setting },
    config.origin("template"),
  );
  return createPageRenderer({ views, layouts: settings.layout_dir, engine, cache }, hooks, warn);
}
