import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HTTPError } from "../../src/errors.ts";
import { parseTarget } from "../../src/request/request-path.ts";
import { MimeTypes } from "../../src/response/mime-types.ts";
import {
  createStaticFiles,
  type FileOptions,
  type StaticFiles,
} from "../../src/response/static-files.ts";

const modified = new Date("2024-05-06T07:08:09Z");
let top: string;
let files: StaticFiles;

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), "quickstep-static-"));
  for (const folder of ["public/sub/.git", "public_backup", "private"]) {
    mkdirSync(join(top, folder), { recursive: true });
  }
  const contents = {
    "public/hello.txt": "hello\n",
    "public/page.html": "<p>static page</p>\n",
    "public/style.css": "body{}\n",
    "public/app.js": "1;\n",
    "public/data.json": '{"a":1}\n',
    "public/noext": "no extension\n",
    "public/odd.zzz": "odd\n",
    "public/pic.PNG": "not a real png\n",
    "public/sub/deep.txt": "deep\n",
    "public/with space.txt": "space\n",
    "public/100%25.txt": "escape\n",
    "public/日本.txt": "name\n",
    "public/empty.txt": "",
    "public/a:b.txt": "colon\n",
    "public/.hidden": "hidden\n",
    "public/sub/.git/config": "hidden\n",
    "public_backup/old.txt": "old backup\n",
    "private/report.csv": "a,b\n1,2\n",
    "secret.txt": "secret\n",
  };
  for (const [name, content] of Object.entries(contents)) {
    writeFileSync(join(top, name), content);
    utimesSync(join(top, name), modified, modified);
  }
  symlinkSync("hello.txt", join(top, "public/inside.txt"));
  symlinkSync("../../secret.txt", join(top, "public/out.txt"));
  symlinkSync("../../public_backup", join(top, "public/backup"));
  symlinkSync("/etc", join(top, "public/etc"));
  symlinkSync(".hidden", join(top, "public/shown.txt"));
  symlinkSync("loop", join(top, "public/loop"));
  symlinkSync("public", join(top, "current"));
  files = await createStaticFiles({ root: join(top, "public") });
});

afterAll(() => {
  rmSync(top, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

async function get(
  path: string,
  headers: IncomingHttpHeaders = {},
  options: FileOptions = {},
  method = "GET",
): Promise<Answer> {
  const answer = await files.send({ method, headers }, files.resolve(path), options);
  const body = Buffer.isBuffer(answer.body) ? answer.body : await buffer(answer.body);
  return { status: answer.status, headers: answer.headers, body: body.toString() };
}

const failing = (status: number) => expect.objectContaining({ status }) as HTTPError;

describe("find", () => {
  it.each([
    ["/hello.txt", "hello.txt"],
    ["//hello.txt", "hello.txt"],
    ["/sub//deep.txt", "sub/deep.txt"],
    ["/with%20space.txt", "with space.txt"],
    ["/100%2525.txt", "100%25.txt"],
    ["/inside.txt", "hello.txt"],
    ["/sub/../hello.txt", "hello.txt"],
    ["/./hello.txt", "hello.txt"],
    ["/empty.txt", "empty.txt"],
    ["/a:b.txt", undefined],
    ["/nothere.txt", undefined],
    ["/", undefined],
    ["/sub", undefined],
    ["/sub/", undefined],
    ["/hello.txt/", undefined],
    ["/hello.txt/x", undefined],
    ["/loop", undefined],
    [`/${"x".repeat(5000)}`, undefined],
    ["*", undefined],
  ])("of %.40s is %j", (url, expected) => {
    const file = files.find(parseTarget(url).path);
    expect(file?.path).toBe(expected && join(top, "public", expected));
  });

  const corpus = [
    ...["/../secret.txt", "/../../secret.txt", "/sub/../../secret.txt", "/..", "/../", "/sub/.."],
    ...[
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e%2fsecret.txt",
      "/sub%2f..%2f..%2fsecret.txt",
    ],
    ...[
      "/%252e%252e/secret.txt",
      "/..%252fsecret.txt",
      "/%252e%252e%252fsecret.txt",
      "/%25%32%65./secret.txt",
    ],
    ...[
      "/..\\secret.txt",
      "/..%5csecret.txt",
      "/%2e%2e%5csecret.txt",
      "/sub\\deep.txt",
      "/\\hello.txt",
    ],
    ...["/sub\\..\\..\\secret.txt", "\\\\host\\share", "/%5c%5chost%5cshare%5cx", "//host/share/x"],
    ...["/hello.txt%00", "/hello.txt%00.html", "/%00hello.txt", "/hello.txt\0"],
    ...["/c:/secret.txt", "/C:%5csecret.txt", "/c:secret.txt", "/sub/c:/x", "/hello.txt::$DATA"],
    ...["/.hidden", "/%2ehidden", "/sub/.git/config", "//.hidden", "/.../x", "/.", "/sub/..git"],
    ...["/out.txt", "/backup/old.txt", "/etc/passwd", "/shown.txt", "/sub/../out.txt"],
    ...["/../public_backup/old.txt", "/sub/../../../public_backup/old.txt", "_backup/old.txt"],
    ...[
      "/..;/secret.txt",
      "/....//secret.txt",
      "/%c0%ae%c0%ae/secret.txt",
      "/%u002e%u002e/secret.txt",
    ],
    ...[
      "http://h/../secret.txt",
      "/\u2025/secret.txt",
      "/\uFF0E\uFF0E/secret.txt",
      "/hello.txt.",
      "/~root",
    ],
  ];

  it.each(corpus)("SEC-809: finds nothing for %j, as a request", (url) => {
    let path: string;
    try {
      path = parseTarget(url).path;
    } catch (error) {
      expect(error).toMatchObject({ code: "path-invalid" });
      return;
    }
    expect(files.find(path)).toBeUndefined();
  });

  it.each([...corpus, join("/", "etc", "passwd")])(
    "SEC-809: finds nothing for %j, handed over as it is",
    (path) => {
      expect(files.find(path)).toBeUndefined();
      expect(() => files.resolve(path)).toThrow(failing(404));
    },
  );

  it("SEC-809: stays inside for any path", () => {
    const piece = fc.constantFrom(
      ...["/", "..", ".", "sub", "hello.txt", "secret.txt", "out.txt", "backup", "old.txt", "etc"],
      ...["passwd", "public_backup", "\\", "\0", "%2e", "%2f", ".hidden", "shown.txt", "c:"],
    );
    const allowed = ["hello.txt", "sub/deep.txt"].map((name) => join(top, "public", name));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const file = files.find(`/${pieces.join("")}`);
        if (file !== undefined) expect(allowed).toContain(file.path);
      }),
      { numRuns: 2000 },
    );
  });

  it("serves a public folder that is a link itself", async () => {
    const linked = await createStaticFiles({ root: join(top, "current") });
    expect(linked.find("/hello.txt")?.path).toBe(join(top, "public/hello.txt"));
    expect(linked.find("/out.txt")).toBeUndefined();
  });

  it("finds nothing without a public folder", async () => {
    expect((await createStaticFiles()).find("/hello.txt")).toBeUndefined();
    const absent = await createStaticFiles({ root: join(top, "absent") });
    expect(absent.find("/hello.txt")).toBeUndefined();
  });
});

describe("resolve", () => {
  it("takes names from the public folder, with or without a slash", () => {
    const path = join(top, "public/sub/deep.txt");
    expect(files.resolve("sub/deep.txt")).toEqual({ path });
    expect(files.resolve("/sub/deep.txt")).toEqual({ path });
    expect(files.resolve("sub/../sub/deep.txt")).toEqual({ path });
  });

  it("takes names from another folder and stays in it", () => {
    const root = join(top, "private");
    expect(files.resolve("report.csv", { root }).path).toBe(join(root, "report.csv"));
    for (const name of ["../../secret.txt", "../../public/hello.txt", "/etc/passwd", "..", ""]) {
      expect(() => files.resolve(name, { root })).toThrow(failing(404));
    }
    expect(() => files.resolve("x", { root: join(top, "absent") })).toThrow(failing(404));
  });

  it("takes a system path only when told so, and only an absolute one", () => {
    const path = join(top, "private/report.csv");
    expect(files.resolve(path, { systemPath: true })).toEqual({ path });
    expect(() => files.resolve(path)).toThrow(failing(404));
    for (const name of ["package.json", top, join(top, "absent"), `${path}\0`]) {
      expect(() => files.resolve(name, { systemPath: true })).toThrow(failing(404));
    }
  });

  it("keeps folders out of the message", () => {
    expect(() => files.resolve("/no/such/file", { systemPath: true })).toThrow(
      'there is no file "file" to send',
    );
  });
});

describe("send", () => {
  it.each([
    ["hello.txt", "text/plain; charset=utf-8"],
    ["page.html", "text/html; charset=utf-8"],
    ["style.css", "text/css; charset=utf-8"],
    ["app.js", "application/javascript; charset=utf-8"],
    ["data.json", "application/json"],
    ["noext", "application/data"],
    ["odd.zzz", "application/data"],
    ["pic.PNG", "image/png"],
  ])("gives %s the type %s, whatever the request says", async (name, type) => {
    const { headers } = await get(name, { "content-type": "text/html" });
    expect(headers["content-type"]).toBe(type);
  });

  it("sends the whole file with its length, date and tag", async () => {
    const { status, headers, body } = await get("hello.txt");
    expect({ status, body }).toEqual({ status: 200, body: "hello\n" });
    expect(headers).toEqual({
      "accept-ranges": "bytes",
      "content-length": "6",
      "content-type": "text/plain; charset=utf-8",
      etag: expect.stringMatching(/^W\/"[^"]+"$/) as string,
      "last-modified": "Mon, 06 May 2024 07:08:09 GMT",
    });
  });

  it.each(["with space.txt", "100%25.txt", "日本.txt", "empty.txt", "inside.txt"])(
    "sends %s",
    async (name) => {
      const { status, headers, body } = await get(name);
      expect(status).toBe(200);
      expect(headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    },
  );

  it("sends HEAD the same headers and no body", async () => {
    const head = await get("hello.txt", {}, {}, "HEAD");
    expect(head).toEqual({ ...(await get("hello.txt")), body: "" });
  });

  it.each([
    ["If-Modified-Since, later", { "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" }, 304],
    ["If-Modified-Since, same", { "if-modified-since": "Mon, 06 May 2024 07:08:09 GMT" }, 304],
    ["If-Modified-Since, earlier", { "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT" }, 200],
    ["If-Modified-Since, no date", { "if-modified-since": "yesterday" }, 200],
    ["If-None-Match, any", { "if-none-match": "*" }, 304],
    ["If-None-Match, other", { "if-none-match": '"x"' }, 200],
    [
      "If-None-Match over If-Modified-Since",
      { "if-none-match": '"x"', "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" },
      200,
    ],
  ])("answers %s", async (_, headers, status) => {
    const answer = await get("hello.txt", headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(status === 304 ? "" : "hello\n");
    expect("content-type" in answer.headers).toBe(status !== 304);
  });

  it("answers 304 to its own tag", async () => {
    const { headers } = await get("hello.txt");
    const again = await get("hello.txt", { "if-none-match": `"x", ${headers["etag"] ?? ""}` });
    expect(again.status).toBe(304);
    expect(again.headers["etag"]).toBe(headers["etag"]);
    expect(again.headers).not.toHaveProperty("content-length");
  });

  it.each([
    ["bytes=0-1", 206, "he", "bytes 0-1/6"],
    ["bytes=2-", 206, "llo\n", "bytes 2-5/6"],
    ["bytes=-2", 206, "o\n", "bytes 4-5/6"],
    ["bytes=0-100", 206, "hello\n", "bytes 0-5/6"],
    ["bytes=0-0,2-2", 200, "hello\n", undefined],
    ["lines=1-2", 200, "hello\n", undefined],
  ])("answers Range %s with %d", async (range, status, body, contentRange) => {
    const answer = await get("hello.txt", { range });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers["content-range"]).toBe(contentRange);
    expect(answer.headers["content-length"]).toBe(String(body.length));
  });

  it("refuses a range behind the end with 416 and the size", async () => {
    await expect(get("hello.txt", { range: "bytes=10-20" })).rejects.toMatchObject({
      status: 416,
      headers: { "Content-Range": "bytes */6" },
    });
  });

  it.each([{ "if-match": '"x"' }, { "if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT" }])(
    "refuses the condition %j, which fails, with 412",
    async (condition) => {
      await expect(get("hello.txt", condition)).rejects.toThrow(failing(412));
    },
  );

  it.each([
    ["text/markdown", "text/markdown; charset=utf-8"],
    ["text/csv; charset=latin1", "text/csv; charset=latin1"],
    ["json", "application/json"],
    ["nonsense", "application/data"],
  ])("sends the content type %s as %s", async (contentType, expected) => {
    const { headers } = await get("hello.txt", {}, { contentType });
    expect(headers["content-type"]).toBe(expected);
  });

  it("knows the app's own types before the library's", async () => {
    const mimeTypes = new MimeTypes("application/data");
    mimeTypes.addType("zzz", "text/x-odd");
    const own = await createStaticFiles({ root: join(top, "public"), mimeTypes });
    const { headers } = await own.send({ method: "HEAD", headers: {} }, own.resolve("odd.zzz"));
    expect(headers["content-type"]).toBe("text/x-odd; charset=utf-8");
  });

  it.each([
    ["my doc.txt", 'attachment; filename="my doc.txt"'],
    [
      "naïve €.txt",
      "attachment; filename=\"na?ve ?.txt\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt",
    ],
    ["é", "attachment; filename=\"?\"; filename*=UTF-8''%C3%A9"],
    ['a"b.txt', 'attachment; filename="a\\"b.txt"'],
  ])("offers %s for download", async (filename, expected) => {
    const { headers } = await get("hello.txt", {}, { filename });
    expect(headers["content-disposition"]).toBe(expected);
  });

  it("SEC-807: lets no line break into the header by the download's name", async () => {
    const { headers } = await get("hello.txt", {}, { filename: "a\r\nX-Evil: 1\0.txt" });
    expect(headers["content-disposition"]).toMatch(/^[\x20-\xff]+$/);
  });

  it("keeps another status and then heeds no condition or range", async () => {
    const headers = { range: "bytes=0-1", "if-none-match": "*" };
    expect(await get("hello.txt", headers, { status: 202 })).toMatchObject({
      status: 202,
      body: "hello\n",
    });
    expect(await get("hello.txt", headers, {}, "POST")).toMatchObject({
      status: 200,
      body: "hello\n",
    });
  });

  it("answers a small file as the library does, which knows the answer again", async () => {
    const path = join(top, "public/any.txt");
    const size = fc.oneof(fc.nat(100), fc.integer({ min: 65_530, max: 65_540 }));
    const seconds = fc.double({ min: 0, max: 4e9, noNaN: true });
    await fc.assert(
      fc.asyncProperty(size, seconds, fc.nat(255), async (length, at, byte) => {
        writeFileSync(path, Buffer.alloc(length, byte));
        utimesSync(path, at, at);
        const answer = await get("any.txt");
        // A range in another unit counts for nothing, and is the library's to look at.
        expect(answer).toEqual(await get("any.txt", { range: "lines=1-2" }));
        const { etag = "", "last-modified": date = "" } = answer.headers;
        expect((await get("any.txt", { "if-none-match": etag })).status).toBe(304);
        expect((await get("any.txt", { "if-modified-since": date })).status).toBe(304);
        expect((await get("any.txt", { "if-unmodified-since": date })).status).toBe(200);
      }),
    );
  });

  it("reads a file of up to 64 KB at once, and a larger one while it is sent", async () => {
    const bodyOf = async (length: number) => {
      writeFileSync(join(top, "public/long.txt"), "x".repeat(length));
      const sent = files.send({ method: "GET", headers: {} }, files.resolve("long.txt"));
      const { body } = await sent;
      if (!Buffer.isBuffer(body)) body.destroy();
      return [sent instanceof Promise, Buffer.isBuffer(body)];
    };
    expect(await bodyOf(65_536)).toEqual([false, true]);
    expect(await bodyOf(65_537)).toEqual([true, false]);
  });

  it("answers 404 when the file went away after it was found", async () => {
    const path = join(top, "public/brief.txt");
    writeFileSync(path, "x");
    const file = files.resolve("brief.txt");
    rmSync(path);
    await expect(files.send({ method: "GET", headers: {} }, file)).rejects.toThrow(failing(404));
  });

  it.skipIf(process.getuid?.() === 0)("answers 403 to a file it may not read", async () => {
    const path = join(top, "public/locked.txt");
    writeFileSync(path, "x");
    chmodSync(path, 0);
    await expect(get("locked.txt")).rejects.toThrow(failing(403));
  });
});
