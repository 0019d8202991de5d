/** An app's log: entries that pass the `log` setting, secrets masked, on their way to the logger. */
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
  readonly #config: () => Config;
  readonly #loggers: EngineRegistries["logger"];
  #logger: Logger | undefined;

  /** @param loggers the loggers that there are */
  constructor(config: () => Config, loggers: EngineRegistries["logger"]) {
    this.#config = config;
    this.#loggers = loggers;
  }

  /** Makes the logger that the settings name. @throws ConfigError or EngineError. */
  async open(): Promise<void> {
    const config = this.#config();
    const { appdir, environment, settings } = config;
    const options = { appdir, environment, setting: (name: string) => config.get(name) };
    const origin = config.origin("logger");
    this.#logger ??= await this.#loggers.create(settings.logger, options, origin);
  }

  /** Hands an entry to the logger. Never throws. */
  log(
    level: LogLevel,
    message: string,
    request?: Request,
    error?: unknown,
    { access, security }: Pick<LogEntry, "access" | "security"> = {},
  ): void {
    const { settings } = this.#config();
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
