import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import { createClient } from "../../src/testing/index.ts";
import { createApp, tempFolder } from "../support/app.ts";
import { parseRaw, sendRaw } from "./support.ts";

/** An app whose temporary files go to a folder that can be looked into. */
function shop(
  handler: (ctx: Context) => unknown = () => "ok",
  settings: Readonly<Record<string, unknown>> = {},
): { app: App; left: () => string[] } {
  const folder = tempFolder();
  const app = createApp(
    { session: null, upload_dir: folder, upload_memory: 100, ...settings },
    (it) => {
      it.any("/", handler);
      it.post("/stream", { body: "stream" }, ({ request }) => text(request.raw as never));
    },
  );
  return { app, left: () => readdirSync(folder) };
}

function form(...fields: readonly (readonly [string, string | File])[]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === "string") data.append(name, value);
    else data.append(name, value, value.name);
  }
  return data;
}

const file = (name: string, content: string, type = "text/plain"): File =>
  new File([content], name, { type });

/** What a client sends who writes the form by hand. */
function part(disposition: string, content: string, ...headers: readonly string[]): string {
  const head = [`Content-Disposition: form-data; ${disposition}`, ...headers].join("\r\n");
  return `--XbX\r\n${head}\r\n\r\n${content}\r\n`;
}

const multipart = { "content-type": "multipart/form-data; boundary=XbX" };

describe("upload() and uploads()", () => {
  it("give name, size, type and content at once, before the first hook", async () => {
    const seen: unknown[] = [];
    const { app } = shop(({ upload, uploads, param, paramArray, allParams }) => {
      const doc = upload("doc");
      return {
        doc: [doc?.name, doc?.filename, doc?.size, doc?.type, String(doc?.content)],
        names: uploads("docs").map(({ filename }) => filename),
        all: Object.keys(uploads()),
        params: [param("doc"), paramArray("docs"), param("title"), allParams("body")],
        none: [upload("title") ?? null, uploads("title")],
      };
    });
    app.hook("before", ({ upload }) => void seen.push(upload("doc")?.size));
    const body = form(
      ["title", "my título"],
      ["doc", file("a.txt", "hello")],
      ["docs", file("b.txt", "one")],
      ["docs", file("c.txt", "three")],
    );
    const reply = await createClient(app).post("/?title=query", { body });
    expect(reply.json).toEqual({
      doc: ["doc", "a.txt", 5, "text/plain", "hello"],
      names: ["b.txt", "c.txt"],
      all: ["doc", "docs"],
      params: [
        "a.txt",
        ["b.txt", "c.txt"],
        "my título",
        { title: "my título", doc: "a.txt", docs: "c.txt" },
      ],
      none: [null, []],
    });
    expect(seen).toEqual([5]);
  });

  it("work as words, and follow a forward", async () => {
    const quickstep = await import("../../src/index.ts");
    const { app } = shop(({ forward }) => forward("/after"));
    app.any("/after", () => [
      quickstep.upload("doc")?.filename,
      quickstep.uploads("doc").length,
      quickstep.param("title"),
    ]);
    const body = form(["doc", file("a.txt", "hello")], ["title", "t"]);
    expect((await createClient(app).post("/", { body })).json).toEqual(["a.txt", 1, "t"]);
  });

  it("know what the part said, and nothing that it did not say", async () => {
    const { app } = shop(({ uploads }) =>
      uploads("f").map((one) => [one.type ?? null, one.headers, one.size]),
    );
    const body = `${part('name="f"; filename="a"', "x", "content-type: Text/CSS; charset=utf-8", "X-Own: 1")}${part('name="f"; filename="b"', "")}--XbX--\r\n`;
    const reply = await createClient(app).post("/", { body, headers: multipart });
    expect(reply.json).toEqual([
      [
        "text/css",
        {
          "content-disposition": 'form-data; name="f"; filename="a"',
          "content-type": "Text/CSS; charset=utf-8",
          "x-own": "1",
        },
        1,
      ],
      [null, { "content-disposition": 'form-data; name="f"; filename="b"' }, 0],
    ]);
  });

  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\secret\\plan.doc", "plan.doc"],
    ["..", ""],
    ["a/..", ""],
    ["/", ""],
    ["with 'quotes' and spaces.txt", "with 'quotes' and spaces.txt"],
    ["año 字.txt", "año 字.txt"],
  ])(
    "SEC-809 give the client's name %j as it is, its last part as basename, and use neither as a path",
    async (filename, basename) => {
      const { app, left } = shop(({ upload }) => {
        const one = upload("f");
        return [one?.filename, one?.basename, one?.tempname];
      });
      const big = "x".repeat(1000);
      const body = `${part(`name="f"; filename="${filename}"`, big)}--XbX--\r\n`;
      const reply = await createClient(app).post("/", { body, headers: multipart });
      const [sent, last, path] = reply.json as string[];
      expect([sent, last]).toEqual([filename, basename]);
      expect(path).toMatch(/\/quickstep-upload-\w+\/1$/);
      await vi.waitFor(() => expect(left()).toEqual([]));
    },
  );

  it("read escaped quotes as browsers send them", async () => {
    const { app } = shop(({ upload }) => upload('"q"')?.filename);
    const body = form(['"q"', file('say "hi".txt', "x")]);
    expect((await createClient(app).post("/", { body })).text).toBe('say "hi".txt');
  });

  it("skip a file field that was left empty", async () => {
    const { app } = shop(({ upload, param }) => [upload("f") ?? null, param("f") ?? null]);
    const body = `${part('name="f"; filename=""', "", "Content-Type: application/octet-stream")}--XbX--\r\n`;
    const reply = await createClient(app).post("/", { body, headers: multipart });
    expect(reply.json).toEqual([null, null]);
  });

  it.each([10, 100_000])("copy, link and stream a file of %i bytes", async (size) => {
    const kept = tempFolder({ taken: "old" });
    const { app, left } = shop(async ({ upload }) => {
      const one = upload("f");
      if (one === undefined) return "none";
      await one.copyTo(join(kept, "taken"));
      await one.linkTo(join(kept, "linked"));
      const refused = await one.linkTo(join(kept, "taken")).catch((error: unknown) => error);
      return [(refused as NodeJS.ErrnoException).code, (await text(one.stream())).length];
    });
    const content = "y".repeat(size);
    const reply = await createClient(app).post("/", { body: form(["f", file("f", content)]) });
    expect(reply.json).toEqual(["EEXIST", size]);
    await vi.waitFor(() => expect(left()).toEqual([]));
    for (const name of ["taken", "linked"]) {
      expect(readFileSync(join(kept, name), "utf8")).toBe(content);
    }
  });

  it("leave a route that streams its body alone", async () => {
    const { app, left } = shop();
    const body = `${part('name="f"; filename="f"', "z".repeat(5000))}--XbX--\r\n`;
    const reply = await createClient(app).post("/stream", { body, headers: multipart });
    expect(reply.text).toBe(body);
    expect(left()).toEqual([]);
  });

  it("work under app.fetch, whose temporary files go when the answer has been read", async () => {
    const { app, left } = shop(({ upload }) => upload("f")?.stream());
    const body = form(["f", file("f", "w".repeat(200_000))]);
    const reply = await app.fetch(new Request("http://app.test/", { method: "POST", body }));
    expect(left()).toHaveLength(1);
    expect(await reply.text()).toHaveLength(200_000);
    await vi.waitFor(() => expect(left()).toEqual([]));
  });
});

describe("temporary files", () => {
  it("are there while the answer is sent, for the app's user only, and gone afterwards", async () => {
    let facts: unknown[] = [];
    const { app, left } = shop(({ upload }) => {
      const path = upload("big")?.tempname ?? "";
      facts = [
        (statSync(path).mode & 0o777).toString(8),
        (statSync(dirname(path)).mode & 0o777).toString(8),
        upload("small")?.tempname,
      ];
      return upload("big")?.stream();
    });
    const body = form(["big", file("b", "b".repeat(300_000))], ["small", file("s", "s")]);
    const reply = await createClient(app).post("/", { body });
    expect(reply.bytes).toHaveLength(300_000);
    expect(facts).toEqual(["600", "700", undefined]);
    await vi.waitFor(() => expect(left()).toEqual([]));
  });

  it.each([
    ["a handler that throws", () => Promise.reject(new Error("no"))],
    ["a handler that never looks", () => "ok"],
  ])("are gone after %s", async (_, handler) => {
    const { app, left } = shop(handler);
    const body = form(["big", file("b", "b".repeat(300_000))]);
    await createClient(app).post("/", { body });
    await vi.waitFor(() => expect(left()).toEqual([]));
  });

  it("SEC-816 are gone after clients went away, during the upload and during the handler", async () => {
    let waiting = 0;
    const { app, left } = shop(({ request }) => {
      waiting += 1;
      return new Promise((resolve) => request.signal.addEventListener("abort", () => resolve("")));
    });
    const port = await createClient(app, { origin: "http://app.test" }).port();
    const begun = part('name="f"; filename="f"', "v".repeat(150_000)).slice(0, -2);
    const head = (length: number): string =>
      `POST / HTTP/1.1\r\nHost: app.test\r\nContent-Type: multipart/form-data; boundary=XbX\r\nContent-Length: ${length}\r\n\r\n`;
    const whole = `${begun}\r\n--XbX--\r\n`;
    const sockets = Array.from({ length: 20 }, (_, number) => {
      const socket = connect(port, "127.0.0.1").on("error", () => undefined);
      socket.write(head(number % 2 === 0 ? 400_000 : whole.length));
      socket.write(number % 2 === 0 ? begun : whole);
      return socket;
    });
    await vi.waitFor(() => expect([waiting, left().length]).toEqual([10, 20]), 5000);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(left()).toEqual([]), 5000);
    expect(existsSync(dirname(begun))).toBe(true);
  });
});

describe("a form with files", () => {
  const body = `${part('name="f"; filename="f"', "u".repeat(2000))}--XbX--\r\n`;

  it.each([
    ["a body beyond max_upload_size", { max_upload_size: 1000 }, body, 413],
    ["more files than max_uploads", { max_uploads: 0 }, body, 413],
    [
      "fields beyond max_body_size",
      { max_body_size: 100 },
      `${part('name="a"', "t".repeat(101))}--XbX--`,
      413,
    ],
    [
      "more parts than max_parameters",
      { max_parameters: 2 },
      `${part('name="a"', "1").repeat(3)}--XbX--`,
      400,
    ],
    [
      "parts without headers, too many",
      { max_parameters: 2 },
      `${"--XbX\r\n\r\n".repeat(9)}--XbX--`,
      400,
    ],
    ["no end", {}, body.slice(0, -10), 400],
    ["an end in a header", {}, body.slice(0, 30), 400],
    ["no boundary in it", {}, "something else", 400],
    ["a part without a name", {}, `${part('filename="f"', "s")}--XbX--`, 400],
    [
      "a part that is no form-data",
      {},
      "--XbX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XbX--",
      400,
    ],
    ["a prototype for a name", {}, `${part('name="__proto__"', "s")}--XbX--`, 400],
  ])("SEC-804 with %s is refused, and nothing is left of it", async (_, settings, sent, status) => {
    let calls = 0;
    const { app, left } = shop(() => (calls += 1), settings);
    const client = createClient(app);
    expect((await client.post("/", { body: sent, headers: multipart })).status).toBe(status);
    expect(calls).toBe(0);
    await vi.waitFor(() => expect(left()).toEqual([]));
    expect((await client.get("/")).text).toBe("1");
  });

  it.each(["", "; boundary=", `; boundary=${"x".repeat(71)}`])(
    "is refused with the parameters %j",
    async (parameters) => {
      const client = createClient(shop().app);
      const headers = { "content-type": `multipart/form-data${parameters}` };
      const { status } = await client.post("/", { body, headers });
      expect([400, 415]).toContain(status);
    },
  );

  it("SEC-801 is measured by the bytes received where it says no length, and its connection closed", async () => {
    const { app, left } = shop(() => "ok", { max_upload_size: 10_000 });
    const port = await createClient(app, { origin: "http://app.test" }).port();
    const head =
      "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Type: multipart/form-data; boundary=XbX\r\nTransfer-Encoding: chunked\r\n\r\n";
    const begun = part('name="f"; filename="f"', "r".repeat(20_000));
    const answer = await sendRaw(port, head, `${begun.length.toString(16)}\r\n${begun}\r\n`);
    const { status, headers } = parseRaw(answer);
    expect([status, headers["connection"]]).toEqual([413, "close"]);
    await vi.waitFor(() => expect(left()).toEqual([]));
  });

  it("may be empty", async () => {
    const { app } = shop(({ allParams }) => allParams("body"));
    const reply = await createClient(app).post("/", { body: "--XbX--\r\n", headers: multipart });
    expect([reply.status, reply.json]).toEqual([200, {}]);
  });

  it("arrives in pieces of any size", async () => {
    const { app } = shop(({ upload, param }) => [String(upload("f")?.content), param("t")]);
    const port = await createClient(app, { origin: "http://app.test" }).port();
    const sent = `preamble\r\n${part('name="f"; filename="f"', "\r\n--Xb\r\n-", "A: b")}${part('name="t"', "é")}--XbX--\r\nepilogue`;
    const bytes = Buffer.from(sent);
    const head = `POST / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=XbX\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunks = [...bytes].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join("");
    const { body: answer } = parseRaw(await sendRaw(port, head, chunks, "0\r\n\r\n"));
    expect(JSON.parse(Buffer.from(answer, "latin1").toString())).toEqual(["\r\n--Xb\r\n-", "é"]);
  });
});
