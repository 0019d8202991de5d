import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HTTPError } from "../../src/errors.ts";
import { parseQuery } from "../../src/request/query.ts";

const limits = { maxParameters: 1000 };
const parse = (text: string) => ({ ...parseQuery(text, limits) });

function errorOf(work: () => unknown): HTTPError {
  try {
    work();
  } catch (error) {
    if (error instanceof HTTPError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseQuery, as recorded from Dancer", () => {
  it.each([
    ["", {}],
    ["a=1&b=two", { a: ["1"], b: ["two"] }],
    ["a=1;b=2", { a: ["1"], b: ["2"] }],
    ["a=x+y&b=%26%3D%2B&c%20d=1", { a: ["x y"], b: ["&=+"], "c d": ["1"] }],
    ["a+b=1", { "a b": ["1"] }],
    ["a&b=", { a: [""], b: [""] }],
    ["&&a=1&", { a: ["1"] }],
    ["a=b=c", { a: ["b=c"] }],
    ["=x&a=1", { "": ["x"], a: ["1"] }],
    ["a=1&=x", { "": ["x"], a: ["1"] }],
    ["=", { "": [""] }],
    ["n=1&n=2&n=3", { n: ["1", "2", "3"] }],
    ["n=&n=&n=3", { n: ["", "", "3"] }],
    ["n[]=1&n[]=2&h[k]=v", { "n[]": ["1", "2"], "h[k]": ["v"] }],
    ["a=%3B;b=%26", { a: [";"], b: ["&"] }],
    ["a=%C3%A9", { a: ["é"] }],
    ["a=%F0%9F%90%AA", { a: ["🐪"] }],
  ])("reads %j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ["a=%E9", "\uFFFD"],
    ["a=x%E9y", "x\uFFFDy"],
    ["a=%C3%28", "\uFFFD("],
    ["a=%ED%A0%80", "\uFFFD\uFFFD\uFFFD"],
    ["a=%25%FF", "%\uFFFD"],
  ])("turns bytes that are not UTF-8 into U+FFFD: %s", (text, expected) => {
    expect(parse(text)).toEqual({ a: [expected] });
  });
});

describe("parseQuery refuses", () => {
  it.each(["a=%zz", "a=%4", "%=1", "a=1&b=%", "a=%%20", "%4g=1", "a=%E9%z"])(
    "SEC-804: the malformed escape in %s with 400",
    (text) => {
      expect(errorOf(() => parse(text))).toMatchObject({ status: 400, code: "query-invalid" });
    },
  );

  it("names the position of a malformed escape", () => {
    expect(errorOf(() => parse("a=1&b=%zz")).message).toBe(
      "the query holds a malformed percent escape at position 6",
    );
  });

  it.each(["__proto__=1", "a=1&__proto__=2", "__proto__", "%5f_proto__=1", "__proto__=1;x=2"])(
    "SEC-804: the name __proto__ in %s with 400",
    (text) => {
      expect(errorOf(() => parse(text))).toMatchObject({ status: 400, code: "query-invalid" });
    },
  );

  it("SEC-804: one parameter over the limit with 400", () => {
    const pairs = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=1`).join("&");
    expect(Object.keys(parse(pairs(1000)))).toHaveLength(1000);
    expect(errorOf(() => parse(pairs(1001)))).toMatchObject({
      status: 400,
      code: "too-many-parameters",
    });
    expect(errorOf(() => parse("a=1;".repeat(1001))).code).toBe("too-many-parameters");
    expect(errorOf(() => parseQuery("a&b", { maxParameters: 1 })).code).toBe("too-many-parameters");
  });

  it("SEC-804: 100,000 parameters before reading any of them", () => {
    // The bad escape behind the limit shows that nothing past it was looked at.
    const text = `${"a&".repeat(100_000)}%zz`;
    expect(errorOf(() => parse(text)).code).toBe("too-many-parameters");
  });

  it("does not count empty pairs", () => {
    expect(parse(`${"&".repeat(5000)}a=1`)).toEqual({ a: ["1"] });
  });
});

describe("the lists", () => {
  it.each(["constructor", "prototype", "toString", "hasOwnProperty", "valueOf"])(
    "SEC-804: hold %s as an ordinary name",
    (name) => {
      expect(parseQuery("a=1", limits)[name]).toBeUndefined();
      expect(parseQuery(`${name}=1&${name}=2`, limits)[name]).toEqual(["1", "2"]);
      expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
    },
  );

  it("inherit nothing", () => {
    expect(Object.getPrototypeOf(parseQuery("a=1", limits))).toBeNull();
    expect(Object.getPrototypeOf(parseQuery("", limits))).toBeNull();
  });

  it("agree with URLSearchParams on well-formed queries", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        fc.pre(pairs.every(([name]) => name !== "__proto__"));
        const search = new URLSearchParams(pairs);
        const query = search.toString();
        const expected: Record<string, string[]> = {};
        for (const name of search.keys()) expected[name] = search.getAll(name);
        expect(parse(query)).toEqual(expected);
      }),
    );
  });

  it("agree with URLSearchParams on any bytes in well-formed escapes", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1 }), (bytes) => {
        const query = `a=${bytes.map((one) => `%${one.toString(16).padStart(2, "0")}`).join("")}`;
        expect(parse(query)).toEqual({ a: [new URLSearchParams(query).get("a")] });
      }),
    );
  });

  it("come of any text, or a 400", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("ab=&;%+2f_é[]")) }), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });
});
