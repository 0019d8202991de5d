/** An app's log: entries that pass the `log` setting, secrets masked, on their way to the logger. */
import type { AccessLog } from "./access-log.ts";
import type { Config } from "./config/config.ts";
import type { EngineRegistries } from "./engines/built-in.ts";
import { passes } from "./engines/logger/level.ts";
import type { LogEntry, LoggedRequest, Logger, LogLevel } from "./engines/logger/logger.ts";
import type { Request } from "./request/request.ts";
import { maskError, maskSecrets, secretsOf } from "./secrets.ts";

/** Logs for one app; silent until it is opened. */
export class AppLog {
  /** Which worker this process is, if it is one. */
  worker: number | undefined;
  #logger: Logger | undefined;

  /** Makes the logger that the settings name. @throws ConfigError or EngineError. */
  async open(config: Config, registries: EngineRegistries): Promise<void> {
    const { appdir, environment, settings } = config;
    const options = { appdir, environment, setting: (name: string) => config.get(name) };
    const origin = config.origin("logger");
    this.#logger ??= await registries.logger.create(settings.logger, options, origin);
  }

  /** Hands an entry to the logger. Never throws. */
  log(
    config: Config,
    level: LogLevel,
    message: string,
    request: Request | undefined,
    error: unknown,
    { access, security }: Pick<LogEntry, "access" | "security"> = {},
  ): void {
    const { settings } = config;
    const threshold = settings.log ?? (settings.environment === "development" ? "debug" : "info");
    if (!passes(level, threshold)) return;
    const secrets = secretsOf(settings);
    try {
      this.#logger?.log({
        level,
        time: Date.now(),
        message: maskSecrets(message, secrets),
        ...(this.worker === undefined ? {} : { worker: this.worker }),
        ...(request === undefined ? {} : { requestId: request.id, request: shown(request) }),
        ...(access === undefined
          ? {}
          : { access: { ...access, path: maskSecrets(access.path, secrets) } }),
        ...(security === undefined ? {} : { security: masked(security, secrets) }),
        ...(error === undefined ? {} : { error: maskError(error, secrets) }),
      });
    } catch {
      // A logger that is out of order must not take requests down with it.
      process.stderr.write(`the logger failed; level ${level}, request ${request?.id ?? "none"}\n`);
    }
  }

  /** Writes what is held back. */
  async close(): Promise<void> {
    await this.#logger?.close?.();
  }
}

/** No more of the request than loggers are promised: one that prints its entry whole prints no cookies. */
function shown(request: Request): LoggedRequest {
  return { address: request.address, header: (name) => request.header(name) };
}

function masked(
  fields: NonNullable<LogEntry["security"]>,
  secrets: ReturnType<typeof secretsOf>,
): NonNullable<LogEntry["security"]> {
  const mask = (value: string | number) =>
    typeof value === "string" ? maskSecrets(value, secrets) : value;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mask(value)]));
}

/** Makes what logs each request where `log_requests` asks for it; unless told, a developer sees them on the console. */
export async function createAccessLog(config: Config, log: AppLog): Promise<AccessLog | undefined> {
  const { log_requests: told, environment, logger } = config.settings;
  if (!(told ?? (environment === "development" && logger === "console"))) return undefined;
  const { AccessLog } = await import("./access-log.ts");
  return new AccessLog((message, access, request) =>
    log.log(config, "info", message, request, undefined, { access }),
  );
}
