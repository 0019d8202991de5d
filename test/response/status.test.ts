import { describe, expect, it } from "vitest";
import { MimeTypes, isText } from "../../src/response/mime-types.ts";
import { statusText, toStatus } from "../../src/response/status.ts";

describe("a status", () => {
  it.each([
    [201, 201],
    ["299", 299],
    [999, 999],
    ["ok", 200],
    ["no_content", 204],
    ["moved_permanently", 301],
    ["see_other", 303],
    ["switch_proxy", 306],
    ["temporary_redirect", 307],
    ["Not Found", 404],
    ["request_entity_too_large", 413],
    ["payload_too_large", 413],
    ["content_too_large", 413],
    ["request_uri_too_long", 414],
    ["Request-URI Too Long", 414],
    ["requested_range_not_satisfiable", 416],
    ["range_not_satisfiable", 416],
    ["i_m_a_teapot", 418],
    ["I'm a teapot", 418],
    ["unprocessable_entity", 422],
    ["unprocessable_content", 422],
    ["too_many_requests", 429],
    ["error", 500],
    ["internal_server_error", 500],
    ["http_version_not_supported", 505],
  ])("may be given as %j", (value, code) => {
    expect(toStatus(value)).toBe(code);
  });

  it.each(["bogus", "", "constructor", "__proto__", "99", "1000", 99, 1000, 200.5, NaN, -1])(
    "is not %j",
    (value) => {
      expect(toStatus(value)).toBeUndefined();
    },
  );

  it("has a text", () => {
    expect(statusText(404)).toBe("Not Found");
    expect(statusText(299)).toBe("Status 299");
  });
});

describe("media types", () => {
  function createTypes(): MimeTypes {
    const types = new MimeTypes("application/data");
    types.addType("foo", "text/foo");
    types.addAlias("f", "foo");
    types.addAlias("jp", "jpg");
    return types;
  }

  it.each([
    ["json", "application/json"],
    ["html", "text/html"],
    ["txt", "text/plain"],
    ["xml", "application/xml"],
    ["css", "text/css"],
    ["js", "application/javascript"],
    ["png", "image/png"],
    ["PNG", "image/png"],
    [".svg", "image/svg+xml"],
    ["text/weird", "text/weird"],
    ["foo", "text/foo"],
    ["f", "text/foo"],
    ["jp", "image/jpeg"],
    ["nonsense", "application/data"],
    ["constructor", "application/data"],
    ["__proto__", "application/data"],
  ])("have the name %s", (name, type) => {
    expect(createTypes().forName(name)).toBe(type);
  });

  it.each([
    ["/a/b.c/page.html", "text/html"],
    ["/a/b.FOO", "text/foo"],
    ["/a.html/b", "application/data"],
    ["archive.tar.gz", "application/gzip"],
    ["json", "application/data"],
  ])("belong to the file %s", (file, type) => {
    expect(createTypes().forFile(file)).toBe(type);
  });

  it.each([
    ["text/plain", true],
    ["Text/HTML; charset=utf-8", true],
    ["application/json", true],
    ["application/problem+json", true],
    ["application/javascript", true],
    ["application/xml", true],
    ["application/atom+xml", true],
    ["image/svg+xml", true],
    ["image/png", false],
    ["application/octet-stream", false],
    ["application/pdf", false],
  ])("are text or not: %s", (type, text) => {
    expect(isText(type)).toBe(text);
  });
});
