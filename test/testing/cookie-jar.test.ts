import { describe, expect, it } from "vitest";
import { CookieJar } from "../../src/testing/index.ts";

const day = 86_400_000;
const now = Date.UTC(2030, 0, 1);
const url = "https://shop.example.com/cart/items";

/** The Cookie header that comes of these Set-Cookie texts. */
function sent(texts: readonly string[], from = url, to = from): string {
  const jar = new CookieJar(() => now);
  for (const text of texts) jar.store(from, text);
  return jar.header(to);
}

describe("a cookie jar after RFC 6265bis", () => {
  it.each([
    ["a=1", "a=1"],
    ["a = 1 ; Path=/", "a=1"],
    ["a=1=2", "a=1=2"],
    ['a="b c"', 'a="b c"'],
    ["alone", "alone"],
    ["=value", "value"],
    ["a=", "a="],
    ["", ""],
    ["=", ""],
    ["a\u00a0=1", "a\u00a0=1"],
    ["a=1\u0000", ""],
    ["a=1\u007f", ""],
    ["a=\t1", "a=1"],
    [`a=${"x".repeat(4095)}`, `a=${"x".repeat(4095)}`],
    [`a=${"x".repeat(4096)}`, ""],
    [`a=1; Path=/${"x".repeat(1024)}`, "a=1"],
    ["a=1; Path=/elsewhere", ""],
    ["a=1; Path=/cart", "a=1"],
    ["a=1; Path=/car", ""],
    ["a=1; Path=relative", "a=1"],
    ["a=1; Domain=example.com", "a=1"],
    ["a=1; Domain=.EXAMPLE.com", "a=1"],
    ["a=1; Domain=example.org", ""],
    ["a=1; Domain=com", ""],
    ["a=1; Domain=deep.shop.example.com", ""],
    ["a=1; Max-Age=0", ""],
    ["a=1; Max-Age=-5", ""],
    ["a=1; Max-Age=soon", "a=1"],
    ["a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1"],
    ["a=1; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT", ""],
    ["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=nonsense", ""],
    ["a=1; SameSite=None", ""],
    ["a=1; SameSite=None; Secure", "a=1"],
    ["__Host-a=1; Secure; Path=/", "__Host-a=1"],
    ["__host-a=1; Secure", ""],
    ["__Host-a=1; Secure; Path=/; Domain=shop.example.com", ""],
    ["__Secure-a=1", ""],
    ["__Http-a=1; Secure", ""],
    ["__Http-a=1; Secure; HttpOnly", "__Http-a=1"],
    ["__Host-Http-a=1; Secure; Path=/", ""],
    ["=__Host-a=1", ""],
  ])("keeps of %j for the next request: %j", (text, expected) => {
    expect(sent([text])).toBe(expected);
  });

  it("sends Secure cookies over TLS and to this machine only, and takes them from nowhere else", () => {
    expect(sent(["a=1; Secure; Path=/"], url, "http://shop.example.com/")).toBe("");
    expect(sent(["a=1; Secure"], "http://shop.example.com/")).toBe("");
    for (const own of ["http://localhost:3000/", "http://127.0.0.1/", "http://[::1]/"]) {
      expect(sent(["a=1; Secure"], own)).toBe("a=1");
    }
  });

  it("lets plain http overlay no Secure cookie", () => {
    const jar = new CookieJar(() => now);
    jar.store(url, "a=secret; Secure; Path=/; Domain=example.com");
    expect(jar.store("http://shop.example.com/cart", "a=planted; Path=/")).toBe(false);
    expect(jar.store("http://shop.example.com/cart", "b=other; Path=/")).toBe(true);
    expect(jar.value("a")).toBe("secret");
  });

  it("keeps host-only cookies to their host, and none of a domain at an address", () => {
    expect(sent(["a=1; Path=/"], url, "https://deep.shop.example.com/")).toBe("");
    const wide = "a=1; Path=/; Domain=example.com";
    expect(sent([wide], url, "https://example.com/")).toBe("a=1");
    expect(sent([wide], url, "https://notexample.com/")).toBe("");
    expect(sent(["a=1; Domain=0.0.1"], "https://127.0.0.1/")).toBe("");
  });

  it("puts longer paths first, then older cookies, and keeps the age of one that is replaced", () => {
    const jar = new CookieJar(() => now);
    for (const text of ["a=1; Path=/", "b=1; Path=/", "c=1; Path=/cart", "a=2; Path=/"]) {
      jar.store(url, text);
    }
    expect(jar.header(url)).toBe("c=1; a=2; b=1");
  });

  it("keeps no cookie beyond 400 days", () => {
    const jar = new CookieJar(() => now);
    jar.store(url, "a=1; Max-Age=99999999");
    jar.store(url, "b=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT");
    expect(jar.cookies.map(({ expires }) => expires)).toEqual([now + 400 * day, now + 400 * day]);
  });

  it("asks SameSite what goes along from other sites", () => {
    const jar = new CookieJar(() => now);
    for (const text of [
      "strict=1; SameSite=Strict",
      "lax=1; SameSite=Lax",
      "plain=1",
      "none=1; SameSite=None; Secure",
    ]) {
      jar.store(url, text);
    }
    expect(jar.header(url, { crossSite: true })).toBe("lax=1; plain=1; none=1");
    expect(jar.header(url, { crossSite: true, method: "POST" })).toBe("none=1");
    expect(jar.header(url)).toContain("strict=1");
  });

  it.each([
    ["Wed, 09 Jun 2100 10:18:14 GMT", "2100-06-09T10:18:14.000Z"],
    ["Wednesday, 09-Jun-68 10:18:14 GMT", "2068-06-09T10:18:14.000Z"],
    ["09 june 2068 1:2:3", "2068-06-09T01:02:03.000Z"],
    ["Jun 9 10:18:14 2068", "2068-06-09T10:18:14.000Z"],
    ["Wed, 31 Jun 2068 10:18:14 GMT", undefined],
    ["Wed, 09 Jun 2068 24:00:00 GMT", undefined],
    ["Wed, 09 Jun 1600 10:00:00 GMT", undefined],
    ["tomorrow", undefined],
  ])("reads the date %j as %s", (text, expected) => {
    const jar = new CookieJar(() => Date.UTC(2068, 0, 1));
    jar.store(url, `a=1; Expires=${text}`);
    const expires = jar.cookies[0]?.expires;
    const latest = Date.UTC(2068, 0, 1) + 400 * day;
    const wanted = expected === undefined ? undefined : Math.min(Date.parse(expected), latest);
    expect(expires).toBe(wanted);
  });
});
