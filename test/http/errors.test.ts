import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import type { LogEntry } from "../../src/engines/logger/logger.ts";
import type { SessionStore } from "../../src/engines/session/store.ts";
import { HTTPError, QuickstepError } from "../../src/errors.ts";
import { logged, logOf, serve, visit, type Served } from "../support/app.ts";
import { appWith, ask, sendRaw, statusOf, whileServing, type RawReply } from "./support.ts";

const KEY = "canary-key-0123456789abcdef";
const CANARY = /canary|\/work\/|\/tmp\/|node_modules|\.ts:\d|at .*\(|production/i;

function fail(): never {
  throw Object.assign(new Error("canary-message at /tmp/canary-path/file.ts:7"), {
    canary: "canary-property",
  });
}

/** A store that breaks in one of its operations. */
function brokenStore(broken: keyof SessionStore): SessionStore {
  const store: SessionStore = {
    waits: false,
    open: () => undefined,
    save: () => "cookie",
    touch: () => undefined,
    destroy: () => undefined,
  };
  return { ...store, [broken]: fail };
}

function engines(app: App): void {
  for (const name of ["open", "save", "destroy"] as const) {
    app.engine("session").register(`broken-${name}`, () => brokenStore(name));
  }
  app.engine("session").register("broken-later", () => ({
    ...brokenStore("touch"),
    save: () => Promise.reject(new Error("canary-message")),
  }));
  app.engine("serializer").register("broken", () => ({
    contentType: "text/html",
    reads: () => true,
    serialize: fail,
    deserialize: fail,
  }));
  app.engine("template").register("broken", () => ({ extension: ".tt", render: fail }));
}

interface Cause {
  readonly define: (app: App) => void;
  readonly settings?: Record<string, unknown>;
  /** Default 500. */
  readonly status?: number;
}

const causes: Record<string, Cause> = {
  "a route": { define: (app) => app.get("/", fail) },
  "an async route": {
    define: (app) => app.get("/", () => Promise.reject(new Error("canary-message"))),
  },
  "a before hook": { define: (app) => (app.hook("before", fail), app.get("/", () => "x")) },
  "an after hook": { define: (app) => (app.hook("after", fail), app.get("/", () => "x")) },
  "a template hook": {
    define: (app) => {
      app.hook("before_template_render", fail);
      app.get("/", ({ template }) => template("page"));
    },
  },
  "a template": {
    define: (app) => app.get("/", ({ template }) => template("bad")),
    settings: { template: "eta" },
  },
  "a missing template": {
    define: (app) => app.get("/", ({ template }) => template("canary-view")),
  },
  "a template engine": {
    define: (app) => app.get("/", ({ template }) => template("page")),
    settings: { template: "broken" },
  },
  "a token": {
    define: (app) =>
      app.get("/", ({ template }) =>
        template("page", {
          get name() {
            return fail();
          },
        }),
      ),
  },
  "a body parser of the app": {
    define: (app) => app.get("/", ({ request }) => JSON.parse(`canary ${request.body}`) as unknown),
  },
  "a serializer": {
    define: (app) => app.get("/", () => ({ a: 1 })),
    settings: { serializer: "broken" },
  },
  "data that cannot be serialized": { define: (app) => app.get("/", () => ({ canary: () => 1 })) },
  "a session store at save": {
    define: (app) => app.get("/", ({ session }) => session("canary", 1)),
    settings: { session: "broken-save" },
    status: 503,
  },
  "a session store that waits": {
    define: (app) => app.get("/", ({ session }) => session("canary", 1)),
    settings: { session: "broken-later" },
    status: 503,
  },
  "a session that cannot carry the data": {
    define: (app) => app.get("/", ({ session }) => void session("canary", () => 1)),
    settings: { session: "simple" },
  },
  "sessions that are off": { define: (app) => app.get("/", ({ session }) => session("canary")) },
  "a header": { define: (app) => app.get("/", ({ header }) => header("X-A", "canary\r\n")) },
  "a middleware": {
    define: (app) => {
      app.use((_req, _res, next) => next(new Error("canary-message")));
      app.get("/", () => "x");
    },
  },
  sendError: { define: (app) => app.get("/", ({ sendError }) => sendError("canary-message")) },
};

const files = {
  "views/page.tt": "page <% name %>",
  "views/bad.eta": "<% throw new Error('canary-message') %>",
  "config.yml": "app: { dsn: canary-dsn }\n",
};

async function failOver(
  cause: keyof typeof causes,
  environment = "production",
  settings: Record<string, unknown> = {},
): Promise<{ reply: RawReply; entries: readonly LogEntry[] }> {
  const { define, settings: own = {} } = causes[cause]!;
  const app = appWith(
    files,
    (it) => {
      engines(it);
      define(it);
    },
    { session_cookie_key: KEY, app: { password: "canary-password" }, ...settings, ...own },
    { environment },
  );
  const reply = await whileServing(app, (port) => ask(port, "/?q=canary-query"));
  return { reply, entries: logOf(app).entries };
}

describe("SEC-901 in production an error says nothing", () => {
  const bodies = new Map<number, Set<string>>();

  it.each(Object.keys(causes))("from %s", async (cause) => {
    const { reply, entries } = await failOver(cause);
    const { status = 500 } = causes[cause]!;
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply)).not.toMatch(CANARY);
    const id = /Request ([\w-]+)/.exec(reply.body)?.[1] ?? reply.headers["x-request-id"];
    expect(id).toBeDefined();
    const errors = entries.filter(({ level }) => level === "error");
    // sendError is an answer that the app chose, not a failure.
    if (cause !== "sendError") expect(errors.map(({ requestId }) => requestId)).toEqual([id]);
    // With a serializer Dancer says one line.
    if (cause === "a serializer") {
      expect(reply.body).toBe("An internal error occured");
      return;
    }
    const seen = bodies.get(status) ?? new Set();
    bodies.set(status, seen.add(reply.body.replace(id ?? "", "ID")));
    // The same body for every cause of one status.
    expect([...seen]).toHaveLength(1);
  });

  it.each(["open", "destroy"])("from a session store that breaks at %s", async (at) => {
    const app = appWith(
      {},
      (it) => {
        engines(it);
        it.get("/", ({ session }) => {
          session("canary", 1);
          session().destroy();
        });
      },
      { session: `broken-${at}` },
      { environment: "production" },
    );
    const reply = await visit(app).get("/", {
      headers: { cookie: "__Host-quickstep.session=canary; quickstep.session=canary" },
    });
    expect([500, 503, 200]).toContain(reply.status);
    expect(reply.text + JSON.stringify(reply.pairs)).not.toMatch(/canary-(?:message|path)/);
  });

  it("nor to a client that wants JSON, nor over an error_template", async () => {
    for (const cause of ["a route", "a missing template", "a header"] as const) {
      const app = appWith(
        { ...files, "views/oops.tt": "<% code %> <% title %> <% message %>" },
        (it) => causes[cause]!.define(it),
        { error_template: "oops", session_cookie_key: KEY },
        { environment: "production" },
      );
      const page = await visit(app).get("/");
      expect([page.status, page.text]).toEqual([
        500,
        expect.stringMatching(/^500 (?:Error 500|Runtime Error) Internal Server Error$/),
      ]);
      const json = await visit(app).get("/", { headers: { accept: "application/json" } });
      expect([json.status, json.json]).toEqual([
        500,
        { error: "Internal Server Error", status: 500, requestId: expect.any(String) as string },
      ]);
      expect(json.header("content-type")).toBe("application/json; charset=utf-8");
    }
  });
});

describe("with a serializer", () => {
  const app = appWith(
    {},
    (it) => {
      it.get("/die", fail);
      it.get("/list", () => []);
    },
    { serializer: "json" },
    { environment: "production" },
  );
  const answer = async (method: "get" | "post", path: string, accept: string) => {
    const headers = accept === "" ? {} : { accept };
    const reply = await visit(app)[method](path, { headers });
    return [reply.status, reply.header("content-type"), reply.header("allow")];
  };
  const json = "application/json; charset=utf-8";

  it("a client that takes anything, as fetch and curl do, gets errors as data, whatever went wrong", async () => {
    for (const accept of ["*/*", "application/json, text/plain, */*"]) {
      expect(await answer("get", "/nowhere", accept)).toEqual([404, json, undefined]);
      expect(await answer("post", "/list", accept)).toEqual([405, json, "GET, HEAD"]);
      expect(await answer("get", "/die", accept)).toEqual([500, json, undefined]);
    }
  });

  it("a browser that asks for a page gets one where no route answers, as does who says nothing", async () => {
    for (const accept of ["text/html,application/xhtml+xml,*/*;q=0.8", ""]) {
      const page = [404, "text/html; charset=utf-8", undefined];
      expect(await answer("get", "/nowhere", accept)).toEqual(page);
    }
  });
});

/** What may be thrown. */
const values: Record<string, () => unknown> = {
  "an Error": () => new Error("plain"),
  "a string": () => "text",
  "an empty string": () => "",
  null: () => null,
  undefined: () => undefined,
  "a number": () => 0,
  "a symbol": () => Symbol("s"),
  "a function": () => () => "f",
  "a frozen object": () => Object.freeze({ a: 1 }),
  "a frozen Error": () => Object.freeze(new Error("frozen")),
  "an object without a prototype": () => Object.create(null) as object,
  "an object whose getters throw": () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("getter");
        },
      },
    ),
  "a proxy that refuses everything": () =>
    new Proxy(new Error("x"), {
      get: () => {
        throw new Error("get");
      },
      getPrototypeOf: () => {
        throw new Error("proto");
      },
      ownKeys: () => {
        throw new Error("keys");
      },
      has: () => {
        throw new Error("has");
      },
    }),
  "an Error whose getters throw": () =>
    Object.defineProperties(new Error("x"), {
      message: {
        get: () => {
          throw new Error("message");
        },
      },
      stack: {
        get: () => {
          throw new Error("stack");
        },
      },
      name: {
        get: () => {
          throw new Error("name");
        },
      },
      cause: {
        get: () => {
          throw new Error("cause");
        },
      },
      code: {
        get: () => {
          throw new Error("code");
        },
      },
    }),
  "an Error whose message is no text": () => Object.assign(new Error("x"), { message: { a: 1 } }),
  "an Error that is its own cause": () => {
    const error = new Error("circle");
    error.cause = error;
    return error;
  },
  "an object whose toString throws": () => ({
    toString: () => {
      throw new Error("text");
    },
    toJSON: () => {
      throw new Error("json");
    },
  }),
  "an HTTPError with headers that cannot be sent": () =>
    new HTTPError(500, "x", { headers: { "X-A": "a\r\nb" } }),
  "an HTTPError whose status does not exist": () => new HTTPError(7, "x"),
};

type Place = (app: App, thrower: () => never, later: () => Promise<never>) => void;

const places: Record<string, Place> = {
  "a before hook": (app, thrower) =>
    app.hook("before", ({ request }) => request.path === "/" && thrower()),
  "a before hook, later": (app, _, later) =>
    app.hook("before", ({ request }) => (request.path === "/" ? later() : undefined)),
  "a route": (app, thrower) => app.get("/", thrower),
  "a route, later": (app, _, later) => app.get("/", later),
  "an after hook": (app, thrower) =>
    app.hook("after", ({ request }) => request.path === "/" && thrower()),
  "an after hook, later": (app, _, later) =>
    app.hook("after", ({ request }) => (request.path === "/" ? later() : undefined)),
  "a template": (app, thrower) =>
    app.get("/", ({ template }) =>
      template("page", {
        get name() {
          return thrower();
        },
      }),
    ),
  "a template hook": (app, thrower) => {
    app.hook("after_template_render", thrower);
    app.get("/", ({ template }) => template("page"));
  },
  "a middleware": (app, thrower) =>
    app.use((req, _res, next) => (req.url === "/" ? thrower() : next())),
  "a middleware, later": (app, _, later) =>
    app.use((req, _res, next) => (req.url === "/" ? later() : next())),
};

describe("SEC-903 whatever is thrown, there is one answer and one log entry, and the app goes on", () => {
  const environments = ["production", "development"];

  describe.each(
    Object.keys(places).flatMap((place) =>
      environments.map((environment) => ({ place, environment })),
    ),
  )("in $place, in $environment", ({ place, environment }) => {
    let value: () => unknown;
    const thrower = (): never => {
      throw value();
    };
    const later = async (): Promise<never> => {
      await Promise.resolve();
      return thrower();
    };
    const app = appWith(
      { "views/page.tt": "page <% name %>" },
      (it) => {
        places[place]!(it, thrower, later);
        it.get("/", () => "x");
        it.get("/fine", () => "fine");
      },
      {},
      { environment },
    );
    let served: Served;
    beforeAll(async () => void (served = await serve(app)));
    afterAll(() => served.stop());

    it.each(Object.keys(values))("%s", async (name) => {
      value = values[name]!;
      logOf(app).read();
      const head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      const text = await sendRaw(served.port, head);
      expect(statusOf(text)).toBe(500);
      expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(text).toMatch(/content-type: text\/(?:html|plain); charset=utf-8/i);
      const entries = logOf(app).entries.filter(({ level }) => level !== "info");
      // An HTTPError that cannot be sent as it says is an error of its own.
      expect(entries).toHaveLength(
        1 + Number(name === "an HTTPError with headers that cannot be sent"),
      );
      expect(logged(app, "error").length).toBeGreaterThan(0);
      expect((await ask(served.port, "/fine")).body).toBe("fine");
    });
  });

  it.each(Object.keys(values))("%s in a stream breaks the answer off", async (value) => {
    const broken = async function* (): AsyncGenerator<string> {
      yield "begun";
      await Promise.resolve();

      throw values[value]!();
    };
    const app = appWith({}, (it) => {
      it.get("/", broken);
      it.get("/sent", ({ sendFile }) => sendFile(broken()));
      it.get(
        "/web",
        () => new Response(Readable.toWeb(Readable.from(["begun", { bad: 1 }])) as ReadableStream),
      );
      it.get("/fine", () => "fine");
    });
    await whileServing(app, async (port) => {
      for (const path of ["/", "/sent", "/web"]) {
        logOf(app).read();
        const text = await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
        expect([path, statusOf(text), text.endsWith("0\r\n\r\n")]).toEqual([path, 200, false]);
        await expect.poll(() => logged(app, "error").length).toBe(1);
        expect((await ask(port, "/fine")).body).toBe("fine");
      }
    });
  });

  it.each(Object.keys(values))("%s inside an error_template", async (value) => {
    const app = appWith(
      { "views/oops.tt": "oops <% code %>" },
      (it) => {
        it.hook("before_template_render", () => {
          throw values[value]!();
        });
        it.get("/", () => {
          throw new Error("first");
        });
        it.get("/fine", () => "fine");
      },
      { error_template: "oops" },
      { environment: "production" },
    );
    await whileServing(app, async (port) => {
      const reply = await ask(port, "/");
      expect([reply.status, reply.headers["content-type"]]).toEqual([
        500,
        "text/plain; charset=utf-8",
      ]);
      expect(reply.body).toMatch(/^Error 500\nRequest [\w-]+\n$/);
      // One entry for each of the two things that were thrown.
      expect(logged(app, "error")).toEqual([
        "request to GET / crashed: first",
        expect.stringMatching(/^the error page failed: /),
      ]);
      expect((await ask(port, "/fine")).body).toBe("fine");
    });
  });

  it("the file logger takes all of it, a line or more for each request", async () => {
    const app = appWith(
      {},
      (it) => {
        for (const [at, value] of Object.values(values).entries()) {
          it.get(`/${at}`, () => {
            throw value();
          });
        }
      },
      { logger: "file" },
      { environment: "production" },
    );
    const ids: string[] = [];
    for (const at of Object.keys(Object.values(values))) {
      const reply = await visit(app).get(`/${at}`);
      ids.push(/Request ([\w-]+)/.exec(reply.text)?.[1] ?? "no id");
    }
    await app.close();
    const log = readFileSync(join(app.config.appdir, "logs/production.log"), "utf8");
    expect(ids.filter((id) => !log.includes(id))).toEqual([]);
  });

  it("a logger that throws takes no request down", async () => {
    const app = appWith(
      {},
      (it) => {
        it.engine("logger").register("broken", () => ({ log: fail }));
        it.get("/", fail);
        it.get("/warns", ({ warning }) => (warning("x"), "warned"));
      },
      { logger: "broken" },
      { environment: "production" },
    );
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect((await visit(app).get("/")).status).toBe(500);
    expect((await visit(app).get("/warns")).text).toBe("warned");
    expect(told).toHaveBeenCalledWith(expect.stringMatching(/^the logger failed; level error/));
    told.mockRestore();
  });

  it("content that no answer can have is an error", async () => {
    const app = appWith({}, (it) => {
      it.get("/", ({ response }) => {
        response.content = { not: "content" } as never;
      });
      it.get("/fine", () => "fine");
    });
    await whileServing(app, async (port) => {
      expect((await ask(port, "/")).status).toBe(500);
      expect((await ask(port, "/fine")).body).toBe("fine");
    });
  });
});

describe("the development page", () => {
  const develop = (define: (app: App) => void, settings: Record<string, unknown> = {}): App =>
    appWith(
      {},
      define,
      {
        session: "cookie",
        session_cookie_key: [KEY, "canary-old-key-0123456789"],
        app: { db: { password: "canary-password" }, page: "visible-setting" },
        ...settings,
      },
      { environment: "development" },
    );
  const leaking = ({ session }: Context): never => {
    session("user", "canary-user");
    throw new Error(`no entry for ${KEY} & "canary-password" <script>alert(1)</script>`);
  };

  it("shows message, stack, request and settings", async () => {
    const app = develop((it) => it.get("/it/:id", leaking));
    const reply = await visit(app).get("/it/7?shown=query", { headers: { "x-shown": "header" } });
    expect([reply.status, reply.header("content-type")]).toEqual([500, "text/html; charset=utf-8"]);
    for (const part of [
      "no entry for",
      "errors.test.ts",
      "/it/7",
      "shown=query",
      "x-shown",
      "visible-setting",
      "user",
    ]) {
      expect(reply.text).toContain(part);
    }
  });

  it("masks keys and passwords by name and by value, and what the session holds", async () => {
    const app = develop((it) => it.get("/", leaking));
    const headers = {
      authorization: "Bearer canary-token",
      cookie: "a=canary-cookie",
      "x-api-key": "canary-api",
    };
    const reply = await visit(app).get("/", { headers });
    expect(reply.text).not.toContain("canary");
    expect(reply.text).toContain("********");
    const json = await visit(app).get("/", { headers: { accept: "application/json" } });
    expect(json.text).toContain("no entry for ********");
    expect(json.text).not.toContain("canary");
    const refused = develop((it) =>
      it.get("/", () => {
        throw new HTTPError(400, `bad ${KEY}`);
      }),
    );
    expect((await visit(refused).get("/")).text).toContain("bad ********");
  });

  it("shows what sendError said in the pages' own style, and what visitors get in its place", async () => {
    const app = develop((it) => it.get("/", ({ sendError }) => sendError("<b>no tea", 404)));
    const reply = await visit(app).get("/");
    const { status, text } = reply;
    expect([status, text]).toEqual([404, expect.stringContaining("<style>")]);
    expect(reply.header("content-security-policy")).toMatch(/style-src 'sha256-/);
    expect(text).toContain('<h1>Error 404</h1>\n<p class="soft">Not Found</p>');
    expect(text).toContain('<pre class="error">&lt;b&gt;no tea</pre>');
    expect(text).toContain("visitors get <code>public/404.html</code>");
    const missing = develop((it) => it.get("/", ({ sendFile }) => sendFile("data/<me>.png")));
    expect((await visit(missing).get("/")).text).toContain(
      "neither a file below public nor, with systemPath, an absolute path of one: &quot;data/&lt;me&gt;.png&quot;",
    );
  });

  it("SEC-902 masks what a path, a query or a Referer says under a telling name", async () => {
    const app = develop((it) => it.get("/reset/:token", leaking));
    const reply = await visit(app).get(
      "/reset/canary-1?password=canary%202&api_key=canary3&page=4",
      {
        headers: { referer: "https://app.test/login?token=canary-5&shown=here#top" },
      },
    );
    expect(reply.text).toContain("password=********&amp;api_key=********&amp;page=4");
    expect(reply.text).toContain("https://app.test/login?token=********&amp;shown=here#top");
    expect(reply.text).toContain("/reset/********");
    expect(reply.text).not.toMatch(/canary-?\d|canary%20/);
  });

  it("escapes markup wherever it comes from", async () => {
    const app = develop((it) => it.get("/*", leaking), { app: { "<b>name": "<i>value" } });
    await whileServing(app, async (port) => {
      const reply = await ask(port, '/%3Cscript%3Ea?"><script>b');
      expect(reply.status).toBe(500);
      expect(reply.body).not.toMatch(/<script|<b>|<i>/);
      expect(reply.body).toContain("&lt;script&gt;");
    });
  });

  it("says which request it was, as the log does", async () => {
    const app = develop((it) => it.get("/", leaking));
    const { text } = await visit(app).get("/");
    expect(text).toContain(String(logOf(app).entries.at(-1)?.requestId));
  });

  it.each([
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["203.0.113.9", false],
    ["::ffff:203.0.113.9", false],
    ["10.0.0.1", false],
    ["127.evil.test", false],
    ["fe80::1", false],
  ])("SEC-902 is for loopback: %s sees it: %j", async (address, sees) => {
    const app = develop(
      (it) =>
        it.get("/", () => {
          throw new Error("canary-message");
        }),
      { show_errors: true },
    );
    const server = createServer((req, res) => {
      Object.defineProperty(req.socket, "remoteAddress", { value: address });
      app.listener(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const reply = await ask((server.address() as AddressInfo).port, "/");
    server.close();
    expect([reply.status, reply.body.includes("canary-message")]).toEqual([500, sees]);
  });

  it.each([
    ["localhost:3000", {}, true],
    ["127.0.0.1:3000", {}, true],
    ["[::1]:3000", {}, true],
    ["shop.test", {}, true],
    ["laptop", {}, true],
    ["evil.com:3000", {}, false],
    ["127.0.0.1.evil.com", {}, false],
    ["test.evil.com", {}, false],
    ["dev.shop.com", { allowed_hosts: ["dev.shop.com"] }, true],
  ])("SEC-902 is not for pages of others that lead here: %s %j sees it: %j", async (...row) => {
    const [host, settings, sees] = row;
    const app = develop((it) => {
      it.get("/", () => {
        throw new Error("canary-message");
      });
    }, settings);
    const { port } = await serve(app);
    const head = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const text = await sendRaw(port, head);
    expect([statusOf(text), text.includes("canary-message")]).toEqual([500, sees]);
  });

  it("SEC-902 is not shown because a header says loopback", async () => {
    const app = develop((it) =>
      it.get("/", () => {
        throw new Error("canary-message");
      }),
    );
    const server = createServer((req, res) => {
      Object.defineProperty(req.socket, "remoteAddress", { value: "203.0.113.9" });
      app.listener(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const header of [
      "X-Forwarded-For: 127.0.0.1",
      "Forwarded: for=127.0.0.1",
      "X-Real-IP: ::1",
      "Host: localhost",
    ]) {
      const text = await sendRaw(
        port,
        `GET / HTTP/1.1\r\n${header.startsWith("Host") ? "" : "Host: a\r\n"}${header}\r\nConnection: close\r\n\r\n`,
      );
      expect([header, statusOf(text), text.includes("canary-message")]).toEqual([
        header,
        500,
        false,
      ]);
    }
    server.close();
  });

  it("is shown or not as show_errors says", async () => {
    for (const [environment, show_errors, shown] of [
      ["development", null, true],
      ["development", false, false],
      ["production", null, false],
      ["production", true, true],
      ["test", null, false],
    ] as const) {
      const settings = { show_errors, production_allows: ["show_errors"] };
      const app = appWith({}, (it) => it.get("/", fail), settings, { environment });
      const reply = await visit(app).get("/");
      expect([environment, show_errors, reply.text.includes("canary-message")]).toEqual([
        environment,
        show_errors,
        shown,
      ]);
    }
  });
});

describe("error pages", () => {
  const define = (app: App): void => {
    app.get("/die", fail);
    app.get("/send403", ({ sendError }) => sendError("x", 403));
    app.get("/send404", ({ sendError }) => sendError("x", 404));
    app.get("/status", ({ status }) => (status(404), "own not found text"));
    app.get("/pass", ({ pass }) => pass());
    app.get("/http", () => {
      throw new HTTPError(429, "slow", { headers: { "Retry-After": "7" } });
    });
    app.get("/other", () => {
      throw Object.assign(new Error("x"), { status: 404, statusCode: 404 });
    });
    app.get("/framework", () => {
      throw new QuickstepError("some-code", "canary-message");
    });
  };
  const pages = {
    "public/404.html": "<h1>nothing here</h1>\n",
    "public/500.html": "<h1>our fault</h1>\n",
  };
  const app = appWith(pages, define);

  it.each([
    ["/nowhere", 404, "<h1>nothing here</h1>\n"],
    ["/pass", 404, "<h1>nothing here</h1>\n"],
    ["/send404", 404, "<h1>nothing here</h1>\n"],
    ["/die", 500, "<h1>our fault</h1>\n"],
    ["/other", 500, "<h1>our fault</h1>\n"],
    ["/framework", 500, "<h1>our fault</h1>\n"],
    ["/status", 404, "own not found text"],
  ])("of the public folder are used: %s", async (path, status, body) => {
    const client = visit(app);
    for (const method of ["GET", "POST"]) {
      if (method === "POST" && path !== "/nowhere") continue;
      const reply = await client.request(
        method,
        path,
        method === "POST" ? { form: { a: "1" } } : {},
      );
      expect([reply.status, reply.text, reply.header("content-type")]).toEqual([
        status,
        body,
        "text/html; charset=utf-8",
      ]);
    }
  });

  it("are built in for the others", async () => {
    const reply = await visit(app).get("/send403");
    expect(reply.status).toBe(403);
    for (const part of [
      "<title>Error 403</title>",
      "<h1>Error 403</h1>",
      "Forbidden",
      "Request ",
    ]) {
      expect(reply.text).toContain(part);
    }
  });

  it("ask for nothing that the strictest Content-Security-Policy refuses", async () => {
    const reply = await visit(app).get("/send403");
    expect(reply.text).not.toMatch(/<style|<script|<link|<img|\sstyle=|\son\w+=|url\(/i);
    expect(reply.text).toContain('<meta name="color-scheme" content="light dark">');
  });

  it("carry the headers of an HTTPError", async () => {
    const reply = await visit(app).get("/http");
    expect([reply.status, reply.header("retry-after")]).toEqual([429, "7"]);
  });

  it("are rendered by error_template, but for 404", async () => {
    const templated = appWith(
      { ...pages, "views/oops.tt": "<% code %> <% title %> <% message %> <% settings.app.name %>" },
      define,
      { error_template: "oops", app: { name: "shop" } },
    );
    expect((await visit(templated).get("/die")).text).toBe(
      "500 Runtime Error Internal Server Error shop",
    );
    expect((await visit(templated).get("/send403")).text).toBe("403 Error 403 Forbidden shop");
    expect((await visit(templated).get("/nowhere")).text).toBe("<h1>nothing here</h1>\n");
  });

  it("may be caught by the handler", async () => {
    const caught = appWith({}, (it) =>
      it.get("/", () => {
        try {
          return fail();
        } catch {
          return "survived";
        }
      }),
    );
    expect((await visit(caught).get("/")).text).toBe("survived");
    expect(logged(caught, "error")).toEqual([]);
  });
});
