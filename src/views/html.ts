/** Text on its way into HTML: what is escaped, and what is markup already. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text with `& < > " '` written so that HTML shows them, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  // Most values hold none of these characters; a test is cheaper than a replacement.
  if (!/[&<>"']/.test(text)) return text;
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Markup that a template inserts as it is. Make one with `raw`, and only of text you trust. */
export class RawHtml {
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
  }

  /** The markup itself. */
  toString(): string {
    return this.#html;
  }
}

/**
 * Marks markup as trusted, so that templates insert it without escaping.
 *
 * @example
 * template("page", { body: raw(markdown.render(article)) });
 */
export function raw(html: string): RawHtml {
  return new RawHtml(html);
}

/**
 * What a value looks like in HTML: escaped unless it is `RawHtml`, lists joined by spaces, nothing
 * for what is missing.
 */
export function toHtml(value: unknown): string {
  if (typeof value === "string") return escapeHtml(value);
  if (value instanceof RawHtml) return value.toString();
  if (Array.isArray(value)) return value.map(toHtml).join(" ");
  return escapeHtml(toText(value));
}

/** What a value looks like as plain text, by the same rules and not escaped. */
export function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(" ");
  try {
    return isMissing(value) ? "" : String(value);
  } catch {
    // An object without a prototype has no text of its own.
    return "";
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
