/** Makes text safe to print on one line of a log. */

// Control characters, line and paragraph separators, and the marks that reorder what is displayed.
// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text with everything encoded that could end the line, command a terminal or turn the
 * reading order: a line feed becomes `\n`, an escape `\x1b`. One line end at the very end is dropped.
 */
export function encodeControls(text: string): string {
  return text.replace(/\r?\n$/, "").replace(unsafe, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return (
      short[character] ??
      (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`)
    );
  });
}
