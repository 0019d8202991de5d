import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { App } from "../src/app.ts";
import type { Access, LogEntry } from "../src/engines/logger/logger.ts";
import { createApp, logOf, newKey, tempFolder, visit } from "./support/app.ts";
import { sendRaw, whileServing } from "./http/support.ts";

const shop = (define?: (app: App) => void, settings: Readonly<Record<string, unknown>> = {}): App =>
  createApp({ log_requests: true, ...settings }, define, {
    appdir: tempFolder({ "public/logo.svg": "<svg/>" }),
  });

const lines = (app: App): LogEntry[] =>
  logOf(app).entries.filter(({ access }) => access !== undefined);

/** The lines without their times. */
const told = (app: App): string[] =>
  lines(app).map(({ message }) => message.replace(/ \d+\.\d ms/, ""));

describe("with log_requests", () => {
  it("each request has one line with method, path, status and milliseconds, and the same in fields", async () => {
    const app = shop((it) => {
      it.get("/cart", ({ info }) => {
        info("looked");
        return "full";
      });
    });
    await visit(app).get("/cart");
    const [, entry] = logOf(app).entries;
    expect(entry?.message).toMatch(/^GET \/cart 200 \d+\.\d ms$/);
    expect(entry?.level).toBe("info");
    expect(entry?.access).toEqual({
      method: "GET",
      path: "/cart",
      status: 200,
      ms: Number(/ (\S+) ms/.exec(entry?.message ?? "")?.[1]),
      address: "127.0.0.1",
    } satisfies Access);
    expect(entry?.requestId).toBe(logOf(app).entries[0]?.requestId);
    expect(logOf(app).entries).toHaveLength(2);
  });

  it("files, redirects, errors, streams, bodiless and refused requests have theirs", async () => {
    const app = shop((it) => {
      it.get("/stream", () => Readable.from(["a", "b"]));
      it.get("/away", ({ redirect }) => redirect("/cart"));
      it.get("/crash", () => Promise.reject(new Error("no")));
      it.get("/empty", ({ status }) => void status(204));
      it.get("/led", ({ forward }) => forward("/empty"));
    });
    const client = visit(app);
    for (const path of ["logo.svg", "stream", "away", "crash", "empty", "led", "none", "%ff"]) {
      await client.get(`/${path}`);
    }
    await client.head("/stream");
    // A file's or stream's line comes when node has let go of it, maybe after the next request's.
    expect(told(app).sort()).toEqual([
      "GET /%ff 400",
      "GET /away 302",
      "GET /crash 500",
      "GET /empty 204",
      "GET /led 204",
      "GET /logo.svg 200",
      "GET /none 404",
      "GET /stream 200",
      "HEAD /stream 200",
    ]);
  });

  it("the line waits for a stream's end, and says when its body broke", async () => {
    let finish: () => void = () => undefined;
    const app = shop((it) => {
      it.get("/slow", async function* () {
        yield "begun";
        await new Promise<void>((resolve) => (finish = resolve));
      });
      it.get("/broken", async function* () {
        yield await Promise.resolve("begun");
        throw new Error("the source went dry");
      });
    });
    await whileServing(app, async (port) => {
      const reply = await fetch(`http://127.0.0.1:${port}/slow`);
      expect(told(app)).toEqual([]);
      finish();
      await reply.text();
      await sendRaw(port, "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
    });
    expect(told(app)).toEqual(["GET /slow 200", "GET /broken 200, broke off"]);
    expect(lines(app)[1]?.access?.brokeOff).toBe(true);
    expect(logOf(app).messages("error")).toEqual([
      "a response broke off: the stream that a handler returned failed",
    ]);
  });

  it("a client that goes away, before the answer or in its midst, has a line that says so", async () => {
    let waiting = false;
    const app = shop((it) => {
      it.get("/wait", ({ request }) => {
        waiting = true;
        return new Promise((resolve) =>
          request.signal.addEventListener("abort", () => resolve("late")),
        );
      });
      it.get("/endless", () => {
        const stream = new Readable({ read: () => undefined });
        stream.push("begun");
        return stream;
      });
    });
    await whileServing(app, async (port) => {
      for (const path of ["/wait", "/endless"]) {
        const socket = connect(port, "127.0.0.1");
        socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
        if (path === "/endless") await once(socket, "data");
        else await vi.waitFor(() => expect(waiting).toBe(true));
        socket.destroy();
        await vi.waitFor(() => expect(told(app).join()).toContain(path), 5000);
      }
    });
    expect(told(app)).toEqual(["GET /wait 200, broke off", "GET /endless 200, broke off"]);
    expect(lines(app).map(({ access }) => access?.address)).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect(logOf(app).messages("error")).toEqual([]);
  });

  it("what Connect middleware answers has a line, and what it lets through has one too", async () => {
    const app = shop((it) => {
      it.use((req, res, next) => {
        if (req.url === "/early") res.writeHead(418).end("tea");
        else next();
      });
      it.get("/late", () => "ok");
    });
    const client = visit(app);
    await client.get("/early");
    await client.get("/late");
    await vi.waitFor(() => expect(told(app)).toEqual(["GET /early 418", "GET /late 200"]));
  });

  it("app.fetch has its lines when the answer has been read or given up", async () => {
    const app = shop((it) => {
      it.get("/text", () => "ok");
      it.get("/stream", () => Readable.from(["a", "b"]));
    });
    await app.fetch(new Request("http://a/text?x"));
    const read = await app.fetch(new Request("http://a/stream"));
    expect(told(app)).toEqual(["GET /text 200"]);
    await read.text();
    const dropped = await app.fetch(new Request("http://a/stream"));
    await dropped.body?.cancel();
    await vi.waitFor(() => expect(lines(app)).toHaveLength(3));
    expect(told(app).slice(1)).toEqual(["GET /stream 200", "GET /stream 200, broke off"]);
  });

  it("the path below which the app is mounted is told too", async () => {
    const app = shop((it) => {
      it.get("/cart", () => "full");
    });
    await app.start();
    const server = createServer((req, res) => {
      app.listener(Object.assign(req, { baseUrl: "/shop" }), res);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cart`);
    server.close();
    expect(told(app)).toEqual(["GET /shop/cart 200"]);
  });

  it("SEC-905 a path cannot forge a line, nor the end of its own", async () => {
    const app = shop();
    const hostile = ["/a%0d%0aGET%20/forged%20200%201.0%20ms", `/${"x".repeat(5000)}`];
    await whileServing(app, async (port) => {
      for (const target of hostile) {
        const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
        await sendRaw(port, head);
      }
    });
    const [forged, long] = told(app);
    expect(forged).toBe(`GET ${hostile[0]} 404`);
    expect(long).toBe(`GET ${`/${"x".repeat(5000)}`.slice(0, 1000)}… 404`);
    for (const { message } of lines(app)) expect(message.split(" ")).toHaveLength(5);
  });

  it("SEC-906 no cookie, key, query, session id, password or Authorization header is in a line", async () => {
    const key = newKey();
    const app = shop(
      (it) => {
        it.any("/**", ({ session }) => {
          session("user", "canary-data");
          return session().id;
        });
      },
      { session: "simple", session_cookie_key: key },
    );
    await whileServing(app, async (port) => {
      const head = (target: string, cookie: string): string =>
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${cookie}\r\nAuthorization: Bearer canary-token\r\n\r\n`;
      const answer = await sendRaw(port, head("/in?token=canary-query", "a=canary-cookie"));
      const id = answer.slice(answer.indexOf("\r\n\r\n") + 4);
      const cookie = /Set-Cookie: ([^;]+)/i.exec(answer)?.[1] ?? "";
      expect(id.length).toBeGreaterThan(20);
      await sendRaw(port, head("http://me:canary-password@a/in?x#canary", cookie));
      await sendRaw(port, head(`/${key}`, cookie));
      const text = JSON.stringify(logOf(app).entries);
      expect(lines(app)).toHaveLength(3);
      for (const secret of ["canary", id, cookie.split("=")[1] ?? "none", key]) {
        expect(text).not.toContain(secret);
      }
    });
    expect(told(app)).toEqual(["GET /in 200", "GET /in 200", "GET /******** 200"]);
  });

  it("a synchronous answer needs no listener and no promise for its line", async () => {
    const app = shop((it) => {
      it.get("/", () => "ok");
    });
    await app.start();
    const count = (res: ServerResponse): number =>
      res.eventNames().reduce((sum, name) => sum + res.listenerCount(name), 0);
    const seen: unknown[] = [];
    const server = createServer((req, res) => {
      const before = count(res);
      app.listener(req, res);
      seen.push(count(res) - before, told(app));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
    expect(seen).toEqual([0, ["GET / 200"]]);
  });
});

describe("without log_requests", () => {
  it.each([
    [null, "test", "console", 0],
    [null, "production", "console", 0],
    [null, "development", "file", 0],
    [false, "development", "console", 0],
    [null, "development", "console", 1],
    [true, "production", "file", 1],
  ])("%s in %s with the logger %s: %d lines", async (log_requests, environment, name, count) => {
    const entries: LogEntry[] = [];
    const app = createApp(
      { log_requests, logger: name, session: null },
      (it) => {
        it.engine("logger").register(name, () => ({ log: (entry) => void entries.push(entry) }));
        it.get("/", () => "ok");
      },
      { environment },
    );
    await app.fetch(new Request("http://a/"));
    expect(entries).toHaveLength(count);
  });
});
