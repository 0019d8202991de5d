/** What may stand in a response header: names, values and redirect targets. */
import { ResponseError } from "../errors.ts";

const PLAIN_VALUE = /^[\t\x20-\x7e]*$/;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
// eslint-disable-next-line no-control-regex
const NOT_IN_VALUE = /[\0-\x08\n-\x1f\x7f]/;

/** Tells whether a text is a token, as header and cookie names have to be. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Tells whether a text can be sent as it is: printable ASCII. */
export function isPlainValue(text: string): boolean {
  return PLAIN_VALUE.test(text);
}

/**
 * Makes a header's value fit to be sent: its UTF-8 bytes, one character each, which is how node writes headers.
 *
 * RFC 9110 (5.5) lets bytes above 0x7F pass as `obs-text` without saying what they mean; here they
 * are always UTF-8, as in Dancer.
 *
 * @throws ResponseError `header-invalid` for a name that is no token, or a value with a line break, NUL
 * or another ASCII control character but the tab.
 */
export function toHeaderValue(name: string, value: string): string {
  if (!TOKEN.test(name)) {
    throw new ResponseError("header-invalid", `${JSON.stringify(name)} is not a header name`);
  }
  if (isPlainValue(value)) return value;
  const position = value.search(NOT_IN_VALUE);
  if (position !== -1) {
    throw new ResponseError(
      "header-invalid",
      `the header "${name}" holds ${codePoint(value, position)} at position ${position}, which a header must not`,
    );
  }
  return Buffer.from(value, "utf8").toString("latin1");
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
function codePoint(text: string, position: number): string {
  const code = text.codePointAt(position) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
