/** Turns errors into answers: logs them, tells the hooks, and has the answer filled. */
import { attempt, chain, type Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { LogLevel } from "../engines/logger/logger.ts";
import { isHttpError, isOurs } from "../errors.ts";
import type { ErrorReport, HookTable } from "../hooks.ts";
import { describe, toLogText } from "../log-text.ts";
import type { Request } from "../request/request.ts";
import type { NoRoute } from "../routing/no-route.ts";
import { isSignal, leave } from "../signals.ts";
import { fillFromError, type ErrorAnswerHost } from "./error-answer.ts";

/** What an error answer is made from. */
export interface ErrorDetails {
  /** Text, shown where errors are shown; data is meant for the client and always sent. */
  readonly message: unknown;
  /** What was thrown. */
  readonly thrown?: unknown;
}

/** What error pages need of their app. */
export interface ErrorPageHost extends ErrorAnswerHost {
  readonly hooks: HookTable<Context>;
  readonly log: (level: LogLevel, message: string, request: Request, error?: unknown) => void;
}

/** Makes the answers to errors. Never throws: the last resort is one line of text. */
export class ErrorPages {
  readonly #host: ErrorPageHost;

  constructor(host: ErrorPageHost) {
    this.#host = host;
  }

  /** Logs what was thrown, whatever it is, and answers it; an `HTTPError` says its own status. */
  answerThrown(ctx: Context, thrown: unknown): Awaitable<unknown> {
    const status = isHttpError(thrown) ? thrown.status : 500;
    const message = describe(thrown);
    const { method, path } = ctx.request;
    if (status >= 500) {
      const text = `request to ${method} ${path} crashed: ${message}`;
      this.#host.log("error", text, ctx.request, thrown);
    } else this.#host.log("core", message, ctx.request);
    return this.answer(ctx, status, { message, thrown });
  }

  /**
   * Replaces the response by an error page, or by data where a serializer is chosen or JSON asked for.
   * `mayLeave` lets a hook leave for another answer, by `halt` and its like; otherwise that is a failure.
   */
  answer(
    ctx: Context,
    status: number,
    { message, thrown }: ErrorDetails,
    mayLeave = false,
  ): Awaitable<unknown> {
    ctx.restart();
    ctx.response.status = status;
    const isForeign = thrown !== undefined && !isOurs(thrown);
    const report: ErrorReport = {
      status,
      title: isForeign ? "Runtime Error" : `Error ${status}`,
      message: typeof message === "string" ? message : toLogText([message]),
      thrown,
    };
    const tell = (name: "before_error_init" | "before_error_render" | "after_error_render") =>
      this.#host.hooks.run(name, ctx, report);
    return attempt<unknown>(
      () =>
        chain(tell("before_error_init"), () =>
          chain(tell("before_error_render"), () =>
            chain(fillFromError(this.#host, ctx, report, message), () =>
              tell("after_error_render"),
            ),
          ),
        ),
      (failure) => {
        if (mayLeave && isSignal(failure)) leave(failure);
        this.#lastResort(ctx, failure);
      },
    );
  }

  /** Says that no route answers. */
  answerNoRoute(ctx: Context, reason: NoRoute): Awaitable<unknown> {
    const { status, message } = reason;
    this.#host.log(status >= 500 ? "error" : "core", message, ctx.request);
    ctx.restart();
    ctx.response.status = status;
    const report = { status, title: `Error ${status}`, message };
    return attempt<unknown>(
      () => fillFromError(this.#host, ctx, report, message, reason),
      (failure) => this.#lastResort(ctx, failure),
    );
  }

  #lastResort({ request, response }: Context, failure: unknown): void {
    this.#host.log("error", `the error page failed: ${describe(failure)}`, request, failure);
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    response.content = `Error ${response.status}\nRequest ${request.id}\n`;
  }
}
