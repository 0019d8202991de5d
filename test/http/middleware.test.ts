import { symlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import compression from "compression";
import helmet from "helmet";
import { describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, logged, tempFolder, visit } from "../support/app.ts";
import { projectDir } from "../support/run-app.ts";
import { appWith, ask, parseRaw, sendRaw, whileServing } from "./support.ts";

const long = "a long text, and more of it. ".repeat(200);

const gzipped = async (port: number, path: string, method = "GET") => {
  const text = await sendRaw(
    port,
    `${method} ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
  );
  return parseRaw(text);
};

/** The body of a chunked answer. */
function unchunk(body: string): Buffer {
  const parts: Buffer[] = [];
  let rest = body;
  for (;;) {
    const size = parseInt(rest, 16);
    if (!(size > 0)) return Buffer.concat(parts);
    const start = rest.indexOf("\r\n") + 2;
    parts.push(Buffer.from(rest.slice(start, start + size), "latin1"));
    rest = rest.slice(start + size + 2);
  }
}

const pages = (app: App): void => {
  app.get("/", () => long);
  app.get("/stream", () => Readable.from([long.slice(0, 1000), long.slice(1000)]));
  app.get("/session", ({ session }) => (session("n", 1), long));
  app.get("/cookies", ({ cookie }) => (cookie("a", "1"), cookie("b", "2"), long));
  app.get("/moved", ({ redirect }) => redirect("/"));
  app.get("/file", ({ sendFile }) => sendFile("long.txt"));
  app.get("/fails", () => {
    throw new Error("x");
  });
};

/** Nothing at all, thrown as if it were an Error. */
const nothing = undefined as unknown as Error;

describe("Connect middleware", () => {
  it.each([
    ["alone", false],
    ["after helmet", true],
  ])("compression works %s, for text, streams and files", async (_, withHelmet) => {
    const app = appWith(
      { "public/long.txt": long },
      (it) => {
        if (withHelmet) it.use(helmet());
        it.use(compression({ threshold: 0 }));
        pages(it);
      },
      { session: "cookie" },
    );
    await whileServing(app, async (port) => {
      for (const path of ["/", "/stream", "/session", "/cookies", "/file", "/long.txt"]) {
        const reply = await gzipped(port, path);
        expect([path, reply.status, reply.headers["content-encoding"]]).toEqual([
          path,
          200,
          "gzip",
        ]);
        expect(gunzipSync(unchunk(reply.body)).toString()).toBe(long);
        expect(reply.headers["content-length"]).toBeUndefined();
        expect(reply.headers["vary"]).toMatch(/Accept-Encoding/);
        expect(reply.headers["x-content-type-options"]).toBe(withHelmet ? "nosniff" : undefined);
        expect((await ask(port, path)).headers["content-encoding"]).toBeUndefined();
      }
      const session = await gzipped(port, "/session");
      expect(session.headers["vary"]).toMatch(/Cookie/);
      expect(session.headers["set-cookie"]).toMatch(/quickstep\.session=/);
      expect((await gzipped(port, "/cookies")).headers["set-cookie"]).toMatch(/a=1.*, b=2/);
      const head = await gzipped(port, "/", "HEAD");
      expect([head.status, head.body]).toEqual([200, ""]);
      const moved = await gzipped(port, "/moved");
      expect([moved.status, moved.headers["location"]]).toEqual([302, "http://a/"]);
      expect((await gzipped(port, "/fails")).status).toBe(500);
    });
  });

  it("helmet's headers are on every answer", async () => {
    const app = appWith({ "public/a.txt": "a" }, (it) => {
      it.use(helmet());
      pages(it);
    });
    await whileServing(app, async (port) => {
      for (const path of ["/", "/stream", "/moved", "/fails", "/nowhere", "/%zz", "/a.txt"]) {
        const { headers } = await ask(port, path);
        expect([path, headers["x-content-type-options"]]).toEqual([path, "nosniff"]);
        expect(headers["content-security-policy"]).toContain("default-src 'self'");
        expect(headers["x-powered-by"]).toBeUndefined();
      }
    });
  });

  it("that sets a cookie keeps it, beside those of the app", async () => {
    const app = createApp({}, (it) => {
      it.use((_req, res, next) => {
        res.setHeader("Set-Cookie", ["mid=1", "dle=2"]);
        res.setHeader("X-Mid", "kept");
        res.setHeader("Vary", "Origin");
        res.setHeader("Content-Type", "text/x-replaced");
        next();
      });
      it.get("/", ({ cookie, session, pushHeader }) => {
        session("n", 1);
        cookie("own", "3");
        pushHeader("X-Own", 1, 2);
        return "x";
      });
      it.get("/plain", () => "x");
    });
    await whileServing(app, async (port) => {
      const { headers } = await ask(port, "/");
      const names = headers["set-cookie"]?.split(", ").map((text) => text.split("=")[0]);
      expect(names).toEqual(["mid", "dle", "own", "__Host-quickstep.session"]);
      expect(headers).toMatchObject({ "x-mid": "kept", "x-own": "1, 2", vary: "Origin, Cookie" });
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect((await ask(port, "/plain")).headers["set-cookie"]).toBe("mid=1, dle=2");
    });
  });

  it("runs in order, may answer by itself, and may wait", async () => {
    const seen: string[] = [];
    let handled = 0;
    const app = createApp({ session: null }, (it) => {
      it.use((_req, _res, next) => (seen.push("one"), setImmediate(next)));
      it.use(async (_req, _res, next) => {
        await Promise.resolve();
        seen.push("two");
        next();
        next();
      });
      it.use((req, res, next) => {
        if (req.url === "/mine") res.end("by itself");
        else next();
      });
      it.get("/*", () => ((handled += 1), "by the app"));
    });
    await whileServing(app, async (port) => {
      expect((await ask(port, "/mine")).body).toContain("by itself");
      expect([handled, seen]).toEqual([0, ["one", "two"]]);
      expect((await ask(port, "/other")).body).toBe("by the app");
      expect(handled).toBe(1);
    });
  });

  it.each<[string, (next: (error?: unknown) => void) => unknown]>([
    ["passes an error on", (next) => next(new Error("from middleware"))],
    [
      "throws",
      () => {
        throw new Error("from middleware");
      },
    ],
    [
      "throws nothing",
      () => {
        throw nothing;
      },
    ],
    ["rejects", () => Promise.reject(new Error("from middleware"))],
    ["rejects with nothing", () => Promise.reject(nothing)],
  ])("that %s is answered with a 500 page, and no route runs", async (_, act) => {
    let ran = 0;
    const app = createApp({ session: null }, (it) => {
      it.use((_req, _res, next) => act(next));
      it.get("/", () => ((ran += 1), "x"));
    });
    const reply = await whileServing(app, (port) => ask(port, "/"));
    expect([reply.status, reply.headers["content-type"]]).toEqual([
      500,
      "text/html; charset=utf-8",
    ]);
    expect(reply.body).toContain("<title>Error 500</title>");
    expect([ran, logged(app, "error").length]).toEqual([0, 1]);
  });

  it.each([1, 2])(
    "that breaks the writing of a head %i times takes nothing down",
    async (times) => {
      let left = times;
      const app = createApp({ session: null }, (it) => {
        it.use((req, res, next) => {
          const writeHead = res.writeHead.bind(res);
          res.writeHead = ((...args: Parameters<typeof writeHead>) => {
            if (req.url === "/" && left-- > 0) throw new Error("no head");
            return writeHead(...args);
          }) as typeof writeHead;
          next();
        });
        it.get("/*", () => "x");
      });
      await whileServing(app, async (port) => {
        const text = await sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        expect(text).toMatch(times === 1 ? /^HTTP\/1\.1 500 [^]*Error 500\n$/ : /^$/);
        expect((await ask(port, "/fine")).body).toBe("x");
        expect(logged(app, "error")).toEqual(["a response broke off: no head"]);
      });
    },
  );

  it("of an app that was loaded is the whole app's", async () => {
    const app = createApp({ session: null }, (it) => {
      it.loadApp((child) => {
        child.use((_req, res, next) => (res.setHeader("X-Child", "1"), next()));
        child.get("/child", () => "x");
      });
    });
    const reply = await whileServing(app, (port) => ask(port, "/child"));
    expect(reply.headers["x-child"]).toBe("1");
  });

  it("needs node's request: app.fetch says so", async () => {
    const app = createApp({ session: null }, (it) => {
      it.use(helmet());
      it.get("/", () => "x");
    });
    await expect(app.fetch(new Request("http://a/"))).rejects.toMatchObject({
      code: "middleware-needs-node",
      message:
        "Connect middleware needs node's request and response, which app.fetch() has not; leave out use() or serve with app.listener",
    });
  });
});

describe("the setting middlewares", () => {
  const folderWith = (files: Record<string, string>): string => {
    const folder = tempFolder({ "package.json": '{"type":"module"}', ...files });
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    return folder;
  };
  const config = `middlewares:
  - helmet
  - compression: { threshold: 100 }
  - ./mine.js: { name: X-Mine }
`;
  const mine = `export default ({ name }) => (req, res, next) => { res.setHeader(name, "1"); next(); };`;

  it("names packages and modules with their options, and counts for the very first request", async () => {
    const appdir = folderWith({ "config.yml": config, "mine.js": mine });
    const app = createApp(
      { session: null },
      (it) => {
        it.get("/", () => long);
        it.get("/short", () => "short");
      },
      { appdir },
    );
    // Not started: the first request of a listener that is mounted elsewhere does it.
    const server = createServer(app.listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const replies = await Promise.all([
      gzipped(port, "/"),
      gzipped(port, "/"),
      gzipped(port, "/short"),
    ]);
    server.close();
    for (const { headers } of replies) {
      expect([headers["x-content-type-options"], headers["x-mine"]]).toEqual(["nosniff", "1"]);
    }
    expect(replies.map(({ headers }) => headers["content-encoding"])).toEqual([
      "gzip",
      "gzip",
      undefined,
    ]);
  });

  it.each([
    [
      "- no-such-package",
      'the middleware "no-such-package" could not be loaded; install it: npm install no-such-package',
    ],
    ["- ./broken.js", 'the middleware "./broken.js" has no default export that makes one'],
  ])("stops the start where it cannot be met: %s", async (line, message) => {
    const appdir = folderWith({
      "config.yml": `middlewares:\n  ${line}\n`,
      "broken.js": "export const a = 1;",
    });
    const app = createApp({ session: null }, () => undefined, { appdir });
    await expect(app.start()).rejects.toMatchObject({ code: "middleware-invalid", message });
  });
});

describe("app.listener", () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/", ({ request }) => `${request.scriptName}|${request.path}`);
    it.get("/moved", ({ redirect, uriFor }) => (redirect("/"), uriFor("/x", { a: 1 })));
    it.post("/form", ({ param }) => param("a"));
  });

  it("mounts under a plain http.createServer", async () => {
    const server = createServer(app.listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect((await ask(port, "/")).body).toBe("|/");
    const form = await fetch(`http://127.0.0.1:${port}/form`, {
      method: "POST",
      body: new URLSearchParams({ a: "é" }),
    });
    expect(await form.text()).toBe("é");
    server.close();
  });

  it("mounts below a path in a Connect-like chain", async () => {
    type Next = () => void;
    const chain: ((
      req: IncomingMessage & { baseUrl?: string },
      res: ServerResponse,
      next: Next,
    ) => void)[] = [
      (_req, res, next) => (res.setHeader("X-Outer", "1"), next()),
      (req, res, next) => {
        if (!req.url?.startsWith("/shop")) return next();
        req.baseUrl = "/shop";
        req.url = req.url.slice("/shop".length) || "/";
        app.listener(req, res);
      },
      (_req, res) => void res.end("outside"),
    ];
    const server = createServer((req, res) => {
      const run = (at: number): void => chain[at]?.(req, res, () => run(at + 1));
      run(0);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const inside = await ask(port, "/shop/");
    expect([inside.body, inside.headers["x-outer"]]).toEqual(["/shop|/", "1"]);
    const moved = await ask(port, "/shop/moved");
    expect([moved.headers["location"], moved.body]).toEqual([
      "http://app.test/shop/",
      "http://app.test/shop/x?a=1",
    ]);
    expect((await ask(port, "/")).body).toContain("outside");
    server.close();
  });

  it("says plainly that an app cannot start, and not why", async () => {
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const broken = createApp({ session: "canary-engine" });
    const server = createServer(broken.listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const _ of [1, 2]) {
      const reply = await ask(port, "/");
      expect([reply.status, reply.body]).toEqual([500, "Error 500\n"]);
      expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8");
    }
    server.close();
    expect(told).toHaveBeenCalledWith(
      expect.stringMatching(
        /^the app could not start: set\(\) in code: unknown session engine "canary-engine"/,
      ),
    );
    told.mockRestore();
  });
});

describe("app.fetch", () => {
  it("answers as the server does", async () => {
    const app = appWith({ "public/a.txt": "file" }, (it) => {
      it.get("/", ({ request }) => `${request.scheme} ${request.host} ${request.path}`);
      it.get("/stream", () => Readable.from(["a", "b"]));
      it.post("/form", ({ param }) => param("a"));
      it.get("/empty", ({ status }) => void status(204));
    });
    const root = await app.fetch(new Request("https://shop.test:8443/"));
    expect([root.status, await root.text()]).toEqual([200, "https shop.test:8443 /"]);
    expect(await (await app.fetch(new Request("http://a/stream"))).text()).toBe("ab");
    expect(await (await app.fetch(new Request("http://a/a.txt"))).text()).toBe("file");
    const form = new Request("http://a/form", {
      method: "POST",
      body: new URLSearchParams({ a: "é" }),
    });
    expect(await (await app.fetch(form)).text()).toBe("é");
    const head = await app.fetch(new Request("http://a/", { method: "HEAD" }));
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      "8",
      "",
    ]);
    const file = await app.fetch(new Request("http://a/a.txt", { method: "HEAD" }));
    expect([file.headers.get("content-length"), await file.text()]).toEqual(["4", ""]);
    const empty = await app.fetch(new Request("http://a/empty"));
    expect([empty.status, empty.body]).toEqual([204, null]);
    expect((await visit(app).get("/nowhere")).status).toBe(404);
  });

  it("can be handed over without its app", async () => {
    const { fetch } = createApp({ session: null }, (it) => it.get("/", () => "x"));
    expect(await (await fetch(new Request("http://a/"))).text()).toBe("x");
  });
});

describe("a body that middleware has read", () => {
  const bodies = (app: App): void => {
    app.post("/", ({ request, param }) => ({
      data: request.data,
      body: request.body,
      a: param("a"),
      all: request.params("body"),
    }));
    app.post("/on", ({ forward }) => forward("/"));
    app.post("/stream", { body: "stream" }, () => "unread");
  };
  const parsing = (parsed: (text: string) => unknown): App =>
    appWith({}, (it) => {
      it.use((req, _res, next) => {
        void text(req).then((whole) => {
          Object.assign(req, { body: parsed(whole) });
          next();
        });
      });
      bodies(it);
    });
  const post = async (app: App, path: string, body: string, type: string) =>
    whileServing(app, async (_port, url) => {
      const headers = { "content-type": type };
      const response = await fetch(`${url}${path}`, { method: "POST", body, headers });
      return { status: response.status, text: await response.text() };
    });
  const form = (whole: string): unknown => Object.fromEntries(new URLSearchParams(whole));

  it.each(["/", "/on"])("is its req.body: JSON, at %s", async (path) => {
    const answer = await post(parsing(JSON.parse), path, '{"a":1,"b":[2]}', "application/json");
    expect(JSON.parse(answer.text)).toMatchObject({
      data: { a: 1, b: [2] },
      a: "1",
      all: { a: 1, b: [2] },
    });
  });

  it.each(["/", "/on"])("is its req.body: a form, at %s", async (path) => {
    const type = "application/x-www-form-urlencoded";
    const answer = await post(parsing(form), path, "a=1&b=%C3%A9", type);
    expect(JSON.parse(answer.text)).toMatchObject({
      data: { a: "1", b: "é" },
      a: "1",
      all: { a: "1", b: "é" },
    });
  });

  it("is its req.body: text or bytes, read as if they had come in", async () => {
    for (const parsed of [(whole: string) => whole, (whole: string) => Buffer.from(whole)]) {
      const answer = await post(parsing(parsed), "/", '{"a":1}', "application/json");
      expect(JSON.parse(answer.text)).toMatchObject({ data: { a: 1 }, body: '{"a":1}', a: "1" });
    }
  });

  it("is the app's as well where it only listened", async () => {
    let heard = "";
    const app = appWith({}, (it) => {
      it.use((req, _res, next) => {
        req.on("data", (chunk: Buffer) => (heard += chunk.toString()));
        next();
      });
      bodies(it);
    });
    const answer = await post(app, "/", '{"a":1}', "application/json");
    expect([heard, JSON.parse(answer.text)]).toEqual([
      '{"a":1}',
      expect.objectContaining({ data: { a: 1 }, body: '{"a":1}' }),
    ]);
  });

  it("is an error where it left none, but not for a route that takes the stream", async () => {
    const app = parsing(() => undefined);
    const answer = await post(app, "/", "a=1", "application/x-www-form-urlencoded");
    expect(answer.status).toBe(500);
    expect(logged(app, "error")).toEqual([
      expect.stringContaining("a middleware has read the request body and left no req.body"),
    ]);
    const stream = await post(
      parsing(() => undefined),
      "/stream",
      "a=1",
      "text/plain",
    );
    expect(stream).toEqual({ status: 200, text: "unread" });
  });
});

it("logs what a middleware throws or passes on after next()", async () => {
  const app = appWith({}, (it) => {
    it.use((_req, _res, next) => {
      next();
      throw new Error("thrown late");
    });
    it.use(async (_req, _res, next) => {
      next();
      await Promise.resolve();
      throw new Error("rejected late");
    });
    it.use((_req, _res, next) => {
      next();
      next(new Error("passed late"));
      next();
    });
    it.get("/", () => "x");
  });
  await whileServing(app, async (port) => {
    expect((await ask(port, "/")).body).toBe("x");
  });
  expect(logged(app, "error").toSorted()).toEqual([
    "a middleware failed after next(): passed late",
    "a middleware failed after next(): rejected late",
    "a middleware failed after next(): thrown late",
  ]);
});
