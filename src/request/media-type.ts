/** Media types as Content-Type carries them, parsed exactly. */
import { keepingLast } from "../last-answer.ts";

/** A media type taken apart. */
export interface MediaType {
  /** Type and subtype in lower case, such as `application/json`. */
  readonly type: string;
  /** Parameters by lower-case name; it inherits nothing. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TYPE = /[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+/y;
const PARAMETER =
  / *; *(?:([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[ !#-[\]-~\x80-\xff]|\\[ -~\x80-\xff])*)"))?/y;

/**
 * Takes a Content-Type header apart.
 *
 * Anything inexact gives `undefined`: spaces around the whole, tabs, a missing subtype, text after the
 * type, a parameter given twice. So no two readers can understand one header differently.
 */
export const parseMediaType = keepingLast(parse);

function parse(header: string): MediaType | undefined {
  TYPE.lastIndex = 0;
  const type = TYPE.exec(header)?.[0].toLowerCase();
  if (type === undefined) return undefined;
  const parameters = Object.create(null) as Record<string, string>;
  PARAMETER.lastIndex = type.length;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    // Trailing spaces would be taken for the space before an absent parameter.
    if (match === null || match[0].endsWith(" ")) return undefined;
    const name = match[1]?.toLowerCase();
    if (name === undefined) continue;
    if (name in parameters) return undefined;
    parameters[name] = match[2] ?? match[3]?.replace(/\\(.)/g, "$1") ?? "";
  }
  return { type, parameters };
}
