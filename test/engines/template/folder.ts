/** Temporary folders of views. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TemplateOptions } from "../../../src/engines/template/template.ts";

/** Writes files, by path below a new folder `views`, and answers that folder. */
export function createFolder(files: Readonly<Record<string, string>>): string {
  const folder = join(mkdtempSync(join(tmpdir(), "quickstep-")), "views");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function toOptions(views: string, settings: Record<string, unknown> = {}): TemplateOptions {
  return { views, cache: false, setting: (name) => settings[name] };
}

/** Values that would be markup, and how they must look in a page. */
export const dangerous: readonly (readonly [value: unknown, shown: string])[] = [
  ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  [`" onmouseover="alert(1)`, "&quot; onmouseover=&quot;alert(1)"],
  [`' onmouseover='alert(1)`, "&#39; onmouseover=&#39;alert(1)"],
  ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
  ["</textarea><svg/onload=alert(1)>", "&lt;/textarea&gt;&lt;svg/onload=alert(1)&gt;"],
  ["&lt;b&gt;", "&amp;lt;b&amp;gt;"],
  [["<i>", "<b>"], "&lt;i&gt; &lt;b&gt;"],
  [{ toString: () => "<u>" }, "&lt;u&gt;"],
  [new Error("<b>"), "Error: &lt;b&gt;"],
  [new URL("http://a/?<b>"), "http://a/?%3Cb%3E"],
];
