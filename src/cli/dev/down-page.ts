/** The page that stands in for an app that does not run, and goes when it does. */
import { errorDocument, errorStyle, frameHtml, hashSource } from "../../response/error-document.ts";
import { findFrame, shortenPaths } from "../../response/source-frame.ts";
import { escapeHtml } from "../../views/html.ts";

/**
 * The page: what happened, the place in the source that the text names, and the text.
 *
 * @param failure a name for this failure, which the server sends as `Quickstep-Down`
 * @param folder the app's, where sources are looked for
 */
export function downPage(title: string, text: string, failure: string, folder: string): string {
  const frame = findFrame(text, folder);
  const body = `<h1>${escapeHtml(title)}</h1>
<p class="soft" role="status">It is started again at the next change, and this page then gives way to it.</p>
${frame === undefined ? "" : frameHtml(frame, escapeHtml)}
<h2>What it said</h2>
<pre class="said" tabindex="0" role="region" aria-label="What it said">${escapeHtml(shortenPaths(text, folder))}</pre>`;
  return errorDocument(title, body, `<script data-failure="${failure}">${script}</script>`);
}

/** Asks again and again, and is answered when the app runs or has failed anew. */
const script = `const { failure } = document.currentScript.dataset;
const ask = async () => {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.headers.get("quickstep-down") !== failure) location.reload();
  } catch {}
  setTimeout(ask, 700);
};
ask();`;

/** What the page may do: its own style and script, and requests to where it came from. */
export const downPolicy = [
  "default-src 'none'",
  `style-src ${hashSource(errorStyle)}`,
  `script-src ${hashSource(script)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
