/** What may stand in a response header: names, values and redirect targets. */
import { ResponseError } from "../errors.ts";

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Tells whether a text is a token, as header and cookie names have to be. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * Makes sure that a header can be sent as it is.
 *
 * @throws ResponseError `header-invalid` for a name that is no token, or a value with a line break, NUL,
 * another control character or a character above U+00FF (`toHeaderText` turns those into bytes).
 */
export function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) {
    throw new ResponseError("header-invalid", `${JSON.stringify(name)} is not a header name`);
  }
  const position = value.search(NOT_IN_VALUE);
  if (position !== -1) {
    throw new ResponseError(
      "header-invalid",
      `the header "${name}" holds ${codePoint(value, position)} at position ${position}, which a header must not`,
    );
  }
}

/** Gives the text as its UTF-8 bytes, one character each, which is how node writes headers. */
export function toHeaderText(value: string): string {
  return /[\u0080-\uffff]/.test(value) ? Buffer.from(value, "utf8").toString("latin1") : value;
}

/**
 * Makes a redirect target fit for `Location`: what a URI must not hold is percent-encoded, escapes stay.
 *
 * A backslash becomes `%5C`, because browsers take it for a slash. Which hosts are allowed is not decided here.
 *
 * @throws ResponseError `header-invalid` for line breaks, NUL and other control characters.
 */
export function toLocation(target: string): string {
  const position = target.search(/\p{Cc}/u);
  if (position !== -1) {
    throw new ResponseError(
      "header-invalid",
      `a redirect target holds ${codePoint(target, position)} at position ${position}, which a header must not`,
    );
  }
  return target.replace(/%(?![0-9a-f]{2})|[^\w.~:/?#[\]@!$&'()*+,;=%-]+/gi, (run) =>
    // The way over bytes replaces lone surrogates, for which encodeURIComponent throws.
    encodeURIComponent(Buffer.from(run).toString()),
  );
}

/** Names a character without showing it, so that error texts stay on one line. */
export function codePoint(text: string, position: number): string {
  const code = text.codePointAt(position) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
