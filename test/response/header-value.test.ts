import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseError } from "../../src/errors.ts";
import { toHeaderValue, toLocation } from "../../src/response/header-value.ts";
import { parseMediaType } from "../../src/request/media-type.ts";

const refused = expect.objectContaining({ code: "header-invalid" }) as ResponseError;

describe("toHeaderValue", () => {
  it.each([
    "",
    "plain",
    "with\ttab",
    "caf\u00E9",
    "\u0080\u00FF",
    '!"#$%&()*+,-./:;<=>?@[]^_`{|}~',
  ])("accepts the value %j", (value) => {
    expect(() => toHeaderValue("X-A", value)).not.toThrow();
  });

  it.each(["\r", "\n", "\r\nSet-Cookie: a=1", "\0", "\u0001", "\u000B", "\u001F", "\u007F"])(
    "SEC-807: refuses the control characters in %j wherever they stand",
    (bad) => {
      for (const value of [bad, `${bad}a`, `a${bad}`, `a${bad}b`]) {
        expect(() => toHeaderValue("X-A", value)).toThrow(refused);
        expect(() => toHeaderValue("X-A", value)).toThrow(ResponseError);
      }
    },
  );

  // U+010D and U+010A end in the bytes of CR and LF when cut to one byte.
  it.each(["\u0100", "\u010D\u010A", "\u560D\u560A", "日本", "🐪", "\uD800"])(
    "SEC-807: lets %j through as UTF-8, of which no byte is a control character",
    (value) => {
      expect(() => toHeaderValue("X-A", value)).not.toThrow();
      expect(toHeaderValue("X-A", value)).toBe(Buffer.from(value).toString("latin1"));
      expect(toHeaderValue("X-A", value)).toMatch(/^[\x80-\xff]+$/);
    },
  );

  it.each(["", " ", "a b", "a:", "a\r\nb", "a\0", "é", "(a)", "a,b", 'a"', "a/b", "\tX"])(
    "SEC-807: refuses the name %j",
    (name) => {
      expect(() => toHeaderValue(name, "v")).toThrow(refused);
    },
  );

  it("says where without repeating the character", () => {
    expect(() => toHeaderValue("X-A", "ab\ncd")).toThrow(
      'the header "X-A" holds U+000A at position 2, which a header must not',
    );
    expect(() => toHeaderValue("X\nA", "")).toThrow('"X\\nA" is not a header name');
  });
});

describe("toHeaderValue beyond ASCII", () => {
  it("sends text beyond ASCII as UTF-8 bytes, as Dancer does", () => {
    expect(toHeaderValue("X-A", "café")).toBe("caf\u00C3\u00A9");
    expect(toHeaderValue("X-A", "plain")).toBe("plain");
  });

  it("SEC-807: never makes a control character out of a text without one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/\p{Cc}/u.test(text));
        expect(() => toHeaderValue("X-A", toHeaderValue("X-A", text))).not.toThrow();
      }),
    );
  });
});

describe("toLocation", () => {
  it.each([
    ["http://other.test/x?y=1#z", "http://other.test/x?y=1#z"],
    ["/place", "/place"],
    ["../../up", "../../up"],
    ["", ""],
    ["mailto:ann@x.test", "mailto:ann@x.test"],
    ["/place?a=1&b=two words", "/place?a=1&b=two%20words"],
    ["/a%20b", "/a%20b"],
    ["/100%", "/100%25"],
    ["/%zz%2", "/%25zz%252"],
    ["/café/🐪", "/caf%C3%A9/%F0%9F%90%AA"],
    ['/"<>^`{|}', "/%22%3C%3E%5E%60%7B%7C%7D"],
    ["/\\evil.test", "/%5Cevil.test"],
    ["http://[::1]:8080/", "http://[::1]:8080/"],
    ["/a_b-c.d~e!$&'()*+,;=:@", "/a_b-c.d~e!$&'()*+,;=:@"],
    ["/\uD800x", "/%EF%BF%BDx"],
  ])("makes %j into %j", (target, expected) => {
    expect(toLocation(target)).toBe(expected);
  });

  it.each(["/a\r\nX: 1", "/a\nb", "/a\rb", "/\0", "/\t", "/\u007F", "/\u0085"])(
    "SEC-807: refuses %j",
    (target) => {
      expect(() => toLocation(target)).toThrow(refused);
    },
  );

  it("is ASCII without spaces, fit for a header, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/\p{Cc}/u.test(text));
        const location = toLocation(text);
        expect(location).toMatch(/^[!-~]*$/);
        expect(toLocation(location)).toBe(location);
      }),
    );
  });
});

describe("parseMediaType", () => {
  it.each([
    ["application/json", "application/json", {}],
    ["Application/JSON", "application/json", {}],
    ["text/html;charset=UTF-8", "text/html", { charset: "UTF-8" }],
    ["text/html ; Charset=utf-8", "text/html", { charset: "utf-8" }],
    ["multipart/form-data; boundary=a; x=y", "multipart/form-data", { boundary: "a", x: "y" }],
    ['multipart/form-data; boundary="a b;c\\"d"', "multipart/form-data", { boundary: 'a b;c"d' }],
    ["application/vnd.api+json;", "application/vnd.api+json", {}],
    ["text/plain;; x=1", "text/plain", { x: "1" }],
    ['a/b; __proto__="1"', "a/b", { ["__proto__"]: "1" }],
  ])("reads %j", (header, type, parameters) => {
    const found = parseMediaType(header);
    expect(found?.type).toBe(type);
    expect(Object.entries(found?.parameters ?? {})).toEqual(Object.entries(parameters));
  });

  it.each([
    "",
    "json",
    "application/",
    "/json",
    " application/json",
    "\tapplication/json",
    "application/json ",
    "application/json\t",
    "application/json\t; charset=utf-8",
    "application/json; \tcharset=utf-8",
    "application/json garbage",
    "application/json, text/plain",
    "application/json; charset",
    "application/json; charset=",
    "application/json; charset =utf-8",
    "application/json; charset=utf-8 x",
    'application/json; charset="utf-8',
    'application/json; charset="utf-8"x',
    "application/json; charset=utf-8; charset=utf-7",
    "application/json; ",
    "application /json",
    "application/json/x",
    "application/json\0",
    "applicätion/json",
  ])("SEC-803: does not take %j for a media type", (header) => {
    expect(parseMediaType(header)).toBeUndefined();
  });
});
