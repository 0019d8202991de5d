/** `quickstep/serializers`: Dancer's words toJson, fromJson, toYaml, fromYaml, toXml, fromXml and templateOrSerialize. */
import { createRequire } from "node:module";
import type { Awaitable } from "./awaitable.ts";
import { contextFor } from "./current-context.ts";
import { createJsonSerializer } from "./engines/serializer/json.ts";
import { notInstalled, readXml, type XmlLibrary } from "./engines/serializer/xml.ts";
import { EngineError } from "./errors.ts";
import type { Tokens } from "./engines/template/template.ts";

export { readYaml as fromYaml, writeYaml as toYaml } from "./engines/serializer/yaml.ts";
export { writeXml as toXml } from "./engines/serializer/xml-writer.ts";

const json = createJsonSerializer({ pretty: false, setting: () => undefined });
const require = createRequire(import.meta.url);
let library: XmlLibrary | undefined;

/**
 * Data as JSON on one line; `pretty` adds white space.
 *
 * @throws EngineError `serialize-failed` for what JSON would lose in silence.
 */
export function toJson(data: unknown, options: { readonly pretty?: boolean } = {}): string {
  if (options.pretty !== true) return json.serialize(data);
  return createJsonSerializer({ pretty: true, setting: () => undefined }).serialize(data);
}

/** The data of a JSON text. @throws EngineError `deserialize-failed`. */
export function fromJson(text: string): unknown {
  try {
    return json.deserialize(text, json.contentType);
  } catch (cause) {
    // Text from elsewhere is no fault of the client's, which an error with the status 400 would say.
    throw new EngineError("deserialize-failed", "the text is not JSON that can be read", { cause });
  }
}

/**
 * The data of an XML document, in the form that the serializer `xml` gives it.
 *
 * @throws EngineError `deserialize-failed`, or `engine-not-installed` without `fast-xml-parser`.
 */
export function fromXml(text: string): unknown {
  return readXml(text, (library ??= loadLibrary()));
}

/** For a request that asks for HTML the rendered view, for others the data, which the serializer writes. */
export function templateOrSerialize(view: string, data: Tokens): Awaitable<unknown> {
  const { request, template } = contextFor("templateOrSerialize");
  const wish =
    request.header("accept") ??
    request.header("accept-type") ??
    request.contentType ??
    request.query["content_type"]?.at(-1);
  return wish?.includes("text/html") === true ? template(view, data) : data;
}

function loadLibrary(): XmlLibrary {
  try {
    return require("fast-xml-parser") as XmlLibrary;
  } catch (cause) {
    return notInstalled(cause);
  }
}
