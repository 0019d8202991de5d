/** What the pages for developers share: the document, its style, and the lines around a place. */
import { createHash } from "node:crypto";
import { escapeHtml } from "../views/html.ts";
import type { SourceFrame } from "./source-frame.ts";

/** The one style of these pages, so that a policy can allow it by its hash. */
export const errorStyle = `:root{color-scheme:light dark;--ink:#1c2330;--soft:#565f70;--paper:#f7f7f4;--card:#fff;--line:#dcdfe4;--mark:#b3261e;--tint:#fdeceb}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a3acba;--paper:#14171c;--card:#1d2128;--line:#333945;--mark:#ff8a80;--tint:#3a2326}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem}
h1{margin:0 0 .25rem;font-size:1.6rem}h2{margin:2rem 0 .5rem;font-size:1rem;color:var(--soft)}
p{margin:.25rem 0}small,.soft{color:var(--soft)}
pre,table{background:var(--card);border:1px solid var(--line);border-radius:8px}
pre{padding:1rem;overflow-x:auto;font:13px/1.5 ui-monospace,monospace;margin:0}
.said,.error{white-space:pre-wrap;overflow-wrap:anywhere}
.frame{padding:.75rem 0}.frame span{display:block;padding:0 1rem;min-width:max-content}.frame .here{background:var(--tint)}
.frame i{display:inline-block;width:4ch;margin-right:2ch;text-align:right;font-style:normal;color:var(--soft)}
.message{color:var(--mark);font-size:1.05rem;white-space:pre-wrap;overflow-wrap:anywhere}
table{width:100%;border-collapse:separate;border-spacing:0;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem;overflow-wrap:anywhere}th{width:14rem;font-weight:500;color:var(--soft)}
tr+tr>*{border-top:1px solid var(--line)}
@media(max-width:36rem){th{width:8rem}}`;

/** A style or script as a Content-Security-Policy names it. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** A whole page. `body` is markup; `after` goes to the end of the page as it is. */
export function errorDocument(title: string, body: string, after = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${errorStyle}</style>
</head>
<body><main>
${body}
</main>${after}</body>
</html>
`;
}

/** The lines around a place; `safe` escapes and masks. */
export function frameHtml(frame: SourceFrame, safe: (text: string) => string): string {
  const lines = frame.lines.map(([number, text]) => {
    const here = number === frame.line ? ' class="here"' : "";
    return `<span${here}><i>${number}</i>${safe(text)}</span>`;
  });
  const name = safe(`${frame.file}:${frame.line}:${frame.column}`);
  return `<h2>${name}</h2>
<pre class="frame" tabindex="0" role="region" aria-label="${name}">${lines.join("")}</pre>`;
}
