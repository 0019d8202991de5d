import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createApp, logged, visit } from "../support/app.ts";
import { ask, parseRaw, sendRaw, whileServing } from "./support.ts";

let handled = 0;
let hooked = 0;
const lengths: number[] = [];
const app = createApp({ session: null, max_body_size: 100 }, (it) => {
  it.hook("before", () => void (hooked += 1));
  it.post("/read", ({ request }) => {
    handled += 1;
    lengths.push(request.bytes.length);
    return `${request.bytes.length}`;
  });
  it.post("/never", () => ((handled += 1), "did not read"));
  it.post(
    "/stream",
    { body: "stream" },
    async ({ request }) =>
      `streamed ${(await text(request.raw as unknown as Readable)).length} ${request.bytes.length}`,
  );
  it.post("/stream-unread", { body: "stream" }, () => "left it");
  it.get("/fine", () => "fine");
});

const head = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, "Host: app.test", ...headers, "", ""].join("\r\n");
const chunked = (...sizes: number[]): string =>
  `${sizes.map((size) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`).join("")}0\r\n\r\n`;

it.each([
  ["with its head", "Content-Length: 3\r\n\r\nabc"],
  ["in chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"],
])("a body that comes %s leaves the connection to the next request", async (_, rest) => {
  await whileServing(app, async (port) => {
    const request = `POST /read HTTP/1.1\r\nHost: app.test\r\n${rest}`;
    const last = head("/read", "Connection: close", "Content-Length: 1") + "x";
    const replies = await sendRaw(port, request + request + last);
    expect(replies.match(/HTTP\/1.1 200 OK|Connection: close/gm)).toEqual([
      "HTTP/1.1 200 OK",
      "HTTP/1.1 200 OK",
      "HTTP/1.1 200 OK",
      "Connection: close",
    ]);
    expect(lengths.slice(-3).sort()).toEqual([1, 3, 3]);
  });
});

describe("SEC-801 a body over the limit is answered with 413 and the connection closed", () => {
  it.each([
    ["that says so", (path: string) => head(path, "Content-Length: 101") + "x".repeat(101)],
    ["that says so and never comes", (path: string) => head(path, "Content-Length: 5000000000")],
    ["in one chunk", (path: string) => head(path, "Transfer-Encoding: chunked") + chunked(101)],
    [
      "in small chunks",
      (path: string) =>
        head(path, "Transfer-Encoding: chunked") + chunked(...Array<number>(101).fill(1)),
    ],
    [
      "in chunks without an end",
      (path: string) => `${head(path, "Transfer-Encoding: chunked")}ffff\r\n${"x".repeat(200)}`,
    ],
  ])("%s", async (_, request) => {
    handled = hooked = 0;
    await whileServing(app, async (port) => {
      for (const path of ["/read", "/never", "/no-such-route"]) {
        // sendRaw gives up unless the server closes.
        const reply = parseRaw(await sendRaw(port, request(path)));
        expect([path, reply.status, reply.headers["connection"]]).toEqual([path, 413, "close"]);
        expect(reply.headers["content-type"]).toBe("text/html; charset=utf-8");
      }
      expect((await ask(port, "/fine")).body).toBe("fine");
    });
    expect([handled, hooked]).toEqual([0, 1]);
  });

  it("and not one byte under it", async () => {
    await whileServing(app, async (port) => {
      for (const body of [
        `${head("/read", "Connection: close", "Content-Length: 100")}${"x".repeat(100)}`,
        head("/read", "Connection: close", "Transfer-Encoding: chunked") + chunked(50, 50),
      ]) {
        const reply = parseRaw(await sendRaw(port, body));
        expect([reply.status, reply.body]).toEqual([200, "100"]);
      }
    });
  });

  it("where the length is understated, what comes too much is no part of it", async () => {
    lengths.length = 0;
    await whileServing(app, async (port) => {
      const answers = await sendRaw(
        port,
        `${head("/read", "Content-Length: 5")}${"x".repeat(5000)}`,
      );
      // The parser may close before the first answer is written.
      expect(answers).toMatch(/^(?:HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n5)?HTTP\/1\.1 400 /);
      expect(lengths.filter((length) => length !== 5)).toEqual([]);
    });
  });

  it("through app.fetch too, whatever its length says", async () => {
    for (const headers of [{}, { "content-length": "5" }]) {
      const body = new Blob(["x".repeat(101)]).stream();
      const request = new Request("http://a/never", {
        method: "POST",
        body,
        headers,
        duplex: "half",
      });
      expect((await app.fetch(request)).status).toBe(413);
    }
  });
});

describe("a body", () => {
  it("that breaks off is heard by nobody and ends nothing", async () => {
    await whileServing(app, async (port) => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(`${head("/read", "Content-Length: 50")}xxx`);
      socket.destroy();
      expect((await ask(port, "/fine")).body).toBe("fine");
      expect(logged(app, "error")).toEqual([]);
    });
  });

  it("is left to the handler of a route that streams it", async () => {
    await whileServing(app, async (port) => {
      const request = head("/stream", "Connection: close", "Content-Length: 100") + "x".repeat(100);
      expect(parseRaw(await sendRaw(port, request)).body).toBe("streamed 100 0");
    });
  });

  it("that a streaming route leaves unread closes the connection", async () => {
    await whileServing(app, async (port) => {
      const reply = parseRaw(await sendRaw(port, head("/stream-unread", "Content-Length: 100")));
      expect([reply.status, reply.headers["connection"], reply.body]).toEqual([
        200,
        "close",
        "left it",
      ]);
    });
  });

  it("is there before the first hook", async () => {
    const early = createApp({ session: null }, (it) => {
      it.hook("before", ({ param, halt }) => halt(param("user")));
    });
    expect((await visit(early).post("/", { form: { user: "ann" } })).text).toBe("ann");
  });

  it("SEC-609 keeps ambient words with their request", async () => {
    const { param, request, vars } = await import("../../src/index.ts");
    const many = createApp({ session: null }, (it) => {
      it.hook("before", async () => {
        vars()["mine"] = param("n");
        await new Promise((resolve) => setTimeout(resolve, Number(param("wait"))));
      });
      it.any("/:n", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return `${request().path} ${String(param("n"))} ${String(vars()["mine"])} ${String(param("body"))}`;
      });
    });
    await whileServing(many, async (_, url) => {
      const asked = Array.from({ length: 200 }, async (_, n) => {
        const wait = (n * 7) % 11;
        const body = n % 2 === 0 ? undefined : new URLSearchParams({ body: `b${n}` });
        const reply = await fetch(
          `${url}/${n}?wait=${wait}`,
          body === undefined ? {} : { method: "POST", body },
        );
        return [n, await reply.text()];
      });
      expect(await Promise.all(asked)).toEqual(
        Array.from({ length: 200 }, (_, n) => [
          n,
          `/${n} ${n} ${n} ${n % 2 === 0 ? "undefined" : `b${n}`}`,
        ]),
      );
    });
  });
});
