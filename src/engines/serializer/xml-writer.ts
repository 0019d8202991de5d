/** Data as XML, in the form of Perl's XML::Simple: single values are attributes, lists repeat an element. */
import { EngineError } from "../../errors.ts";
import { toPlain } from "./json.ts";

/** What an element or attribute may be called (XML 1.0, without the rarest letters). */
const NAME = /^[\p{L}_:][\p{L}\p{N}._:\u00b7-]*$/u;
// What XML 1.0 has no way to write.
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
/** Namespaces whose scripts browsers run, wherever they stand; data is no page, and its keys may be a stranger's. */
const ACTIVE: ReadonlySet<unknown> = new Set([
  "http://www.w3.org/1999/xhtml",
  "http://www.w3.org/2000/svg",
]);
/** The key that holds an element's text beside its attributes. */
export const TEXT = "content";
/** The element of a list's item that has no name of its own. */
export const ITEM = "anon";

/**
 * Data as an XML document whose root element is `data`, keys in alphabetical order.
 *
 * @throws EngineError `serialize-failed` for what JSON would refuse, a key that is no name in XML,
 * control characters, and the namespaces of XHTML and SVG.
 */
export function writeXml(data: unknown): string {
  return element("data", toPlain(data), "");
}

function element(name: string, value: unknown, indent: string): string {
  if (!NAME.test(name)) throw failed(`"${name}" cannot be the name of an element or attribute`);
  const open = `${indent}<${name}`;
  if (Array.isArray(value)) return nested(name, open, list(ITEM, value, indent), indent);
  if (typeof value !== "object" || value === null) {
    return `${open}>${escape(value)}</${name}>\n`;
  }
  let attributes = "";
  let children = "";
  let text: string | undefined;
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (Array.isArray(member)) children += list(key, member, indent);
    else if (typeof member === "object" && member !== null) {
      children += element(key, member, `${indent}  `);
    } else if (key === TEXT) text = escape(member);
    else if (/^xmlns(?::|$)/.test(key) && ACTIVE.has(member)) {
      throw failed(`"${key}" would make it a page with scripts`);
    } else if (NAME.test(key)) attributes += ` ${key}="${escape(member)}"`;
    else throw failed(`"${key}" cannot be the name of an element or attribute`);
  }
  if (text !== undefined) return `${open}${attributes}>${text}${children}</${name}>\n`;
  if (children !== "") return nested(name, open + attributes, children, indent);
  return attributes === "" ? `${open}></${name}>\n` : `${open}${attributes} />\n`;
}

function list(name: string, items: readonly unknown[], indent: string): string {
  return items.map((item) => element(name, item, `${indent}  `)).join("");
}

function nested(name: string, open: string, children: string, indent: string): string {
  return `${open}>\n${children}${indent}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

function escape(value: unknown): string {
  // What is left of JSON here: text, numbers, booleans and null.
  const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
  if (UNWRITABLE.test(text)) throw failed("it holds control characters");
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}

function failed(reason: string): EngineError {
  return new EngineError("serialize-failed", `this data cannot become XML: ${reason}`);
}
