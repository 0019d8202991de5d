/** An app as its requests see it: the settings that count for its routes, and what its engines do for a context. */
import type { AppRuntime } from "./app-runtime.ts";
import type { Awaitable } from "./awaitable.ts";
import type { Settings } from "./config/settings.ts";
import type { Context } from "./context.ts";
import type { ContextHost } from "./context-host.ts";
import type { LogLevel } from "./engines/logger/logger.ts";
import type { Page } from "./engines/template/template.ts";
import { EngineError } from "./errors.ts";
import type { Request } from "./request/request.ts";
import type { Session } from "./session/session.ts";

/** The host of an app's contexts; that of a loaded app has settings of its own above those around it. */
export class AppHost implements ContextHost<Context<unknown>> {
  readonly #runtime: AppRuntime;
  readonly #outer: AppHost | undefined;
  readonly #own: Record<string, unknown> = {};

  constructor(runtime: AppRuntime, outer: AppHost | undefined) {
    this.#runtime = runtime;
    this.#outer = outer;
  }

  /** The settings in force. */
  get settings(): Settings {
    if (this.#outer === undefined) return this.#runtime.config.settings;
    // The prototype is what keeps secrets out of sight when settings are printed.
    const { settings } = this.#outer;
    const own = Object.create(Object.getPrototypeOf(settings) as object) as object;
    return Object.assign(own, settings, this.#own);
  }

  /** The value of a setting; `undefined` for a name that nothing has set. */
  setting(name: string): unknown {
    if (this.#outer === undefined) return this.#runtime.config.get(name);
    return Object.hasOwn(this.#own, name) ? this.#own[name] : this.#outer.setting(name);
  }

  /** Changes a setting. @throws ConfigError as `Config.set` does. */
  set(name: string, value: unknown): void {
    if (this.#outer === undefined) this.#runtime.config.set(name, value);
    else this.overlay(Object.fromEntries([[name, value]]), "set() in code");
  }

  /** Puts settings above those around; `source` names in errors where they come from. @throws ConfigError. */
  overlay(values: Readonly<Record<string, unknown>>, source: string): void {
    Object.assign(this.#own, this.#runtime.config.check(values, source));
  }

  session(ctx: Context<unknown>): Session {
    return this.#runtime.sessions.current(ctx.request, ctx.progress);
  }

  page(
    word: "render" | "renderWithLayout",
    ctx: Context<unknown>,
    ...page: Required<Page>
  ): Awaitable<string> {
    const { settings } = this;
    const pages = this.#runtime.parts?.pages;
    if (pages !== undefined) return pages[word](ctx as Context, settings, ...page);
    throw new EngineError(
      "template-not-found",
      `view not found: there was no folder "${settings.views}" for "${page[0]}" when the app started`,
    );
  }

  mediaType(name: string): string {
    return this.#runtime.mimeTypes.forName(name);
  }

  log(level: LogLevel, message: string, request: Request): void {
    this.#runtime.log.log(level, message, request);
  }
}
