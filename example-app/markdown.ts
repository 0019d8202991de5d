/** The board as a Markdown list, and such lists as drafts for the board. */
import { parseDraft, type LinkDraft } from "./links.ts";

const maxImported = 50;

/** A list of links under a heading. */
export function toMarkdown(heading: string, links: readonly LinkDraft[]): string {
  const lines = links.map(
    ({ title, url }) => `- [${title.replace(/[[\]\\]/g, "\\$&")}](<${url}>)\n`,
  );
  return `# ${heading}\n\n${lines.join("")}`;
}

/** The links of a list that may stand on the board, the first fifty; everything else is passed over. */
export function fromMarkdown(text: string): LinkDraft[] {
  const lines = text.matchAll(/^[-*] \[((?:[^\\[\]\n]|\\.)+)\]\(<?([^\s<>]+?)>?\)[ \t]*\r?$/gm);
  return [...lines]
    .flatMap(([, title = "", url]) => {
      const draft = parseDraft({ title: title.replace(/\\(.)/g, "$1"), url });
      return "problem" in draft ? [] : [draft];
    })
    .slice(0, maxImported);
}
