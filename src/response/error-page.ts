/** What a client sees when something went wrong: little in production, a readable page in development. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, chain, type Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import { HTTPError } from "../errors.ts";
import type { LogLevel } from "../engines/logger/logger.ts";
import { toLogText } from "../log-text.ts";
import { maskSecrets, secretsOf } from "../secrets.ts";
import type { Config } from "../config/config.ts";
import type { Settings } from "../config/settings.ts";
import { escapeHtml } from "../views/html.ts";
import type { PageRenderer } from "../views/page.ts";
import { statusText } from "./status.ts";

/** What an error page tells. */
export interface ErrorDetails {
  /** Shown where errors are shown. */
  readonly message?: string;
  /** What was thrown. */
  readonly thrown?: unknown;
  /** Sent along. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What error pages need of their app. */
export interface ErrorPageHost {
  /** Read anew at each error: settings may change while the app serves. */
  readonly config: Config;
  /** The folder of `404.html` and `500.html`, absolute. */
  readonly publicDir: string;
  /** For `error_template`. */
  readonly pages: PageRenderer | undefined;
  readonly log: (level: LogLevel, message: string, requestId: string, error?: unknown) => void;
}

/** Makes the answers to errors. Never throws: the last resort is one line of text. */
export class ErrorPages {
  readonly #host: ErrorPageHost;
  readonly #ownPages = new Map<number, string | undefined>();

  constructor(host: ErrorPageHost) {
    this.#host = host;
  }

  /** Logs what was thrown, whatever it is, and answers it; an `HTTPError` says its own status. */
  answerThrown(ctx: Context, thrown: unknown): Awaitable<unknown> {
    const http = isHttpError(thrown) ? thrown : undefined;
    const status = http?.status ?? 500;
    const message = describe(thrown);
    const level = status >= 500 ? "error" : "core";
    this.#host.log(level, message, ctx.request.id, status >= 500 ? thrown : undefined);
    return this.answer(ctx, status, { message, thrown, headers: http?.headers });
  }

  /** Replaces the response by an error page. */
  answer(ctx: Context, status: number, details: ErrorDetails): Awaitable<unknown> {
    ctx.restart();
    ctx.response.status = status;
    return attempt<unknown>(
      () =>
        chain(this.#page(ctx, status, details), ({ type, text }) => {
          for (const [name, value] of Object.entries(details.headers ?? {})) {
            ctx.response.setHeader(name, value);
          }
          ctx.response.setHeader("Content-Type", type);
          ctx.response.content = text;
        }),
      (thrown) => {
        this.#host.log(
          "error",
          `the error page failed: ${describe(thrown)}`,
          ctx.request.id,
          thrown,
        );
        ctx.response.setHeader("Content-Type", "text/plain; charset=utf-8");
        ctx.response.content = `Error ${status}\nRequest ${ctx.request.id}\n`;
      },
    );
  }

  #page(ctx: Context, status: number, details: ErrorDetails): Awaitable<Page> {
    const { settings } = this.#host.config;
    const shown = this.#showsErrors(ctx);
    const title = `Error ${status}`;
    const reason = statusText(status);
    const secrets = shown ? secretsOf(settings) : [];
    const message = shown ? maskSecrets(details.message ?? reason, secrets) : reason;
    if (wantsJson(ctx, settings)) {
      return json({ error: message, status, requestId: ctx.request.id });
    }
    if (shown && "thrown" in details && status >= 500) {
      const { thrown } = details;
      return chain(import("./development-page.ts"), ({ developmentPage }) =>
        html(developmentPage(ctx, { title, message, thrown, settings, secrets })),
      );
    }
    const { pages } = this.#host;
    const { error_template: view } = settings;
    if (view !== null && pages !== undefined && status !== 404) {
      const tokens = { code: status, title, message, requestId: ctx.request.id };
      return chain(pages.render(ctx, settings, view, tokens, {}), html);
    }
    return html(this.#ownPage(status) ?? plainPage(title, message, ctx.request.id));
  }

  /** `public/404.html` and its like; in development read at each error, so that it can be edited meanwhile. */
  #ownPage(status: number): string | undefined {
    const { environment } = this.#host.config.settings;
    if (environment !== "development" && this.#ownPages.has(status)) {
      return this.#ownPages.get(status);
    }
    let page: string | undefined;
    try {
      page = readFileSync(join(this.#host.publicDir, `${status}.html`), "utf8");
    } catch {
      // Most apps have none.
    }
    this.#ownPages.set(status, page);
    return page;
  }

  #showsErrors(ctx: Context): boolean {
    const { show_errors: shows, environment } = this.#host.config.settings;
    return (shows ?? environment === "development") && isLocal(ctx.request.address);
  }
}

interface Page {
  readonly type: string;
  readonly text: string;
}

/** The page that says nothing but the status and the request's id. */
function plainPage(title: string, message: string, requestId: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
<p><small>Request ${escapeHtml(requestId)}</small></p>
</html>
`;
}

function html(text: string): Page {
  return { type: "text/html; charset=utf-8", text };
}

function json(data: unknown): Page {
  return { type: "application/json; charset=utf-8", text: `${JSON.stringify(data)}\n` };
}

function wantsJson(ctx: Context, settings: Settings): boolean {
  const accept = ctx.request.header("accept") ?? "";
  return (
    settings.serializer === "json" ||
    (accept.includes("application/json") && !accept.includes("text/html"))
  );
}

function isLocal(address: string | undefined): boolean {
  return (
    address === undefined || address === "::1" || /^(?:::ffff:)?127(?:\.\d+){3}$/.test(address)
  );
}

/** Errors of libraries may carry a status too; only ours are believed. */
function isHttpError(thrown: unknown): thrown is HTTPError {
  try {
    return thrown instanceof HTTPError;
  } catch {
    // A proxy may refuse even this question.
    return false;
  }
}

/** A line about anything that can be thrown: strings, `null`, objects whose getters throw. */
export function describe(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return toLogText([thrown.message || thrown.name]);
    if (typeof thrown === "string") return thrown;
    if (typeof thrown === "object" && thrown !== null) return `thrown: ${JSON.stringify(thrown)}`;
    return `thrown: ${String(thrown)}`;
  } catch {
    return "something was thrown that cannot be described";
  }
}
