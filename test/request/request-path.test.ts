import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HTTPError } from "../../src/errors.ts";
import { parseTarget } from "../../src/request/request-path.ts";

const pathOf = (url: string) => parseTarget(url).path;

/** The path, or nothing for one that leads above the root. */
function pathOrNothing(url: string): string | undefined {
  try {
    return pathOf(url);
  } catch (error) {
    expect(error).toMatchObject({ status: 404, code: "path-invalid" });
    return undefined;
  }
}

/** The loop of section 5.2.4, to the letter. (URL is no oracle: in node 20 it keeps the end of "//.b/.".) */
function rfc3986(path: string): string {
  let input = path;
  let output = "";
  while (input !== "") {
    if (input.startsWith("/./")) input = input.slice(2);
    else if (input === "/.") input = "/";
    else if (input.startsWith("/../") || input === "/..") {
      input = input === "/.." ? "/" : input.slice(3);
      output = output.slice(0, Math.max(0, output.lastIndexOf("/")));
    } else {
      const next = input.indexOf("/", 1);
      const end = next === -1 ? input.length : next;
      output += input.slice(0, end);
      input = input.slice(end);
    }
  }
  return output;
}

describe("parseTarget", () => {
  it.each([
    ["/", "/", ""],
    ["/a/b", "/a/b", ""],
    ["/a?b=1", "/a", "b=1"],
    ["/a?b=1?c", "/a", "b=1?c"],
    ["/a?", "/a", ""],
    ["/?x=%zz", "/", "x=%zz"],
    ["/a?x=/../y", "/a", "x=/../y"],
    ["http://h/p?q", "/p", "q"],
    ["HTTPS://h:8080/p/../q", "/q", ""],
    ["http://user@h", "/", ""],
    ["http://h?q", "/", "q"],
    ["*", "*", ""],
    ["?a=1", "/", "a=1"],
    ["", "/", ""],
  ])("takes %j apart", (url, path, query) => {
    expect(parseTarget(url)).toEqual({ path, query });
  });

  it.each([
    ["/caf%C3%A9", "/café"],
    ["/with%20space.txt", "/with space.txt"],
    ["/a+b", "/a+b"],
    ["/a%2Fb", "/a/b"],
    ["/%252e%252e/x", "/%2e%2e/x"],
    ["/100%25", "/100%"],
    ["/noslash%0A", "/noslash\n"],
    ["/a%3Fb?c", "/a?b"],
    ["/caf\u00C3\u00A9", "/café"],
    ["/日本", "/日本"],
  ])("SEC-809: decodes %s once", (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  it("reads raw bytes in the query as UTF-8", () => {
    expect(parseTarget("/?a=caf\u00C3\u00A9&b=\u00E9").query).toBe("a=café&b=\uFFFD");
  });

  it.each([
    ["/sub/../hello.txt", "/hello.txt"],
    ["/a/./b", "/a/b"],
    ["/./x", "/x"],
    ["/.", "/"],
    ["/a/.", "/a/"],
    ["/a/..", "/"],
    ["/a/b/..", "/a/"],
    ["/a/b/../..", "/"],
    ["/a%2f..%2fx", "/x"],
    ["/a/%2E./x", "/x"],
    ["/a/...", "/a/..."],
    ["/.hidden", "/.hidden"],
    ["/a/..b", "/a/..b"],
    ["//a//b/", "//a//b/"],
    ["//hello.txt", "//hello.txt"],
    ["/a//../b", "/a/b"],
    ["//../x", "/x"],
  ])("SEC-809: makes %s into %s", (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  it.each([
    "/%",
    "/%4",
    "/%zz",
    "/a%",
    "/%E9",
    "/%C0%AE%C0%AE/x",
    "/%ED%A0%80",
    "/\u00E9",
    "/hello.txt%00.html",
    "/%00",
    "/\0",
    "no-slash",
    "host:443",
    "http:/x",
    "#a",
  ])("SEC-809: refuses %j with 400", (url) => {
    try {
      parseTarget(url);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(HTTPError);
      expect(error).toMatchObject({ status: 400, code: "path-invalid" });
    }
  });

  it.each([
    "/..",
    "/../x",
    "/../../x",
    "/%2e%2e/secret.txt",
    "/%2E./secret.txt",
    "/..%2fsecret.txt",
    "/a%2f..%2f..%2fx",
    "/sub/../../../public_backup/old.txt",
    "/a/../../a",
  ])("SEC-809: finds nothing above the root: %s", (url) => {
    expect(() => parseTarget(url)).toThrow(
      expect.objectContaining({ status: 404, code: "path-invalid" }) as Error,
    );
  });

  it("SEC-809: never yields a dot segment", () => {
    const piece = fc.constantFrom("/", ".", "..", "%2e", "%2F", "%2f", "a", "%25", "2e", "\\", "?");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const path = pathOrNothing(`/${pieces.join("")}`);
        if (path === undefined) return;
        expect(path.startsWith("/")).toBe(true);
        expect(path.split("/")).not.toContain("..");
        expect(path.split("/")).not.toContain(".");
      }),
      { numRuns: 1000 },
    );
  });

  it("resolves dot segments as RFC 3986 does", () => {
    const piece = fc.constantFrom("/", ".", "..", "a", "b");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const path = `/${pieces.join("")}`;
        const found = pathOrNothing(path);
        if (found !== undefined) expect(found).toBe(rfc3986(path));
      }),
      { numRuns: 1000 },
    );
  });

  it("gives every encoded path back", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (segments) => {
        fc.pre(segments.every((one) => !/[/\0]|^\.\.?$/.test(one)));
        expect(pathOf(`/${segments.map(encodeURIComponent).join("/")}`)).toBe(
          `/${segments.join("/")}`,
        );
      }),
    );
  });
});
