import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseCookies,
  rawCookie,
  serializeCookie,
  splitCookie,
  type CookieOptions,
} from "../../src/request/cookies.ts";
import { ResponseError } from "../../src/errors.ts";

const parse = (header: string | undefined) => ({ ...parseCookies(header) });
const coded = (code: string) => expect.objectContaining({ code }) as ResponseError;

describe("parseCookies", () => {
  it.each([
    [undefined, {}],
    ["", {}],
    ["a=1", { a: "1" }],
    ["a=1; b=2", { a: "1", b: "2" }],
    ["a=1;b=2", { a: "1", b: "2" }],
    ["\ta = 1 ;\t b\t=2 ", { a: "1", b: "2" }],
    ["a=b=c", { a: "b=c" }],
    ["a=", { a: "" }],
    ["a", {}],
    ["a; b=1; ;", { b: "1" }],
    ['a="quoted"', { a: '"quoted"' }],
    ["a=b c", { a: "b c" }],
    ["a=1, b=2", { a: "1, b=2" }],
    ["A=1; a=2", { A: "1", a: "2" }],
    ["a=%20%C3%A9%3B", { a: " é;" }],
    ["a=x+y", { a: "x+y" }],
    ["a=%zz; b=%E9; c=100%; d=1", { a: "%zz", b: "%E9", c: "100%", d: "1" }],
    ["=nameless", { "": "nameless" }],
  ])("SEC-212: reads %j", (header, expected) => {
    expect(parse(header)).toEqual(expected);
  });

  it("keeps the last of several with one name, as Dancer does", () => {
    expect(parse("dancer.session=1; dancer.session=REAL")).toEqual({ "dancer.session": "REAL" });
    expect(parse("a=1; a=2; b=3; a=")).toEqual({ a: "", b: "3" });
  });

  it.each(["\u00A0", "\u000B", "\u000C", "\u2003", "\uFEFF", "\r", "\n", "\0"])(
    "SEC-212: does not trim %j from a name",
    (space) => {
      const header = `${space}__Host-a=1; ${space}b=2`;
      expect(parse(header)).toEqual({ [`${space}__Host-a`]: "1", [`${space}b`]: "2" });
      expect(rawCookie(header, "__Host-a")).toBeUndefined();
      expect(rawCookie(header, "b")).toBeUndefined();
    },
  );

  it("SEC-212: holds __proto__ and other inherited names harmlessly", () => {
    const cookies = parseCookies("__proto__=x; constructor=y; a=1");
    expect(Object.keys(cookies).sort()).toEqual(["__proto__", "a", "constructor"]);
    expect(Object.entries(cookies)).toContainEqual(["constructor", "y"]);
    expect("toString" in parseCookies("a=1")).toBe(false);
    expect("toString" in parseCookies(undefined)).toBe(false);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each([
    ["pairs", "a=1;".repeat(4096)],
    ["separators", ";".repeat(16_384)],
    ["pieces without a value", `${"a;".repeat(8190)}b=1`],
    ["equals signs", "=".repeat(16_384)],
    ["spaces", `a${" ".repeat(16_380)}=1`],
    ["escapes", `a=${"%41".repeat(5460)}`],
    ["one name over and over", `${"a=%;".repeat(4095)}a=2`],
  ])("SEC-212: takes under 10 ms for 16 KB of %s", (_, header) => {
    const fastest = Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = performance.now();
        parseCookies(header);
        rawCookie(header, "nowhere");
        return performance.now() - start;
      }),
    );
    expect(fastest).toBeLessThan(10);
  });
});

describe("rawCookie", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    ["a=1", "1"],
    ["b=2; a=1", "1"],
    ["a=1; a=2", "2"],
    ["a=1;a", "1"],
    ["a=%20; b=1", "%20"],
    [" a\t=\t1 ;", "1"],
    ["a=x=y", "x=y"],
    ["a=", ""],
    ["a", undefined],
    ["aa=1; xa=2; A=3", undefined],
    ["b=a=1", undefined],
    [";;;", undefined],
    [";a=1", "1"],
  ])("finds a in %j", (header, expected) => {
    expect(rawCookie(header, "a")).toBe(expected);
  });

  it("agrees with parseCookies on any header", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("ab=; \t1\u00A0")) }),
        (header) => {
          const cookies = parseCookies(header);
          for (const name of ["a", "b", "ab", "1"]) {
            expect(rawCookie(header, name)).toBe(cookies[name]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("serializeCookie", () => {
  it.each([
    ["plain", "one", {}, "a=one; Path=/; HttpOnly"],
    ["number", 5, {}, "a=5; Path=/; HttpOnly"],
    ["empty", "", {}, "a=; Path=/; HttpOnly"],
    ["list", ["a", "b&c", "d"], {}, "a=a&b%26c&d; Path=/; HttpOnly"],
    ["map", { k: "v 1" }, {}, "a=k&v%201; Path=/; HttpOnly"],
    [
      "special characters",
      'a b;c,d="f\\g/h%',
      {},
      "a=a%20b%3Bc%2Cd%3D%22f%5Cg%2Fh%25; Path=/; HttpOnly",
    ],
    ["line breaks", "\r\n\0é🐪", {}, "a=%0D%0A%00%C3%A9%F0%9F%90%AA; Path=/; HttpOnly"],
    ["no HttpOnly", "v", { httpOnly: false }, "a=v; Path=/"],
    ["no path", "v", { path: "" }, "a=v; HttpOnly"],
    ["raw", "x/y+z==&", { raw: true }, "a=x/y+z==&; Path=/; HttpOnly"],
    ["age", "v", { maxAge: -1 }, "a=v; Max-Age=-1; Path=/; HttpOnly"],
    [
      "date",
      "v",
      { expires: new Date(Date.UTC(2037, 9, 21, 7, 28)) },
      "a=v; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT; HttpOnly",
    ],
    ["epoch", "v", { expires: 0 }, "a=v; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly"],
    ["site", "v", { sameSite: "Lax" }, "a=v; Path=/; HttpOnly; SameSite=Lax"],
    ["site, lower case", "v", { sameSite: "strict" }, "a=v; Path=/; HttpOnly; SameSite=Strict"],
    ["priority", "v", { priority: "HIGH" }, "a=v; Path=/; HttpOnly; Priority=High"],
    [
      "all",
      "v",
      { path: "/sub", domain: ".app.test", secure: true, partitioned: true, sameSite: "NONE" },
      "a=v; Domain=.app.test; Path=/sub; HttpOnly; Secure; Partitioned; SameSite=None",
    ],
  ] as const)("writes %s", (_, value, options, expected) => {
    expect(serializeCookie("a", value, options)).toBe(expected);
  });

  const bad = ["\0", "\n", "\r", "\t", "\u001F", "\u007F", ";", "é", "\u00A0", "日", "\uD800"];
  const fields: Record<string, (culprit: string) => string> = {
    name: (culprit) => serializeCookie(`a${culprit}b`, "v"),
    "raw value": (culprit) => serializeCookie("a", `v${culprit}w`, { raw: true }),
    path: (culprit) => serializeCookie("a", "v", { path: `/x${culprit}y` }),
    domain: (culprit) => serializeCookie("a", "v", { domain: `app${culprit}.test` }),
    sameSite: (culprit) => serializeCookie("a", "v", { sameSite: `Lax${culprit}` }),
    priority: (culprit) => serializeCookie("a", "v", { priority: `Low${culprit}` }),
    maxAge: (culprit) => serializeCookie("a", "v", { maxAge: `1${culprit}` as unknown as number }),
    expires: (culprit) =>
      serializeCookie("a", "v", { expires: `Wed${culprit}` as unknown as number }),
  };
  describe.each(Object.keys(fields))("SEC-211: %s", (field) => {
    it.each(bad)("refuses %j", (culprit) => {
      expect(() => fields[field]!(culprit)).toThrow(coded("cookie-invalid"));
      expect(() => fields[field]!(culprit)).toThrow(ResponseError);
    });
  });

  it.each(bad.slice(0, -1))("SEC-211: writes %j in a value as escapes only", (culprit) => {
    expect(serializeCookie("a", culprit, { path: "" })).toMatch(/^a=(?:%[0-9A-F]{2})+; HttpOnly$/);
  });

  it.each([
    ["half a surrogate pair", "a", "\uD800", {}],
    ["an empty name", "", "v", {}],
    ["a name with a space", "a b", "v", {}],
    ["a name with an equals sign", "a=b", "v", {}],
    ["a raw space", "a", "v w", { raw: true }],
    ["a raw comma", "a", "v,w", { raw: true }],
    ["a raw quote", "a", 'v"', { raw: true }],
    ["a raw list with a space", "a", ["v w"], { raw: true }],
    ["a relative path", "a", "v", { path: "sub" }],
    ["a domain with a port", "a", "v", { domain: "app.test:80" }],
    ["a domain with a space", "a", "v", { domain: "app test" }],
    ["a fraction of a second", "a", "v", { maxAge: 1.5 }],
    ["no number", "a", "v", { maxAge: NaN }],
    ["no end", "a", "v", { maxAge: Infinity }],
    ["an invalid date", "a", "v", { expires: new Date(NaN) }],
    ["the year 10000", "a", "v", { expires: new Date(Date.UTC(10_000, 0)) }],
    ["an unknown site rule", "a", "v", { sameSite: "sometimes" }],
    ["an empty site rule", "a", "v", { sameSite: "" }],
    ["an unknown priority", "a", "v", { priority: "urgent" }],
    ["SameSite=None without Secure", "a", "v", { sameSite: "None" }],
    ["Partitioned without Secure", "a", "v", { partitioned: true }],
    ["__Secure- without Secure", "__Secure-a", "v", {}],
    ["__Host- without Secure", "__host-a", "v", {}],
    ["__Host- with a domain", "__Host-a", "v", { secure: true, domain: "app.test" }],
    ["__Host- with another path", "__Host-a", "v", { secure: true, path: "/x" }],
  ] satisfies [string, string, string | string[], CookieOptions][])(
    "SEC-211: refuses %s",
    (_, name, value, options) => {
      expect(() => serializeCookie(name, value, options)).toThrow(coded("cookie-invalid"));
    },
  );

  it("quotes field and culprit, escaped", () => {
    expect(() => serializeCookie("a", "v", { path: "/x\ny" })).toThrow(
      "this cookie cannot be sent: a: option path is invalid: /x\\ny",
    );
  });

  it("accepts __Host- as it has to be", () => {
    expect(serializeCookie("__Host-a", "v", { secure: true })).toBe(
      "__Host-a=v; Path=/; HttpOnly; Secure",
    );
  });

  it.each([
    [4095, "a", "v"],
    [4096, "a", "v"],
  ])("SEC-205: accepts %d bytes of name and value", (size) => {
    expect(() => serializeCookie("name", "v".repeat(size - 4))).not.toThrow();
  });

  it("SEC-205: refuses 4097 bytes of name and value, counted as sent", () => {
    const large = coded("cookie-too-large");
    expect(() => serializeCookie("name", "v".repeat(4093))).toThrow(large);
    expect(() => serializeCookie("name", "v".repeat(4093), { raw: true })).toThrow(large);
    expect(() => serializeCookie("name", "é".repeat(682))).not.toThrow();
    expect(() => serializeCookie("name", "é".repeat(683))).toThrow(large);
  });

  it("SEC-205: refuses an attribute over 1024 bytes", () => {
    const path = (length: number) => "/".padEnd(length, "x");
    expect(() => serializeCookie("a", "v", { path: path(1024) })).not.toThrow();
    expect(() => serializeCookie("a", "v", { path: path(1025) })).toThrow(
      coded("cookie-too-large"),
    );
    expect(() => serializeCookie("a", "v", { domain: `${"a.".repeat(600)}test` })).toThrow(
      coded("cookie-too-large"),
    );
  });

  it("gives every value back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (value) => {
        const [pair = ""] = serializeCookie("a", value).split("; ");
        expect(pair).toMatch(/^[!-~]+$/);
        expect(parse(`z=1; ${pair}; b=2`)).toEqual({ z: "1", a: value, b: "2" });
      }),
    );
  });

  it("gives every list back", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (list) => {
        const raw = rawCookie(serializeCookie("a", list, { path: "", httpOnly: false }), "a");
        expect(splitCookie(raw ?? "")).toEqual(list);
      }),
    );
  });

  it("never lets a second attribute or line in", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, text, fc.boolean(), (name, value, path, domain, raw) => {
        try {
          const line = serializeCookie(name, value, { path: `/${path}`, domain, raw });
          expect(line).toMatch(/^[ -~]+$/);
          expect(line.split(";")).toHaveLength(domain === "" ? 3 : 4);
        } catch (error) {
          if (!(error instanceof ResponseError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("splitCookie", () => {
  it("takes a list apart before decoding, as Dancer does", () => {
    expect(splitCookie("a&b%26c&d")).toEqual(["a", "b&c", "d"]);
    expect(splitCookie("k&v%201")).toEqual(["k", "v 1"]);
    expect(splitCookie("")).toEqual([""]);
    expect(splitCookie("%zz&%41")).toEqual(["%zz", "A"]);
  });
});
