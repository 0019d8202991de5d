import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { tempFolder, visit } from "../support/app.ts";
import { createApp } from "../support/app.ts";
import { ask, whileServing } from "./support.ts";

const folder = tempFolder({
  "public/doc.txt": "public doc\n",
  "public/sub/pic.png": "png bytes\n",
  "private/report.csv": "a,b\n1,2\n",
  "secret.txt": "secret\n",
});
symlinkSync("../secret.txt", join(folder, "public/link.txt"));
const report = join(folder, "private/report.csv");
let ran = 0;

const app = createApp(
  { session: null },
  (it) => {
    it.hook("after", ({ header }) => header("X-After", "ran"));
    it.any(["get", "post"], "/doc", ({ sendFile }) => {
      sendFile("doc.txt");
      ran += 1;
    });
    it.get("/slash", ({ sendFile }) => sendFile("/doc.txt"));
    it.get("/sub", ({ sendFile }) => sendFile("sub/pic.png"));
    it.get("/type", ({ sendFile }) => sendFile("doc.txt", { contentType: "text/markdown" }));
    it.get("/alias", ({ sendFile }) => sendFile("doc.txt", { contentType: "json" }));
    it.get("/name", ({ sendFile }) => sendFile("doc.txt", { filename: 'my "doc" 日.txt' }));
    it.get("/system", ({ sendFile }) => sendFile(report, { systemPath: true }));
    it.get("/no-system", ({ sendFile }) => sendFile(report));
    it.get("/relative-system", ({ sendFile }) => sendFile("secret.txt", { systemPath: true }));
    it.get("/missing", ({ sendFile }) => sendFile("nothere.txt"));
    it.get("/missing-system", ({ sendFile }) => sendFile("/no/such/file", { systemPath: true }));
    it.get("/user", ({ sendFile, param }) => sendFile(param("f") ?? ""));
    it.get("/data", ({ sendFile }) => sendFile("some data\n", { data: true }));
    it.get("/data-type", ({ sendFile }) =>
      sendFile("a;b\n", { data: true, contentType: "text/csv", filename: "data.csv" }),
    );
    it.get("/bytes", ({ sendFile }) => sendFile(Buffer.from("bytes")));
    it.get("/stream", ({ sendFile }) => sendFile(Readable.from(["str", "eam"])));
    it.get("/bad-stream", ({ sendFile }) =>
      sendFile(
        new Readable({
          read() {
            this.destroy(new Error("broken"));
          },
        }),
      ),
    );
    it.get("/status", ({ sendFile, status, header }) => {
      status(202);
      header("X-Own", 1);
      sendFile("doc.txt");
    });
    it.get("/set-type", ({ sendFile, contentType }) => (contentType("css"), sendFile("doc.txt")));
    it.get("/later", async ({ sendFile }) => {
      await Promise.resolve();
      return sendFile("doc.txt");
    });
  },
  { appdir: folder },
);

describe("sendFile", () => {
  it.each([
    ["/doc", 200, "text/plain; charset=utf-8", "public doc\n"],
    ["/slash", 200, "text/plain; charset=utf-8", "public doc\n"],
    ["/sub", 200, "image/png", "png bytes\n"],
    ["/type", 200, "text/markdown; charset=utf-8", "public doc\n"],
    ["/alias", 200, "application/json; charset=utf-8", "public doc\n"],
    ["/system", 200, "text/csv; charset=utf-8", "a,b\n1,2\n"],
    ["/user?f=doc.txt", 200, "text/plain; charset=utf-8", "public doc\n"],
    ["/data", 200, "application/data", "some data\n"],
    ["/data-type", 200, "text/csv; charset=utf-8", "a;b\n"],
    ["/bytes", 200, "application/data", "bytes"],
    ["/stream", 200, "application/data", "stream"],
    ["/status", 202, "text/plain; charset=utf-8", "public doc\n"],
    ["/set-type", 200, "text/plain; charset=utf-8", "public doc\n"],
    ["/later", 200, "text/plain; charset=utf-8", "public doc\n"],
  ])("SEC-820 at %s answers %i %s", async (path, status, type, body) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.header("content-type"), reply.text]).toEqual([status, type, body]);
    expect(reply.header("x-after")).toBe("ran");
    expect(ran).toBe(0);
  });

  it.each([
    "/missing",
    "/missing-system",
    "/no-system",
    "/relative-system",
    "/user?f=../secret.txt",
    "/user?f=%2e%2e%2fsecret.txt",
    "/user?f=..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/user?f=/etc/passwd",
    "/user?f=sub/../../secret.txt",
    "/user?f=..%5csecret.txt",
    "/user?f=doc.txt%00",
    "/user?f=link.txt",
    "/user?f=sub",
    "/user?f=",
  ])("SEC-809 at %s answers 404 and runs the after hooks", async (path) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.header("x-after")]).toEqual([404, "ran"]);
    expect(reply.text).not.toMatch(/secret\n|root:|a,b/);
  });

  it("keeps headers that were set before", async () => {
    expect((await visit(app).get("/status")).header("x-own")).toBe("1");
  });

  it("offers a download under any name", async () => {
    const reply = await visit(app).get("/name");
    expect(reply.header("content-disposition")).toBe(
      `attachment; filename="my \\"doc\\" ?.txt"; filename*=UTF-8''my%20%22doc%22%20%E6%97%A5.txt`,
    );
    expect((await visit(app).get("/data-type")).header("content-disposition")).toBe(
      'attachment; filename="data.csv"',
    );
  });

  it("honours ranges and conditions for GET and HEAD only", async () => {
    const client = visit(app);
    const range = await client.get("/doc", { headers: { range: "bytes=0-5" } });
    expect([range.status, range.text, range.header("content-range")]).toEqual([
      206,
      "public",
      "bytes 0-5/11",
    ]);
    const whole = await client.get("/doc");
    const etag = whole.header("etag") ?? "";
    const fresh = await client.get("/doc", { headers: { "if-none-match": etag } });
    expect([fresh.status, fresh.text]).toEqual([304, ""]);
    const since = { "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" };
    expect((await client.get("/doc", { headers: since })).status).toBe(304);
    const beyond = await client.get("/doc", { headers: { range: "bytes=90-" } });
    expect([beyond.status, beyond.header("content-range")]).toEqual([416, "bytes */11"]);
    const post = await client.post("/doc", { headers: { ...since, range: "bytes=0-1" } });
    expect([post.status, post.text]).toEqual([200, "public doc\n"]);
  });

  it("answers HEAD with the same headers and no body", async () => {
    await whileServing(app, async (port) => {
      for (const path of ["/doc", "/data", "/bytes"]) {
        const { date: _, ...whole } = (await ask(port, path)).headers;
        const head = await ask(port, path, "HEAD");
        const { date: __, ...headers } = head.headers;
        expect(headers).toEqual(whole);
        expect(head.body).toBe("");
      }
    });
  });

  it("survives a stream that fails", async () => {
    await whileServing(app, async (port) => {
      await ask(port, "/bad-stream");
      expect((await ask(port, "/doc")).body).toBe("public doc\n");
    });
  });
});
