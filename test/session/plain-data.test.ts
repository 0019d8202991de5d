import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionError } from "../../src/errors.ts";
import {
  copyPlain,
  isPlainJson,
  maxDepth,
  mostJsonBytes,
  samePlain,
} from "../../src/session/plain-data.ts";

const plain = fc
  .jsonValue({ maxDepth: 6 })
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function refusal(value: unknown, path = "cart"): SessionError {
  try {
    copyPlain(value, path);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  throw new Error("the value was taken");
}

const cycle: { self?: unknown } = {};
cycle.self = { again: [cycle] };
const holes: unknown[] = [1];
holes[2] = 3;
const hidden = Object.defineProperty({ a: 1 }, "b", { value: 2, enumerable: false });
const proto = JSON.parse('{"a":{"__proto__":{"x":1}}}') as unknown;
class Basket {
  items = 1;
}
class List extends Array<number> {}

const refused: [string, unknown, path: string, what: string, advice: string][] = [
  ["undefined", undefined, "cart", "undefined", "null"],
  ["undefined inside", { a: undefined }, "cart.a", "undefined", "delete the key"],
  ["a function", { items: [0, 1, { price: Math.abs }] }, "cart.items[2].price", "a function", ""],
  ["a symbol", [Symbol("s")], "cart[0]", "a symbol", "description"],
  ["a bigint", 1n, "cart", "a bigint", "String(value)"],
  ["NaN", { "two words": Number.NaN }, 'cart["two words"]', "NaN", "null"],
  ["Infinity", -Infinity, "cart", "-Infinity", "null"],
  ["a Date", { at: new Date(0) }, "cart.at", "a Date", "date.toISOString()"],
  ["a Map", new Map(), "cart", "a Map", "Object.fromEntries(map)"],
  ["a Set", new Set(), "cart", "a Set", "[...set]"],
  ["a RegExp", /x/, "cart", "a RegExp", "regexp.source"],
  ["a Promise", Promise.resolve(1), "cart", "a Promise", "await"],
  ["a Buffer", Buffer.alloc(1), "cart", "a Buffer", "base64"],
  ["a typed array", new Float64Array(1), "cart", "a typed array", "Array.from"],
  ["an instance", { b: new Basket() }, "cart.b", "class Basket", "plain object"],
  ["an error", new RangeError("x"), "cart", "class RangeError", "plain object"],
  ["a boxed number", Object(1), "cart", "class Number", "plain object"],
  ["an array of a subclass", List.of(1, 2), "cart", "class List", "plain object"],
  ["a cycle", cycle, "cart.self.again[0]", "a cycle", "id"],
  ["a nest too deep", nested(maxDepth + 1), "cart", "deeper than 100", "flatter"],
  ["a nest of 100,000", nested(100_000), "cart", "deeper than 100", "flatter"],
  ["a hole", holes, "cart[1]", "a hole", "null"],
  ["an endless array", new Array(4_000_000_000), "cart[0]", "a hole", "null"],
  ["an array with a name", Object.assign([1], { x: 1 }), "cart.x", "array", "plain object"],
  ["a __proto__ key", proto, "cart.a.__proto__", "prototypes", "rename"],
  ["a symbol key", { [Symbol("k")]: 1 }, "cart[Symbol(k)]", "symbol", "string"],
  [
    "a getter",
    {
      get a() {
        return 1;
      },
    },
    "cart.a",
    "getter",
    "its value",
  ],
  ["a hidden property", hidden, "cart.b", "hidden", "{ ...object }"],
];

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

describe("plain data", () => {
  it("SEC-120 comes out of a copy as it went in, and so does its JSON", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const copy = copyPlain(value, "a");
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        expect(samePlain(copy, value)).toBe(true);
        const parsed: unknown = JSON.parse(JSON.stringify(copy));
        expect(samePlain(parsed, copy)).toBe(true);
        expect(isPlainJson(parsed)).toBe(true);
      }),
    );
  });

  it("SEC-120 is copied as deep as it goes", () => {
    const value = { a: [{ b: 1 }] };
    const copy = copyPlain(value, "a") as typeof value;
    value.a[0]!.b = 2;
    value.a.push({ b: 3 });
    expect(copy).toEqual({ a: [{ b: 1 }] });
  });

  it.each(refused)("SEC-120 refuses %s, names its place and says what to do", (...row) => {
    const [, value, path, what, advice] = row;
    const { code, message } = refusal(value);
    expect(code).toBe("session-data-invalid");
    expect(message).toContain(`"${path}`);
    expect(message).toContain(what);
    expect(message).toContain(advice);
  });

  it("SEC-120 may hold an object twice, without prototype, and -0, which is 0", () => {
    const shared = { x: 1 };
    const bare = Object.assign(Object.create(null) as object, { list: [shared, shared], zero: -0 });
    const copy = copyPlain(bare, "a") as { zero: number };
    expect(copy).toEqual({ list: [{ x: 1 }, { x: 1 }], zero: 0 });
    expect(Object.is(copy.zero, 0)).toBe(true);
    expect(samePlain(bare, copy)).toBe(true);
  });

  it("starts the path with the key when it has no name", () => {
    expect(refusal({ a: { b: 1n } }, "").message).toContain('"a.b"');
  });

  it("SEC-119 may be nested to the limit and no deeper", () => {
    expect(copyPlain(nested(maxDepth), "a")).toEqual(nested(maxDepth));
    expect(isPlainJson(nested(maxDepth))).toBe(true);
    expect(isPlainJson(nested(maxDepth + 1))).toBe(false);
    expect(isPlainJson(nested(100_000))).toBe(false);
  });

  it("SEC-119 keeps constructor and prototype as ordinary keys that touch no prototype", () => {
    const value: unknown = JSON.parse('{"constructor":{"prototype":{"x":1}},"toString":"mine"}');
    expect(copyPlain(value, "a")).toEqual(value);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(isPlainJson(JSON.parse('[{"__proto__":1}]'))).toBe(false);
  });

  it("SEC-119 holds no number out of range, though JSON can spell it", () => {
    expect(isPlainJson(JSON.parse("[1e308]"))).toBe(true);
    expect(isPlainJson(JSON.parse("[1e999]"))).toBe(false);
  });

  it("SEC-205 never takes more bytes as JSON than the bound says", () => {
    const longest = [
      "\0".repeat(9),
      "\ud800",
      "💃",
      -1.7976931348623157e308,
      -0.0000010085434300992601,
      { ["\0".repeat(60)]: 1 },
    ];
    for (const value of longest) expect(jsonBytes(value)).toBeLessThanOrEqual(mostJsonBytes(value));
    fc.assert(
      fc.property(plain, (value) => {
        expect(jsonBytes(value)).toBeLessThanOrEqual(mostJsonBytes(value));
      }),
    );
  });
});

describe("the comparison of plain data", () => {
  it("sees every difference", () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const sorted = (value: unknown): unknown =>
          typeof value !== "object" || value === null
            ? value
            : Array.isArray(value)
              ? value.map(sorted)
              : Object.entries(value)
                  .sort(([left], [right]) => (left < right ? -1 : 1))
                  .map(([key, item]) => ({ key, item: sorted(item) }))
                  .concat({ key: "end of object", item: 0 });
        const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(samePlain(a, b)).toBe(equal);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [[1], [1, 2]],
    [[], {}],
    [null, {}],
    [0, false],
    ["1", 1],
    [{ toString: 1 }, {}],
  ])("tells %j from %j", (a, b) => {
    expect(samePlain(a, b)).toBe(false);
    expect(samePlain(b, a)).toBe(false);
  });

  it("takes keys in any order", () => {
    expect(samePlain({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  });

  it("answers no to all that a session cannot carry, and never throws", () => {
    for (const [title, value] of refused) {
      if (title === "a getter" || title === "a hidden property") continue;
      expect(samePlain(value, value), title).toBe(false);
      expect(samePlain({ a: value }, { a: 1 }), title).toBe(false);
    }
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(samePlain(proxy, {})).toBe(false);
    const hostile = {
      get a(): never {
        throw new Error("no");
      },
    };
    expect(samePlain(hostile, { a: 1 })).toBe(false);
  });

  it("sees what was added to a live object under a symbol, hidden or on an array", () => {
    expect(samePlain({ a: 1, [Symbol("s")]: 1 }, { a: 1 })).toBe(false);
    expect(samePlain(hidden, { a: 1 })).toBe(false);
    expect(samePlain(Object.assign([1], { x: 1 }), [1])).toBe(false);
    expect(samePlain(Object.assign(new Basket(), { items: 1 }), { items: 1 })).toBe(false);
  });
});
