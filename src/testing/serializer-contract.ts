/** The contract of serializers as tests. */
import assert from "node:assert/strict";
import type { Awaitable } from "../awaitable.ts";
import type { Serializer, SerializerOptions } from "../engines/serializer/serializer.ts";
import type { ContractCase } from "./contract-case.ts";

/** The serializer to try. */
export interface SerializerSubject {
  readonly create: (options: SerializerOptions) => Awaitable<Serializer>;
  /** Text that is no data in this form; by default `{`. */
  readonly malformed?: string;
  /** What the serializer reads by `setting(name)`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * The cases that a serializer has to pass, for any test runner. The data that goes through is maps,
 * lists and text: forms such as XML have no more.
 *
 * @example
 * for (const { name, run } of serializerContract({ create: createMySerializer })) test(name, run);
 */
export function serializerContract(subject: SerializerSubject): ContractCase[] {
  const make = async (pretty: boolean): Promise<Serializer> =>
    subject.create({ pretty, setting: (name) => subject.settings?.[name] });
  return Object.entries(rules).map(([name, rule]) => ({
    name,
    run: async () => {
      for (const pretty of [false, true]) rule(await make(pretty), subject.malformed ?? "{");
    },
  }));
}

/** New each time: a serializer that is broken may change it. */
const sample = () => ({
  user: { name: 'Åsa <&> "O\'Hara"', city: "東京 💃" },
  tags: ["a", "b c"],
  yes: "true",
  number: "1e3",
});

const rules: Record<string, (serializer: Serializer, malformed: string) => void> = {
  "names the media type that it writes": ({ contentType }) => {
    assert.match(contentType, /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/);
  },

  "reads bodies of the type that it writes, and not of every type": (serializer) => {
    assert.equal(serializer.reads(serializer.contentType), true);
    assert.equal(serializer.reads("application/x-www-form-urlencoded"), false);
    assert.equal(serializer.reads("image/png"), false);
  },

  "gives back what it wrote": (serializer) => {
    assert.deepEqual(plain(through(serializer, sample())), sample());
  },

  "changes nothing in the data that it writes": (serializer) => {
    const written = sample();
    serializer.serialize(written);
    assert.deepEqual(written, sample());
  },

  "SEC-804 fails for malformed text": (serializer, malformed) => {
    assert.throws(() => serializer.deserialize(malformed, serializer.contentType), Error);
  },

  "SEC-804 lets no body reach for a prototype": (serializer) => {
    let read: unknown;
    try {
      read = through(serializer, JSON.parse('{"__proto__":{"admin":"yes"},"a":"b"}'));
    } catch {
      return;
    }
    assert.equal((read as { admin?: unknown }).admin, undefined);
    assert.equal(({} as { admin?: unknown }).admin, undefined);
  },

  "fails for data that contains itself": (serializer) => {
    const endless: Record<string, unknown> = { a: "b" };
    endless["self"] = endless;
    assert.throws(() => serializer.serialize(endless), Error);
  },

  "fails for what would be lost in silence": (serializer) => {
    assert.throws(() => serializer.serialize({ a: () => 1 }), Error);
    assert.throws(() => serializer.serialize({ a: Promise.resolve(1) }), Error);
  },
};

function through(serializer: Serializer, value: unknown): unknown {
  return serializer.deserialize(serializer.serialize(value), serializer.contentType);
}

/** Whether maps inherit anything is the serializer's own affair. */
function plain(value: unknown): unknown {
  return (JSON.parse(JSON.stringify({ value })) as { value?: unknown }).value;
}
