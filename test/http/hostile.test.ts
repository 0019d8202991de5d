/** What a careless or hostile hand can do to a response, and what must not come of it. */
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { createApp, serve, visit } from "../support/app.ts";

it("sends one answer when an after hook sends a file", async () => {
  let runs = 0;
  const app = createApp({ session: null }, (it) => {
    it.hook("after", ({ sendFile }) => {
      runs += 1;
      return sendFile("gone.txt");
    });
    it.get("/", () => "page");
  });
  const reply = await visit(app).get("/");
  expect([reply.status, runs]).toEqual([404, 1]);
});

it.each([
  ["a stream of objects", () => Readable.from([{ a: 1 }])],
  ["a number", () => 42 as never],
])("survives a response whose content was set to %s", async (_, content) => {
  const app = createApp({ session: null }, (it) => {
    it.get("/odd", ({ response }) => {
      response.content = content();
    });
    it.get("/", () => "well");
  });
  const served = await serve(app);
  await served.client.get("/odd").catch(() => undefined);
  expect((await served.client.get("/")).text).toBe("well");
  await served.stop();
});

it("survives a Web request whose body breaks", async () => {
  const app = createApp({ session: null }, (it) => {
    it.post("/", { body: "stream" }, () => "unread");
  });
  const body = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      controller.error(new Error("the body broke"));
    },
  });
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  expect((await app.fetch(new Request("http://app.test/", init))).status).toBe(200);
  await new Promise((resolve) => setImmediate(resolve));
});

it("lets no handler say how a streamed message is framed", async () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/long", ({ header }) => {
      header("Content-Length", 3);
      header("Transfer-Encoding", "gzip");
      return Readable.from(["more than three bytes"]);
    });
  });
  const served = await serve(app);
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
  socket.end("GET /long HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  expect(text.toLowerCase()).not.toContain("content-length");
  expect(text.toLowerCase()).toContain("transfer-encoding: chunked");
  expect(text).toContain("more than three bytes");
  await served.stop();
});

it("drops the encoding and length of an answer that fetch() has decoded", async () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/proxy", () => {
      const web = new Response("plain", {
        headers: { "content-encoding": "gzip", "content-length": "3" },
      });
      Object.defineProperty(web, "url", { value: "http://upstream.test/" });
      return web;
    });
  });
  const reply = await app.fetch(new Request("http://app.test/proxy"));
  expect([await reply.text(), reply.headers.get("content-encoding")]).toEqual(["plain", null]);
});

it.skipIf(process.platform !== "linux")(
  "lets go of a file that something else replaces",
  async () => {
    const app = createApp({ session: null }, (it) => {
      it.hook("after", ({ response }) => {
        response.content = "replaced";
      });
      it.get("/", ({ sendFile }) => sendFile(import.meta.filename, { systemPath: true }));
    });
    const client = visit(app);
    expect((await client.get("/")).text).toBe("replaced");
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 20; round++) await client.get("/");
    await vi.waitFor(() => expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 5));
  },
);

it("SEC-701 shows no secret when a loaded app prints its settings", async () => {
  const app = createApp({ session: "cookie" }, (it) => {
    it.loadApp((child) => {
      child.get("/settings", ({ settings }) => ({ settings }));
    });
  });
  const { text } = await visit(app).get("/settings");
  expect(text).toContain('"session_cookie_key":"********"');
});
