/** Fills the answer to an error: a page or data, little in production, more where errors are shown. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { attempt, chain, type Awaitable } from "../awaitable.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import { isHttpError } from "../errors.ts";
import type { ErrorReport } from "../hooks.ts";
import { kindOf } from "../log-text.ts";
import { maskSecrets, secretsOf } from "../secrets.ts";
import { escapeHtml } from "../views/html.ts";
import type { NoRoute } from "../routing/no-route.ts";
import type { Routable } from "../routing/router.ts";
import type { PageRenderer } from "../views/page.ts";
import { isLocalRequest } from "./local-request.ts";
import type { Response } from "./response.ts";
import type { Serialization } from "./serialization.ts";
import { statusText } from "./status.ts";

/** What the answers to errors are made with. */
export interface ErrorAnswerHost {
  /** Read anew at each error: settings may change while the app serves. */
  readonly config: Config;
  /** The folder of `404.html` and `500.html`, absolute. */
  readonly publicDir: string;
  /** All routes, to tell developers why none of them answered. */
  readonly routes: readonly Routable[];
  /** For `error_template`. */
  readonly pages: PageRenderer | undefined;
  readonly serialization: Serialization;
}

/** Fills the response; `data` that is no text is meant for the client and sent as it is. */
export function fillFromError(
  host: ErrorAnswerHost,
  ctx: Context,
  report: ErrorReport,
  data: unknown,
  noRoute?: NoRoute,
): Awaitable<unknown> {
  const { config, pages, serialization } = host;
  const { settings } = config;
  const { status, thrown } = report;
  const { id: requestId } = ctx.request;
  const { response } = ctx;
  const plainly = noRoute !== undefined;
  const headers = noRoute?.headers ?? (isHttpError(thrown) ? thrown.headers : {});
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const write = (content: object): Awaitable<unknown> =>
    attempt<unknown>(
      () => serialization.write(ctx, content),
      // A serializer that fails is the error, or hides it: the page says as little as it can.
      () => html(plainPage(status, requestId)),
    );
  const html = (text: string): void => {
    response.putHeader("Content-Type", "text/html; charset=utf-8");
    response.content = text;
  };
  if (typeof data === "object" && data !== null) return write(data);
  const shown = showsErrors(config, ctx);
  const secrets = shown ? secretsOf(settings) : [];
  const message = shown ? maskSecrets(report.message, secrets) : statusText(status);
  const asks = asksForData(ctx, serialization.isChosen);
  if ((serialization.isChosen && !plainly) || asks) {
    const isClients = isHttpError(thrown) && status < 500 && !thrown.code.startsWith("file-");
    if (!shown && !asks && !isClients) {
      // Dancer's words, whatever the status, for a file that was not found as well.
      response.setHeader("Content-Type", "text/plain; charset=utf-8");
      response.setHeader("X-Request-Id", requestId);
      response.content = "An internal error occured";
      return undefined;
    }
    if (!shown) return write({ error: message, status, requestId });
    const exception = thrown === undefined ? undefined : maskSecrets(kindOf(thrown), secrets);
    return write({ error: message, ...(exception !== undefined && { exception }) });
  }
  const { error_template: view } = settings;
  if (view !== null && pages !== undefined && !plainly) {
    const tokens = { code: status, title: report.title, message, requestId };
    return chain(pages.render(ctx, settings, view, tokens, { layout: null }), html);
  }
  if ((plainly || !shown) && fillFromPublic(host, response, status)) return undefined;
  if (shown) {
    const details = { ...report, thrown, message, isRouteMissing: plainly, settings, secrets };
    return chain(import("./development-page.ts"), (made) => {
      // In the place of the app's own, which need not allow the page's style.
      response.setHeader("Content-Security-Policy", made.pagePolicy);
      const isBug = plainly || (thrown !== undefined && status >= 500);
      const page = isBug ? made.developmentPage : made.refusalPage;
      html(page(ctx, { ...details, routes: host.routes }));
    });
  }
  html(plainPage(status, requestId));
  return undefined;
}

interface OwnPage {
  readonly text: string;
  readonly modified: string;
}

const ownPages = new WeakMap<ErrorAnswerHost, Map<number, OwnPage | undefined>>();

/** `public/404.html` and its like; in development read at each error, so that it can be edited meanwhile. */
function fillFromPublic(host: ErrorAnswerHost, response: Response, status: number): boolean {
  let kept = ownPages.get(host);
  if (kept === undefined) ownPages.set(host, (kept = new Map<number, OwnPage | undefined>()));
  if (!kept.has(status) || host.config.environment === "development") {
    kept.set(status, readOwnPage(join(host.publicDir, `${status}.html`)));
  }
  const page = kept.get(status);
  if (page === undefined) return false;
  response.content = page.text;
  response.setHeader("Last-Modified", page.modified);
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  return true;
}

function readOwnPage(file: string): OwnPage | undefined {
  try {
    return { text: readFileSync(file, "utf8"), modified: statSync(file).mtime.toUTCString() };
  } catch {
    // Most apps have none.
    return undefined;
  }
}

function showsErrors(config: Config, { request }: Context): boolean {
  const { show_errors: shows, environment, allowed_hosts: hosts } = config.settings;
  if (!(shows ?? environment === "development")) return false;
  // Where hosts are named, others have been refused.
  return isLocalRequest(request.address, hosts.length > 0 ? undefined : request.headers.host);
}

const plainStarts = new Map<number, string>();

/**
 * The page that says nothing but the status and the request's id, in the browser's own style: the
 * app's Content-Security-Policy need not allow another. Up to the id it is made once.
 */
function plainPage(status: number, requestId: string): string {
  let start = plainStarts.get(status);
  if (start === undefined) plainStarts.set(status, (start = plainStart(status)));
  return `${start}<p><small>Request ${escapeHtml(requestId)}</small></p></main>\n`;
}

function plainStart(status: number): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Error ${status}</title>
<main><h1>Error ${status}</h1>
<p>${escapeHtml(statusText(status))}</p>
`;
}

/** Whoever takes anything, as fetch and curl say, asks an app with a serializer for its data. */
function asksForData(ctx: Context, isChosen: boolean): boolean {
  const { accept = "" } = ctx.request.headers;
  if (accept.includes("text/html")) return false;
  return accept.includes("application/json") || (isChosen && accept.includes("*/*"));
}
