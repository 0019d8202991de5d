/** The error page for developers, loaded when the first of them is shown. */
import type { Context } from "../context.ts";
import { escapeHtml } from "../views/html.ts";
import { toLogText } from "../log-text.ts";
import { isSecretName, maskSecrets } from "../secrets.ts";
import type { Settings } from "../config/settings.ts";

const STYLE = `:root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6576;--paper:#f7f7f4;--card:#fff;--line:#dcdfe4;--mark:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a3acba;--paper:#14171c;--card:#1d2128;--line:#333945;--mark:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem}
h1{margin:0 0 .25rem;font-size:1.6rem}h2{margin:2rem 0 .5rem;font-size:1rem;color:var(--soft)}
p{margin:.25rem 0}small,.soft{color:var(--soft)}
pre,table{background:var(--card);border:1px solid var(--line);border-radius:8px}
pre{padding:1rem;overflow-x:auto;font:13px/1.5 ui-monospace,monospace;margin:0}
.message{color:var(--mark);font-size:1.05rem;white-space:pre-wrap;overflow-wrap:anywhere}
table{width:100%;border-collapse:separate;border-spacing:0;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem;overflow-wrap:anywhere}th{width:14rem;font-weight:500;color:var(--soft)}
tr+tr>*{border-top:1px solid var(--line)}`;

/** The page for developers: what was thrown, where, and during which request; secrets are masked. */
export function developmentPage(
  ctx: Context,
  page: {
    status: number;
    title: string;
    message: string;
    thrown: unknown;
    settings: Settings;
    secrets: readonly string[];
  },
): string {
  const safe = (text: string): string => escapeHtml(maskSecrets(text, page.secrets));
  const { request } = ctx;
  const stack = stackOf(page.thrown);
  const session = ctx.progress.session?.keys().map((key) => [key, "********"] as const) ?? [];
  const sections = [
    ["Stack", `<pre>${safe(stack)}</pre>`],
    [
      "Request",
      table(
        [
          ["method", request.method],
          ["path", request.path],
          ["query", request.queryString],
          ["id", request.id],
          ...headerRows(request.headers),
        ],
        safe,
      ),
    ],
    ["Session keys", session.length === 0 ? "" : table(session, safe)],
    ["Settings", table(settingRows(page.settings), safe)],
  ] as const;
  const body = sections
    .filter(([, html]) => html !== "")
    .map(([title, html]) => `<h2>${title}</h2>\n${html}`)
    .join("\n");
  return document(
    page.title,
    `<h1>${escapeHtml(page.title)}</h1>
<p class="soft">Error ${page.status}</p>
<p class="message">${safe(page.message)}</p>
${body}`,
  );
}

function stackOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? toLogText([thrown.stack ?? ""]) : "";
  } catch {
    return "";
  }
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

function table(
  rows: readonly (readonly [string, string])[],
  safe: (text: string) => string,
): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th>${safe(name)}</th><td>${safe(value)}</td></tr>`,
  );
  return `<table>${lines.join("\n")}</table>`;
}

function headerRows(headers: Context["request"]["headers"]): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [
    name,
    isSecretName(name) ? "********" : String(value),
  ]);
}

function settingRows(settings: Settings): [string, string][] {
  return Object.entries(settings)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, isSecretName(name) ? "********" : shown(value)]);
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? value
    : JSON.stringify(value, (key, inner: unknown) => (isSecretName(key) ? "********" : inner));
}
