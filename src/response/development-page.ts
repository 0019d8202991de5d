/** The error page for developers, loaded when the first of them is shown. */
import type { Context } from "../context.ts";
import type { Settings } from "../config/settings.ts";
import { HTTPError } from "../errors.ts";
import { toLogText } from "../log-text.ts";
import type { Routable } from "../routing/router.ts";
import { isSecretName, maskParameters, maskSecrets, secretsOf } from "../secrets.ts";
import { escapeHtml } from "../views/html.ts";
import { errorDocument, errorStyle, frameHtml, hashSource } from "./error-document.ts";
import { findFrame, shortenPaths } from "./source-frame.ts";
import { statusText } from "./status.ts";
import { nearestPath, tryRoutes } from "./tried-routes.ts";

const MASK = "********";

/** What was thrown, and what the page may tell beside it. */
export interface DevelopmentDetails {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly thrown: unknown;
  /** True when nothing is wrong but that no route answers. */
  readonly isRouteMissing: boolean;
  readonly settings: Settings;
  /** What is masked wherever it stands. */
  readonly secrets: readonly string[];
  readonly routes: readonly Routable[];
}

/** What the page may do: show its own style, and nothing else. */
export const pagePolicy = `default-src 'none'; style-src ${hashSource(errorStyle)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * The page for developers: what was thrown and where, the request, which routes were tried and why
 * they did not match, the keys of the session, and the settings; secrets are masked.
 */
export function developmentPage(ctx: Context, page: DevelopmentDetails): string {
  const { request } = ctx;
  const params = parametersOf(ctx);
  const secrets = [...page.secrets, ...secretsOf(params)];
  const safe = (text: string): string => escapeHtml(maskSecrets(text, secrets));
  const { method, pathInfo } = request;
  const { isRouteMissing: isMissing } = page;
  const { appdir } = page.settings;
  const stack = isMissing ? "" : stackOf(page.thrown);
  const frame = isMissing ? undefined : findFrame(`${page.message}\n${stack}`, appdir);
  const tried = tryRoutes(page.routes, method, pathInfo);
  const near = isMissing ? nearestPath(page.routes, method, pathInfo) : undefined;
  const session = ctx.progress.session?.keys().map((key) => [key, MASK] as const) ?? [];
  const sections = [
    ["Stack", stack === "" ? "" : block("Stack", safe(shortenPaths(stack, appdir)))],
    ["Routes tried, in this order", table(tried, safe)],
    [
      "Request",
      table(
        [
          ["method", method],
          ["path", request.path],
          ["query", maskParameters(request.queryString)],
          ["id", request.id],
          ...headerRows(request.headers),
        ],
        safe,
      ),
    ],
    ["Parameters", table(valueRows(params), safe)],
    ["Session keys", table(session, safe)],
    ["Settings", isMissing ? "" : table(settingRows(page.settings), safe)],
  ] as const;
  const body = sections
    .filter(([, html]) => html !== "")
    .map(([title, html]) => `<h2>${title}</h2>\n${html}`)
    .join("\n");
  const hint =
    near === undefined ? "" : `<p>Did you mean <a href="${safe(near)}">${safe(near)}</a>?</p>`;
  return errorDocument(
    page.title,
    `<h1>${escapeHtml(page.title)}</h1>
<p class="soft">${subtitle(page)}</p>
<p class="message">${safe(page.message)}</p>
${hint}${frame === undefined ? "" : frameHtml(frame, safe)}
${body}`,
  );
}

/** The page for what an app refuses on purpose, as by `sendError`; with Dancer's words. */
export function refusalPage({ request }: Context, page: DevelopmentDetails): string {
  const { title, status, message, secrets, thrown } = page;
  const cause = thrown instanceof HTTPError && thrown.cause instanceof Error ? thrown.cause : null;
  return errorDocument(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="soft">${subtitle(page)}</p>
<h2>runtime error</h2>
<pre class="error">${escapeHtml(maskSecrets(message, secrets))}</pre>
${cause === null ? "" : `<p>${escapeHtml(maskSecrets(cause.message, secrets))}</p>`}
<p class="soft">Where errors are hidden, as in production, visitors get <code>public/${status}.html</code> or a page with the status alone.</p>
<p><small>Request ${escapeHtml(request.id)}</small></p>`,
  );
}

function subtitle({ title, status }: DevelopmentDetails): string {
  const text = statusText(status);
  return title === `Error ${status}` ? text : `Error ${status}, ${text}`;
}

function stackOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? toLogText([thrown.stack ?? ""]) : "";
  } catch {
    return "";
  }
}

function table(
  rows: readonly (readonly [string, string])[],
  safe: (text: string) => string,
): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}</td></tr>`,
  );
  return `<table>${lines.join("\n")}</table>`;
}

/** A block of text that scrolls, for the keyboard too. */
function block(label: string, html: string): string {
  return `<pre tabindex="0" role="region" aria-label="${label}">${html}</pre>`;
}

function parametersOf(ctx: Context): object {
  try {
    return ctx.allParams();
  } catch {
    // The body may be what is wrong with the request.
    return {};
  }
}

function headerRows(headers: Context["request"]["headers"]): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [
    name,
    isSecretName(name) ? MASK : maskParameters(String(value)),
  ]);
}

function settingRows(settings: Settings): [string, string][] {
  const set = Object.entries(settings).filter(([, value]) => value !== null);
  return valueRows(Object.fromEntries(set));
}

function valueRows(values: object): [string, string][] {
  return Object.entries(values).map(([name, value]) => [
    name,
    isSecretName(name) ? MASK : shown(value),
  ]);
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? value
    : JSON.stringify(value, (key, inner: unknown) => (isSecretName(key) ? MASK : inner));
}
