import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createJsonSerializer } from "../../../src/engines/serializer/json.ts";
import { EngineError, type HTTPError } from "../../../src/errors.ts";

const json = createJsonSerializer({ pretty: false, setting: () => undefined });
const pretty = createJsonSerializer({ pretty: true, setting: () => undefined });

describe("serializing", () => {
  it.each([
    [{ a: 1, b: [true, null, "x"] }, '{"a":1,"b":[true,null,"x"]}'],
    [[], "[]"],
    [null, "null"],
    ["text", '"text"'],
    [{ gone: undefined }, "{}"],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [{ own: { toJSON: () => "mine", method: () => 1 } }, '{"own":"mine"}'],
  ])("writes %j", (data, text) => {
    expect(json.serialize(data)).toBe(text);
  });

  it("is spread over lines for people", () => {
    expect(pretty.serialize({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it("takes the same object twice", () => {
    const shared = { x: 1 };
    expect(json.serialize([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  const cycle: Record<string, unknown> = {};
  cycle["self"] = { again: cycle };
  it.each([
    [undefined, "it is undefined"],
    [{ toJSON: () => undefined }, "it is undefined"],
    [() => 1, "it holds a function"],
    [{ user: [{ callback: () => 1 }] }, 'it holds a function (at "callback")'],
    [{ id: Symbol("x") }, 'it holds a symbol (at "id")'],
    [{ id: 1n }, 'it holds a BigInt; make it a string (at "id")'],
    [{ later: Promise.resolve() }, 'it holds a promise; await it (at "later")'],
    [
      Object.assign([], { toJSON: () => new Map() }),
      "it holds a Map or Set; make it an object or array",
    ],
    [{ map: new Map() }, 'it holds a Map or Set; make it an object or array (at "map")'],
    [cycle, "Converting circular structure to JSON"],
  ])("refuses what JSON would lose: %#", (data, reason) => {
    expect(() => json.serialize(data)).toThrow(
      new EngineError("serialize-failed", `this data cannot become JSON: ${reason}`),
    );
  });

  it("finds what JSON would lose wherever it stands, and writes the rest as JSON.stringify does", () => {
    const loses = (value: unknown): boolean => {
      if (["function", "symbol", "bigint"].includes(typeof value)) return true;
      if (typeof value !== "object" || value === null || value instanceof Date) return false;
      if (value instanceof Map || value instanceof Set) return true;
      return Object.values(value).some(loses);
    };
    const lossy = fc.constantFrom<unknown>(() => 1, Symbol("x"));
    const anything = fc.anything({
      ...{ withBigInt: true, withDate: true, withMap: true, withSet: true },
      ...{ withNullPrototype: true, withSparseArray: true },
    });
    const data = fc.oneof(
      anything,
      fc.array(fc.dictionary(fc.string(), fc.oneof(anything, lossy))),
    );
    fc.assert(
      fc.property(data, (value) => {
        if (loses(value) || value === undefined) {
          expect(() => json.serialize(value)).toThrow(EngineError);
        } else {
          expect(json.serialize(value)).toBe(JSON.stringify(value));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("refuses what is too deep as it refuses the rest", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(() => json.serialize(deep)).toThrow(EngineError);
  });

  it("keeps the cause when an object's own toJSON throws", () => {
    const cause = new Error("no");
    const data = {
      toJSON: () => {
        throw cause;
      },
    };
    expect(() => json.serialize(data)).toThrow(
      expect.objectContaining({ code: "serialize-failed", cause }),
    );
  });
});

describe("deserializing", () => {
  it("reads JSON", () => {
    expect(json.deserialize('{"a":[1,{"b":null}]}', "application/json")).toEqual({
      a: [1, { b: null }],
    });
  });

  it.each(["", '{"x":', "{a}", "undefined"])("refuses %j", (text) => {
    expect(() => json.deserialize(text, "application/json")).toThrow(
      expect.objectContaining({ status: 400, code: "json-invalid" }) as HTTPError,
    );
  });

  it.each(['{"__proto__":{"admin":true}}', '[{"a":{"\\u005f_proto__":1}}]'])(
    "refuses the key __proto__: %s",
    (text) => {
      expect(() => json.deserialize(text, "application/json")).toThrow(
        'the JSON body has a key "__proto__"',
      );
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );

  it("refuses 100,000 nested arrays without a stack overflow", () => {
    const text = "[".repeat(100_000) + "]".repeat(100_000);
    expect(() => json.deserialize(text, "application/json")).toThrow(
      "the JSON body is nested deeper than 200",
    );
  });

  it.each([
    ["application/json", true],
    ["application/problem+json", true],
    ["text/json", false],
    ["application/x-www-form-urlencoded", false],
  ])("is for bodies of the type %s: %s", (type, reads) => {
    expect(json.reads(type)).toBe(reads);
  });
});
