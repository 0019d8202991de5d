import { describe } from "vitest";
import { createJsonSerializer } from "../../src/engines/serializer/json.ts";
import { createJsonpSerializer } from "../../src/engines/serializer/jsonp.ts";
import { createMutableSerializer } from "../../src/engines/serializer/mutable.ts";
import type { Serializer } from "../../src/engines/serializer/serializer.ts";
import { createXmlSerializer } from "../../src/engines/serializer/xml.ts";
import { createYamlSerializer } from "../../src/engines/serializer/yaml.ts";
import { serializerContract } from "../../src/testing/serializer-contract.ts";
import { describeBroken, describePassing } from "./contract-suite.ts";

const json = createJsonSerializer({ pretty: false, setting: () => undefined });

/** By the rule that it breaks: what is wrong with a serializer that is right but for that. */
const broken: Record<string, Partial<Serializer>> = {
  "names the media type that it writes": {
    contentType: "application/json; charset=utf-8",
    reads: (type) => type.startsWith("application/json"),
  },
  "reads bodies of the type that it writes, and not of every type": { reads: () => true },
  "gives back what it wrote": {
    serialize: (data) => json.serialize(data).replaceAll("💃", "?"),
  },
  "changes nothing in the data that it writes": {
    serialize: (data) => {
      const text = json.serialize(data);
      if (typeof data === "object" && data !== null) Object.assign(data, { seen: true });
      return text;
    },
  },
  "SEC-804 fails for malformed text": {
    deserialize: (text) => (text === "{" ? {} : json.deserialize(text, "application/json")),
  },
  "SEC-804 lets no body reach for a prototype": {
    deserialize: (text) =>
      text.includes("__proto__")
        ? (Object.create({ admin: "yes" }) as unknown)
        : json.deserialize(text, "application/json"),
  },
  "fails for data that contains itself": {
    serialize: (data) => {
      const { self } = data as { self?: unknown };
      return json.serialize(self === data ? {} : data);
    },
  },
  "fails for what would be lost in silence": { serialize: (data) => JSON.stringify(data) },
};

describe("the contract of serializers", () => {
  describePassing({
    json: serializerContract({ create: createJsonSerializer }),
    jsonp: serializerContract({ create: createJsonpSerializer }),
    mutable: serializerContract({ create: createMutableSerializer }),
    xml: serializerContract({ create: createXmlSerializer }),
    yaml: serializerContract({ create: createYamlSerializer }),
  });
  describeBroken(broken, (fault) => serializerContract({ create: () => ({ ...json, ...fault }) }));
});
