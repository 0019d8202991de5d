/** The serializer `xml`; the library `fast-xml-parser`, which reads, has to be installed. */
import { EngineError } from "../../errors.ts";
import type { Serializer } from "./serializer.ts";
import { ITEM, TEXT, writeXml } from "./xml-writer.ts";

/** What the serializer uses of `fast-xml-parser`. */
export interface XmlLibrary {
  readonly XMLParser: new (options: object) => { parse(text: string): unknown };
  readonly XMLValidator: {
    validate(text: string): true | { readonly err: { readonly msg: string } };
  };
}

/**
 * Makes the serializer `xml`, loading `fast-xml-parser`. Data has the form of Perl's XML::Simple:
 * `{ a: 1, tag: ["p", "q"] }` is `<data a="1"><tag>p</tag><tag>q</tag></data>`.
 *
 * Bodies of the types `text/xml` and `application/xml` are read; attributes and elements alike
 * become members, a repeated element a list, text beside attributes the member `content`. All
 * values are text. A document type declaration is refused, and with it every entity of one's own.
 *
 * @throws EngineError `engine-not-installed` when the library is missing.
 */
export async function createXmlSerializer(): Promise<Serializer> {
  const library = await import("fast-xml-parser").catch(notInstalled);
  return {
    contentType: "text/xml",
    reads: (mediaType) => mediaType === "text/xml" || mediaType === "application/xml",
    serialize: writeXml,
    deserialize: (text) => readXml(text, library),
  };
}

/** Says what to install. */
export function notInstalled(cause: unknown): never {
  throw new EngineError(
    "engine-not-installed",
    'XML needs the package fast-xml-parser; install it with "npm install fast-xml-parser"',
    { cause },
  );
}

/** The data of an XML document; `undefined` for none. @throws EngineError `deserialize-failed`. */
export function readXml(text: string, { XMLParser, XMLValidator }: XmlLibrary): unknown {
  if (text.trim() === "") return undefined;
  if (/<!DOCTYPE/i.test(text)) throw failed("has a document type declaration");
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw failed("is malformed", new Error(verdict.err.msg));
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: 100,
    onDangerousProperty: (name: string) => {
      throw failed(`has the name "${name}"`);
    },
  });
  let nodes: unknown;
  try {
    nodes = parser.parse(text);
  } catch (cause) {
    throw cause instanceof EngineError ? cause : failed("is malformed", cause);
  }
  const root = (nodes as readonly Node[]).find((node) => nameOf(node) !== undefined);
  if (root === undefined) throw failed("has no element");
  return toData(root);
}

/** As the library gives them: the one key beside `:@` is the element's name, `#text` for text. */
type Node = Readonly<Record<string, unknown>> & {
  readonly ":@"?: Readonly<Record<string, string>>;
};

function nameOf(node: Node): string | undefined {
  return Object.keys(node).find((key) => key !== ":@" && key !== "#text");
}

function toData(node: Node): unknown {
  const data = Object.create(null) as Record<string, unknown>;
  const texts: string[] = [];
  for (const [name, value] of Object.entries(node[":@"] ?? {})) add(data, name, value);
  for (const child of (node[nameOf(node) ?? ""] ?? []) as readonly Node[]) {
    const name = nameOf(child);
    if (name !== undefined) add(data, name, toData(child));
    else if (String(child["#text"]).trim() !== "") texts.push(String(child["#text"]));
  }
  const keys = Object.keys(data);
  if (texts.length > 0) {
    if (keys.length === 0) return texts.join("");
    add(data, TEXT, texts.length === 1 ? texts[0] : texts);
  }
  return keys.length === 1 && Array.isArray(data[ITEM]) ? data[ITEM] : { ...data };
}

function add(data: Record<string, unknown>, name: string, value: unknown): void {
  const before = data[name];
  if (before === undefined) data[name] = Array.isArray(value) && name !== TEXT ? [value] : value;
  else if (Array.isArray(before)) before.push(value);
  else data[name] = [before, value];
}

function failed(reason: string, cause?: unknown): EngineError {
  return new EngineError("deserialize-failed", `the XML ${reason}`, { cause });
}
