/** The serializer `mutable`: JSON, YAML or XML, as each request wishes. */
import Negotiator from "negotiator";
import { EngineError } from "../../errors.ts";
import { createJsonSerializer } from "./json.ts";
import type { Serializer, SerializerOptions, SerializerRequest } from "./serializer.ts";
import { createXmlSerializer } from "./xml.ts";
import { createYamlSerializer } from "./yaml.ts";

/**
 * Makes the serializer `mutable`.
 *
 * The answer's form is what `Accept`, or else `Accept-Type`, prefers among `application/json`,
 * `text/x-json`, `text/xml` and `text/x-yaml`; without a wish, the form of the request's body, or the
 * query's `content_type`; otherwise JSON. Bodies are read by their type; one called `text/html`
 * is read as YAML, as in Dancer. XML needs the package `fast-xml-parser`.
 *
 * @throws EngineError `engine-not-installed` when it is missing.
 */
export async function createMutableSerializer(options: SerializerOptions): Promise<Serializer> {
  const json = createJsonSerializer(options);
  const yaml = createYamlSerializer();
  const byType = new Map<string, Serializer>([
    ["application/json", json],
    ["text/x-json", { ...json, contentType: "text/x-json" }],
    ["text/x-yaml", yaml],
    ["text/xml", await createXmlSerializer()],
  ]);
  const readers = new Map(byType).set("text/html", yaml);
  const reader = (type: string): Serializer | undefined =>
    readers.get(type) ?? [...byType.values()].find((serializer) => serializer.reads(type));
  return {
    ...json,
    for: (request) => byType.get(preferred(request, [...byType.keys()]) ?? "") ?? json,
    reads: (mediaType) => reader(mediaType) !== undefined,
    deserialize(text, mediaType) {
      const found = reader(mediaType);
      if (found !== undefined) return found.deserialize(text, mediaType);
      throw new EngineError("deserialize-failed", `no serializer reads "${mediaType}"`);
    },
  };
}

function preferred(request: SerializerRequest, known: string[]): string | undefined {
  for (const name of ["accept", "accept-type"]) {
    const accept = request.header(name);
    if (accept === undefined) continue;
    // Who accepts anything has no wish, and parameters other than the weight, such as a charset, are none.
    const plain = accept.replace(/(^|,)\s*\*\/\*[^,]*/g, "").replace(/;(?!\s*q=)[^,;]*/gi, "");
    const type = new Negotiator({ headers: { accept: plain } }).mediaType(known);
    if (type !== undefined) return type;
  }
  // As in Dancer, PATCH bodies have types of their own and say nothing about the answer.
  if (request.method === "PATCH") return undefined;
  return [request.mediaType, request.query["content_type"]?.at(-1)].find(
    (type) => type !== undefined && known.includes(type),
  );
}
