import { createHook } from "node:async_hooks";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { createApp, logged, logOf, tempFolder, visit } from "../support/app.ts";
import type { Reply } from "../../src/testing/index.ts";
import { appWith, ask, parseRaw, sendRaw, whileServing } from "./support.ts";

/** What a handler's value becomes. */
async function answerTo(handler: (ctx: Context) => unknown, path = "/"): Promise<Reply> {
  return visit(createApp({ session: null }, (app) => app.get("/", handler))).get(path);
}

const html = "text/html; charset=utf-8";
const json = "application/json; charset=utf-8";
const bytes = "application/octet-stream";

async function* parts() {
  yield "añ";
  await Promise.resolve();
  yield Buffer.from("b");
}

describe("a handler's value", () => {
  it.each<[string, () => unknown, string, string]>([
    ["text", () => "<p>hé</p>", "<p>hé</p>", html],
    ["empty text", () => "", "", html],
    ["a Buffer", () => Buffer.from("abc"), "abc", bytes],
    ["a Uint8Array", () => new Uint8Array([104, 105]), "hi", bytes],
    ["an object", () => ({ a: 1, b: ["é"] }), '{"a":1,"b":["é"]}', json],
    [
      "an object without a prototype",
      () => Object.assign(Object.create(null) as object, { a: 1 }),
      '{"a":1}',
      json,
    ],
    ["a list", () => [1, "two"], '[1,"two"]', json],
    ["a date", () => new Date(0), '"1970-01-01T00:00:00.000Z"', json],
    ["zero", () => 0, "0", html],
    ["a number", () => 4.5, "4.5", html],
    ["false", () => false, "false", html],
    ["a bigint", () => 10n, "10", html],
    ["nothing", () => undefined, "", html],
    ["null", () => null, "", html],
    ["a node stream", () => Readable.from(["ab", "c"]), "abc", bytes],
    ["an async iterable", () => parts(), "añb", bytes],
    ["a web stream", () => new Blob(["web"]).stream(), "web", bytes],
    ["a Web Response of text", () => new Response("txt"), "txt", "text/plain;charset=UTF-8"],
    ["a Web Response of bytes", () => new Response(Buffer.from("raw")), "raw", bytes],
    ["a Web Response of JSON", () => Response.json({ a: 1 }), '{"a":1}', json],
    ["a Web Response without a body", () => new Response(null), "", html],
  ])("SEC-820 is answered with its type: %s", async (_, value, body, type) => {
    for (const handler of [value, () => Promise.resolve(value())]) {
      const reply = await answerTo(handler);
      expect([reply.status, reply.header("content-type"), reply.text]).toEqual([200, type, body]);
    }
  });

  it.each<[string, (ctx: Context) => unknown]>([
    ["a generator function", () => parts],
    ["a function", () => () => "x"],
    ["a symbol", () => Symbol("x")],
    ["a Map", () => new Map()],
    [
      "an object that holds itself",
      () => {
        const self: Record<string, unknown> = {};
        self["self"] = self;
        return self;
      },
    ],
    ["a Web Response that is an error", () => Response.error()],
    [
      "a Web Response that was read",
      async () => {
        const read = new Response("x");
        await read.text();
        return read;
      },
    ],
    [
      "a status that does not exist",
      ({ response }) => {
        response.status = 42;
        return "x";
      },
    ],
    ["a status that is no final answer", ({ status }) => void status(103)],
    ["a status that is no number", ({ response }) => void (response.status = NaN)],
  ])("is refused with 500 and a log entry: %s", async (_, handler) => {
    const app = createApp({ session: null }, (it) => it.get("/", handler));
    expect((await visit(app).get("/")).status).toBe(500);
    expect(logged(app, "error")).toHaveLength(1);
  });

  it("keeps status, headers and cookies of a Web Response beside those that were set", async () => {
    const reply = await answerTo(({ header, cookie }) => {
      header("X-Mine", "1");
      cookie("a", "1");
      const headers = new Headers({ "X-Web": "2", "content-type": "text/css" });
      headers.append("set-cookie", "b=2");
      headers.append("set-cookie", "c=3");
      return new Response("x", { status: 201, headers });
    });
    expect(reply.status).toBe(201);
    expect([reply.header("x-mine"), reply.header("x-web")]).toEqual(["1", "2"]);
    expect(reply.header("content-type")).toBe("text/css; charset=utf-8");
    expect(reply.setCookies.map((text) => text.slice(0, 3))).toEqual(["a=1", "b=2", "c=3"]);
  });

  it("carries its length in bytes, whatever the app said", async () => {
    const reply = await answerTo(({ header }) => {
      header("Content-Length", 3);
      return "éééé";
    });
    expect([reply.header("content-length"), reply.text]).toEqual(["8", "éééé"]);
  });

  it("has no body under 204, 205 and 304, at either door", async () => {
    for (const status of [204, 205, 304]) {
      const app = createApp({ session: null }, (it) =>
        it.get("/", (ctx) => {
          ctx.status(status);
          return "not sent";
        }),
      );
      expect([(await visit(app).get("/")).status, (await visit(app).get("/")).text]).toEqual([
        status,
        "",
      ]);
      const raw = await whileServing(app, (port) => ask(port, "/"));
      expect([raw.status, raw.body]).toEqual([status, ""]);
    }
  });

  it("takes its type and charset from the settings", async () => {
    const app = createApp({ session: null, content_type: "text/plain", charset: "latin1" }, (it) =>
      it.get("/", () => "x"),
    );
    expect((await visit(app).get("/")).header("content-type")).toBe("text/plain; charset=latin1");
  });

  it("is serialized by the engine that the setting names", async () => {
    const app = createApp({ session: null, serializer: "shout" }, (it) => {
      it.get("/", () => ({ a: 1 }));
      it.engine("serializer").register("shout", () => ({
        contentType: "text/x-shout",
        reads: () => false,
        serialize: (data) => JSON.stringify(data).toUpperCase(),
        deserialize: (text) => text,
      }));
    });
    const reply = await visit(app).get("/");
    expect([reply.text, reply.header("content-type")]).toEqual([
      '{"A":1}',
      "text/x-shout; charset=utf-8",
    ]);
  });
});

describe("a synchronous handler", () => {
  it("is answered without creating a promise", async () => {
    const app = createApp({ session: "simple" }, (it) => {
      it.hook("before", ({ vars }) => void (vars["seen"] = 1));
      it.hook("after", ({ header }) => header("X-After", "1"));
      it.get("/plain", () => "plain");
      it.get("/data/:id", ({ params, param, session }) => {
        session("n", 1);
        return { id: params.id, q: param("q") };
      });
      it.get("/moved", ({ redirect }) => redirect("/plain"));
      it.get("/halted", ({ halt }) => halt("stop"));
      it.get("/passed", ({ pass }) => pass());
      it.any("/passed", () => "second");
      it.get("/waits", async () => {
        await Promise.resolve();
        return "later";
      });
    });
    await app.start();
    const answered = (path: string): { promises: number; written: boolean } => {
      const raw = Object.assign(Readable.from([]), {
        method: "GET",
        url: path,
        headers: { host: "app.test" },
        httpVersion: "1.1",
        complete: true,
        socket: {},
      });
      const res = new FakeResponse();
      let promises = 0;
      const hook = createHook({
        init: (_id, type) => {
          if (type === "PROMISE") promises += 1;
        },
      });
      hook.enable();
      app.listener(raw as never, res as never);
      const { ended } = res;
      hook.disable();
      return { promises, written: ended };
    };
    for (const path of ["/plain", "/data/7?q=x", "/moved", "/halted", "/passed", "/missing"]) {
      expect([path, answered(path)]).toEqual([path, { promises: 0, written: true }]);
    }
    const waiting = answered("/waits");
    expect(waiting.promises).toBeGreaterThan(0);
    expect(waiting.written).toBe(false);
  });

  it("is written with one head and one end", async () => {
    const app = createApp({ session: null }, (it) => it.get("/", () => "hello"));
    await app.start();
    const raw = { method: "GET", url: "/", headers: {}, httpVersion: "1.1", complete: true };
    const res = new FakeResponse();
    app.listener(raw as never, res as never);
    expect(res.calls).toEqual([
      ["writeHead", 200, ["Content-Type", html, "Content-Length", "5"]],
      ["end", "hello", "latin1"],
    ]);
  });
});

/** The part of node's `ServerResponse` that a plain answer needs. */
class FakeResponse {
  readonly headersSent = false;
  readonly destroyed = false;
  readonly calls: unknown[][] = [];
  ended = false;

  getHeaderNames(): string[] {
    return [];
  }
  writeHead(...args: unknown[]): void {
    this.calls.push(["writeHead", ...args]);
  }
  end(...args: unknown[]): void {
    this.calls.push(["end", ...args]);
    this.ended = true;
  }
}

describe("a stream", () => {
  it("finds its request in ambient words while it is read", async () => {
    const { request } = await import("../../src/index.ts");
    const app = createApp({ session: null }, (it) =>
      it.get("/:n", async function* () {
        yield `${request().path} `;
        await new Promise((resolve) => setImmediate(resolve));
        yield request().path;
      }),
    );
    await whileServing(app, async (port) => {
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, n) => fetch(`http://127.0.0.1:${port}/${n}`)),
      );
      const texts = await Promise.all(replies.map((reply) => reply.text()));
      expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => `/${n} /${n}`));
    });
  });

  it("is let go when nobody reads it: HEAD, an error after it, a client that leaves", async () => {
    const streams: Readable[] = [];
    const open = () => {
      const stream = new PassThrough();
      stream.write("begun ");
      streams.push(stream);
      return stream;
    };
    const app = createApp({ session: null }, (it) => {
      it.hook("after", ({ request }) => {
        if (request.path === "/fails") throw new Error("after");
      });
      it.get("/", open);
      it.get("/fails", open);
    });
    await whileServing(app, async (port) => {
      expect((await ask(port, "/", "HEAD")).status).toBe(200);
      expect((await ask(port, "/fails")).status).toBe(500);
      const reply = await fetch(`http://127.0.0.1:${port}/`);
      await reply.body?.cancel();
      await expect.poll(() => streams.map((one) => one.destroyed)).toEqual([true, true, true]);
    });
  });

  it("that fails before it is read does not end the process", async () => {
    const missing = join(tempFolder(), "missing.txt");
    const app = createApp({ session: null }, (it) => {
      it.hook("after", async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
      });
      it.get("/", () => createReadStream(missing));
      it.get("/fine", () => "fine");
    });
    await whileServing(app, async (port) => {
      const text = await sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      // The head had gone; the end of the body had not.
      expect(text.endsWith("0\r\n\r\n")).toBe(false);
      expect((await ask(port, "/fine")).body).toBe("fine");
      expect(logged(app, "error")).toHaveLength(1);
    });
  });

  it("that yields something else breaks off with one log entry", async () => {
    const app = createApp({ session: null }, (it) => {
      it.get("/", () => Readable.from(["a", { not: "text" }]));
      it.get("/fine", () => "fine");
    });
    await whileServing(app, async (port) => {
      const text = await sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      expect(parseRaw(text).status).toBe(200);
      expect(text.endsWith("0\r\n\r\n")).toBe(false);
      expect((await ask(port, "/fine")).body).toBe("fine");
      expect(logged(app, "error")).toHaveLength(1);
    });
  });
});

describe("status", () => {
  it.each([
    [201, 201],
    [999, 999],
    ["299", 299],
    ["created", 201],
    ["Not Found", 404],
    ["i_m_a_teapot", 418],
    ["error", 500],
  ])("(%j) answers %i", async (given, expected) => {
    const app = createApp({ session: null }, (it) =>
      it.get("/", ({ status }) => `${status(given)} ${status()}`),
    );
    const raw = await whileServing(app, (port) => ask(port, "/"));
    expect([raw.status, raw.body]).toEqual([expected, `${expected} ${expected}`]);
  });

  it.each(["bogus", 99, 1000, 1.5])("(%j) stays and warns", async (given) => {
    const app = createApp({ session: null }, (it) => it.get("/", ({ status }) => status(given)));
    expect((await visit(app).get("/")).text).toBe("200");
    expect(logged(app)).toEqual([`unknown status "${given}"; the status stays 200`]);
  });
});

describe("response headers", () => {
  it.each<[string, (ctx: Context) => void, [string, string][]]>([
    ["header replaces", ({ header }) => (header("X-A", "a"), header("x-a", "b")), [["x-a", "b"]]],
    [
      "header takes a list",
      ({ header }) => header("X-A", [4, 5]),
      [
        ["x-a", "4"],
        ["x-a", "5"],
      ],
    ],
    ["header takes away", ({ header }) => (header("X-A", "a"), header("X-A", null)), []],
    ["header keeps an empty value", ({ header }) => header("X-A", ""), [["x-a", ""]]],
    [
      "headers sets several",
      ({ headers }) => headers({ "X-A": 1, "X-B": "2" }),
      [
        ["x-a", "1"],
        ["x-b", "2"],
      ],
    ],
    [
      "pushHeader adds",
      ({ pushHeader }) => (pushHeader("X-A", 1), pushHeader("X-A", 2, 3)),
      [
        ["x-a", "1"],
        ["x-a", "2"],
        ["x-a", "3"],
      ],
    ],
    [
      "header after pushHeader replaces all",
      ({ header, pushHeader }) => (pushHeader("X-A", 1, 2), header("X-A", 3)),
      [["x-a", "3"]],
    ],
    [
      "text beyond ASCII goes out as UTF-8",
      ({ header }) => header("X-A", "café"),
      [["x-a", "cafÃ©"]],
    ],
  ])("%s", async (_, set, expected) => {
    const app = createApp({ session: null }, (it) => it.get("/", (ctx) => set(ctx)));
    const text = await whileServing(app, (port) =>
      sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    );
    const sent = text
      .split("\r\n")
      .filter((line) => /^x-/i.test(line))
      .map((line) => line.split(/: ?/, 2))
      .map(([name = "", value = ""]) => [name.toLowerCase(), value]);
    expect(sent).toEqual(expected);
  });

  it("name neither the framework nor its version", async () => {
    const app = appWith({ "public/a.txt": "a" }, (it) => {
      it.get("/", () => "x");
      it.get("/fails", () => {
        throw new Error("x");
      });
    });
    for (const path of ["/", "/fails", "/missing", "/a.txt"]) {
      const reply = await visit(app).get(path);
      const all = JSON.stringify(reply.pairs) + reply.text;
      expect(all.toLowerCase()).not.toContain("quickstep");
      expect(reply.header("x-powered-by") ?? reply.header("server")).toBeUndefined();
    }
  });
});

describe("contentType", () => {
  it.each([
    ["json", json],
    ["html", html],
    ["txt", "text/plain; charset=utf-8"],
    ["css", "text/css; charset=utf-8"],
    ["xml", /^(application|text)\/xml; charset=utf-8$/],
    ["svg", "image/svg+xml; charset=utf-8"],
    ["PNG", "image/png"],
    [".png", "image/png"],
    ["text/weird", "text/weird; charset=utf-8"],
    ["text/plain; charset=koi8-r", "text/plain; charset=koi8-r"],
  ])("SEC-820 (%j) answers the type with a charset where it is text", async (given, expected) => {
    const reply = await answerTo(({ contentType }) => {
      contentType(given);
      return "x";
    });
    expect(reply.header("content-type")).toMatch(
      typeof expected === "string"
        ? new RegExp(`^${expected.replace(/[+.]/g, "\\$&")}$`)
        : expected,
    );
  });

  it("of an unknown name is the setting default_mime_type", async () => {
    const app = createApp({ session: null, default_mime_type: "text/x-unknown" }, (it) =>
      it.get("/", ({ contentType }) => contentType("nonsense")),
    );
    const reply = await visit(app).get("/");
    expect(reply.header("content-type")).toBe("text/x-unknown; charset=utf-8");
  });

  it("tells the type that was set, and the last one counts", async () => {
    const reply = await answerTo(({ contentType }) => {
      const none = contentType();
      contentType("json");
      const first = contentType();
      contentType("css");
      return `${String(none)} ${String(first)}`;
    });
    expect(reply.text).toBe("undefined application/json");
    expect(reply.header("content-type")).toBe("text/css; charset=utf-8");
  });

  it("set by the handler stays for data, text and streams", async () => {
    for (const value of [() => ({ a: 1 }), () => "x", () => Readable.from(["x"])]) {
      const reply = await answerTo(({ contentType }) => {
        contentType("text/csv");
        return value();
      });
      expect(reply.header("content-type")).toBe("text/csv; charset=utf-8");
    }
  });
});

describe("SEC-820 every answer with a body says what it is", () => {
  it.each([
    ["a page", "/", html],
    ["halt", "/halt", html],
    ["sendError", "/error", html],
    ["a thrown error", "/throw", html],
    ["not found", "/nowhere", html],
    ["a bad path", "/%zz", html],
    ["a redirect", "/moved", html],
    ["a static file", "/a.txt", "text/plain; charset=utf-8"],
    ["a sent file", "/file", "text/plain; charset=utf-8"],
    ["sent data", "/data", "text/csv; charset=utf-8"],
    ["a view", "/view", html],
  ])("%s", async (_, path, type) => {
    const app = appWith({ "public/a.txt": "a", "views/v.tt": "view" }, (it) => {
      it.get("/", () => "x");
      it.get("/halt", ({ halt }) => halt("x"));
      it.get("/error", ({ sendError }) => sendError("x"));
      it.get("/throw", () => {
        throw new Error("x");
      });
      it.get("/moved", ({ redirect }) => redirect("/"));
      it.get("/file", ({ sendFile }) => sendFile("a.txt"));
      it.get("/data", ({ sendFile }) => sendFile("a;b", { data: true, contentType: "csv" }));
      it.get("/view", ({ template }) => template("v"));
    });
    const raw = await whileServing(app, (port) => ask(port, path));
    expect(raw.headers["content-type"]).toBe(type);
    expect(logOf(app).entries.filter(({ message }) => /template/.test(message))).toEqual([]);
  });
});
