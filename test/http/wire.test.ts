/** What the server makes of bytes that are no proper request, sent over raw sockets. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { appWith, ask, parseRaw, sendRaw, statusOf, whileServing } from "./support.ts";

const host = "Host: app.test\r\n";
const post = (headers: string, body = "0\r\n\r\n"): string =>
  `POST / HTTP/1.1\r\n${host}${headers}\r\n\r\n${body}`;
const chunked = (body: string): string => post("Transfer-Encoding: chunked", body);
const withHeader = (line: string): string => `GET / HTTP/1.1\r\n${host}${line}\r\n\r\n`;
const withVersion = (version: string): string => `GET / ${version}\r\n${host}\r\n`;
/** Would be answered too, if the server lost count of where the first one ends. */
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;

const invalid: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "two lengths": {
    "Content-Length and Transfer-Encoding": post("Content-Length: 5\r\nTransfer-Encoding: chunked"),
    "Transfer-Encoding and Content-Length": post("Transfer-Encoding: chunked\r\nContent-Length: 5"),
    "a length in the trailer": chunked("0\r\nContent-Length: 3\r\n\r\n"),
    "Content-Length twice": post("Content-Length: 5\r\nContent-Length: 6", "hello"),
    "the same Content-Length twice": post("Content-Length: 5\r\nContent-Length: 5", "hello"),
    "Transfer-Encoding twice": post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
  },
  "a Content-Length that is": {
    "a list": post("Content-Length: 5, 5", "hello"),
    "signed plus": post("Content-Length: +5", "hello"),
    negative: post("Content-Length: -1"),
    "two numbers": post("Content-Length: 5 5", "hello"),
    hexadecimal: post("Content-Length: 0x5", "hello"),
    empty: post("Content-Length:", "hello"),
    "too large": post("Content-Length: 99999999999999999999", "hello"),
  },
  "a Transfer-Encoding that": {
    "does not end in chunked": post("Transfer-Encoding: chunked, gzip"),
    "lacks chunked": post("Transfer-Encoding: gzip", "x"),
    "is misspelt": post("Transfer-Encoding: xchunked"),
    "is quoted": post('Transfer-Encoding: "chunked"'),
    "says it twice": post("Transfer-Encoding: chunked, chunked"),
    "has a word more": post("Transfer-Encoding: chunked now"),
    "has a vertical tab": post("Transfer-Encoding: \vchunked"),
    "is identity": post("Transfer-Encoding: identity", "x"),
  },
  "a chunk whose size": {
    "is no number": chunked("g\r\nx\r\n0\r\n\r\n"),
    "is negative": chunked("-1\r\nx\r\n0\r\n\r\n"),
    "has a prefix": chunked("0x1\r\nx\r\n0\r\n\r\n"),
    "has a space before it": chunked(" 1\r\nx\r\n0\r\n\r\n"),
    "has a space after it": chunked("1 \r\nx\r\n0\r\n\r\n"),
    "is missing": chunked("\r\nx\r\n0\r\n\r\n"),
    overflows: chunked("fffffffffffffffff\r\nx"),
    "is too small": chunked("1\r\nxy\r\n0\r\n\r\n"),
    "ends in a bare line feed": chunked("1\nx\r\n0\r\n\r\n"),
    "has a line feed in its extension": chunked("1;a\nb\r\nx\r\n0\r\n\r\n"),
    "has a carriage return in its extension": chunked("1;a\rb\r\nx\r\n0\r\n\r\n"),
    "is right, but the data end in a bare line feed": chunked("1\r\nx\n0\r\n\r\n"),
    "is zero and ends in bare line feeds": chunked("0\n\n"),
  },
  "a folded header": {
    "by a space": withHeader("X-A: 1\r\n folded"),
    "by a tab": withHeader("X-A: 1\r\n\tfolded"),
    "that hides a coding": post("Transfer-Encoding:\r\n chunked"),
    "before any other": `GET / HTTP/1.1\r\n Host: app.test\r\n\r\n`,
  },
  "a line that ends": {
    "in bare line feeds throughout": "GET / HTTP/1.1\nHost: app.test\n\n",
    "in one after the request line": "GET / HTTP/1.1\nHost: app.test\r\n\r\n",
    "in one after a header": withHeader("X-A: 1\nX-B: 2"),
    "in one at the end": `GET / HTTP/1.1\r\n${host}\n`,
    "in a bare carriage return": withHeader("X-A: 1\rX-B: 2"),
    "in carriage returns throughout": "GET / HTTP/1.1\rHost: app.test\r\r",
  },
  "a header": {
    "with a space before its colon": post("Content-Length : 5", "hello"),
    "with a space in its name": withHeader("X A: 1"),
    "without a name": withHeader(": 1"),
    "with a parenthesis in its name": withHeader("X(A: 1"),
    "without a colon": withHeader("X-A"),
    "with NUL in its value": withHeader("X-A: a\0b"),
    "with NUL in its name": withHeader("X\0A: 1"),
    "with a control character": withHeader("X-A: a\x01b"),
    "with DEL": withHeader("X-A: a\x7fb"),
    "Host that is missing": "GET / HTTP/1.1\r\n\r\n",
    "Host with a space": "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "Host with a slash": "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "Host with a user": "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
    "Host with a port that is none": "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
    "Host with half an address": "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "Host that comes twice": withHeader("Host: other.test"),
    "host that comes twice, in lower case": withHeader("host: app.test"),
  },
  "the version": {
    "HTTP/0.9": withVersion("HTTP/0.9"),
    "HTTP/1.2": withVersion("HTTP/1.2"),
    "HTTP/2.0": withVersion("HTTP/2.0"),
    "HTTP/9.9": withVersion("HTTP/9.9"),
    "HTTP/1": withVersion("HTTP/1"),
    "HTTP/11": withVersion("HTTP/11"),
    "HTTP/1.1x": withVersion("HTTP/1.1x"),
    "http/1.1": withVersion("http/1.1"),
    "HTTPS/1.1": withVersion("HTTPS/1.1"),
    "with a space after it": withVersion("HTTP/1.1 "),
    "that is missing": `GET /\r\n${host}\r\n`,
    "of a preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  },
  "a request line": {
    "with an odd method": `G@T / HTTP/1.1\r\n${host}\r\n`,
    "with a method in lower case": `get / HTTP/1.1\r\n${host}\r\n`,
    "without a method": ` / HTTP/1.1\r\n${host}\r\n`,
    "without a target": `GET HTTP/1.1\r\n${host}\r\n`,
    "with tabs": `GET\t/\tHTTP/1.1\r\n${host}\r\n`,
    "with NUL": `GET /\0 HTTP/1.1\r\n${host}\r\n`,
    "with a control character": `GET /\x01 HTTP/1.1\r\n${host}\r\n`,
    "beyond ASCII": `GET /\xe9 HTTP/1.1\r\n${host}\r\n`,
    "that is TLS": "\x16\x03\x01\x02\x00\x01\r\n\r\n",
    "that is none": "hello\r\n\r\n",
  },
};

/** Counts what reaches a handler. */
function counting(settings: Readonly<Record<string, unknown>> = {}) {
  const calls: string[] = [];
  const app = appWith(
    {},
    (it) => {
      it.any(/.*/, ({ request }) => {
        calls.push(`${request.path} ${request.body}`);
        return "served";
      });
    },
    settings,
  );
  return { app, calls };
}

describe.each(Object.entries(invalid))("SEC-814 %s", (_, messages) => {
  it.each(Object.entries(messages))("%s: 400, and the connection is closed", async (_, message) => {
    const { app, calls } = counting();
    await whileServing(app, async (port) => {
      const answer = await sendRaw(port, message + smuggled);
      expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(["HTTP/1.1 400"]);
      expect(answer).toMatch(/^Connection: close\r\n/im);
      expect(calls.filter((call) => call !== "/ ")).toEqual([]);
      expect((await ask(port, "/after")).body).toBe("served");
    });
  });
});

it("SEC-814 a Host header that is valid is served, and so are two spaces, which node's parser takes for one", async () => {
  const { app } = counting();
  await whileServing(app, async (port) => {
    for (const host of ["a", "a.test.", "my_app:80", "127.0.0.1:1", "[::1]:3000", "a:", ""]) {
      const head = `GET  / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect([host, statusOf(await sendRaw(port, head))]).toEqual([host, 200]);
    }
  });
});

it("SEC-814 a transfer coding besides chunked is 501, and the connection is closed", async () => {
  const { app, calls } = counting();
  await whileServing(app, async (port) => {
    const answer = await sendRaw(port, post("Transfer-Encoding: gzip, chunked"));
    expect([statusOf(answer), calls]).toEqual([501, []]);
  });
});

describe("SEC-806 odd headers", () => {
  it.each([
    ["one that is too long", `X-A: ${"a".repeat(20_000)}`],
    ["many that are too long together", `X-A: ${"a".repeat(200)}\r\n`.repeat(100).trimEnd()],
    ["more than are kept", "X: a\r\n".repeat(2500).trimEnd()],
  ])("%s: 431", async (_, lines) => {
    const { app, calls } = counting();
    await whileServing(app, async (port) => {
      expect(statusOf(await sendRaw(port, withHeader(lines)))).toBe(431);
      expect(calls).toEqual([]);
      expect((await ask(port, "/")).status).toBe(200);
    });
  });

  it("named as prototypes are harmless", async () => {
    const app = appWith({}, (it) => {
      it.get("/", ({ request }) => [
        request.header("__proto__") ?? null,
        request.header("constructor") ?? null,
        request.header("toString") ?? null,
        Object.keys({}).length,
      ]);
    });
    await whileServing(app, async (port) => {
      const lines = "__proto__: polluted\r\nconstructor: a\r\nConnection: close";
      const { status, body } = parseRaw(await sendRaw(port, withHeader(lines)));
      expect(status).toBe(200);
      expect((JSON.parse(body) as unknown[]).at(-1)).toBe(0);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    });
  });
});

describe("SEC-803 a Content-Type", () => {
  it.each([
    "application/json x",
    "application/json ;a",
    "application/json\t; charset=utf-8",
    "application/json, text/plain",
    "application/json; charset=utf-8; charset=utf-16",
    "application",
    "application/",
    "/json",
    "application/json/x",
    "multipart/form-data; boundary=a; boundary=b",
    "app lication/json",
  ])("%j is 415, and no parser sees the body", async (type) => {
    const { app, calls } = counting();
    await whileServing(app, async (port) => {
      const body = '{"a":1}';
      const answer = await sendRaw(
        port,
        post(`Connection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}`, body),
      );
      expect(statusOf(answer)).toBe(415);
      expect(calls).toEqual([]);
    });
  });

  it.each([
    "application/json",
    "application/json;",
    "APPLICATION/Json",
    "application/json; charset=utf-8",
    'application/json;charset="utf-8"',
    "application/problem+json",
  ])("%j chooses the JSON parser", async (type) => {
    const app = appWith({}, (it) => it.post("/", ({ param }) => param("a")));
    await whileServing(app, async (port) => {
      const head = `Connection: close\r\nContent-Type: ${type}\r\nContent-Length: 7`;
      expect(parseRaw(await sendRaw(port, post(head, '{"a":1}'))).body).toBe("1");
    });
  });
});

describe("SEC-802 a compressed body", () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000)).toString("latin1");

  it.each(["gzip", "deflate", "br", "x-gzip", "identity, gzip"])(
    "in %s is 415 and says what is read instead",
    async (coding) => {
      const { app, calls } = counting();
      await whileServing(app, async (port) => {
        const head = `Connection: close\r\nContent-Type: application/json\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bomb.length}`;
        const { status, headers } = parseRaw(await sendRaw(port, post(head, bomb)));
        expect([status, headers["accept-encoding"]]).toEqual([415, "identity"]);
        expect(calls).toEqual([]);
      });
    },
  );

  it("called identity is read", async () => {
    const { app, calls } = counting();
    await whileServing(app, async (port) => {
      const head = "Connection: close\r\nContent-Encoding: identity\r\nContent-Length: 5";
      expect(statusOf(await sendRaw(port, post(head, "hello")))).toBe(200);
      expect(calls).toEqual(["/ hello"]);
    });
  });
});

describe("SEC-818 a long path", () => {
  it.each([
    ["literal", "/a/b"],
    ["parameters", "/:a/:b?/:c?/:d?/end"],
    ["splats", "/*/*/*/*.*/end"],
    ["megasplats", "/**/x/**/y/**/end"],
  ])("of 64 KB costs no more than its length by %s", async (_, pattern) => {
    const app = appWith({}, (it) => it.get(pattern, () => "found"));
    const paths = ["/a".repeat(32_768), `/${"a.".repeat(32_767)}`, `/${"x/y/".repeat(16_383)}`];
    for (const path of paths) {
      await app.fetch(new Request(`http://app.test${path}`));
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const start = performance.now();
        const { status } = await app.fetch(new Request(`http://app.test${path}`));
        times.push(performance.now() - start);
        expect([200, 404]).toContain(status);
      }
      // Some milliseconds on a machine at rest; work that grows faster than the path takes seconds.
      expect(Math.min(...times)).toBeLessThan(200);
    }
  });

  it("is 431 over a socket, where node's limit for the head is smaller", async () => {
    const { app } = counting();
    await whileServing(app, async (port) => {
      // Little enough to be read whole: bytes left unread would reset the connection before the answer.
      expect((await ask(port, `/${"a".repeat(20_000)}`)).status).toBe(431);
    });
  });
});

describe("SEC-805 slow clients", () => {
  it("200 that send a byte now and then do not stop service and are cut off", async () => {
    const { app } = counting({ headers_timeout: 2, request_timeout: 2 });
    await whileServing(app, async (port) => {
      const sockets = await Promise.all(
        Array.from({ length: 200 }, async (_, number): Promise<Socket> => {
          const socket = connect(port, "127.0.0.1").on("error", () => undefined);
          await once(socket, "connect");
          socket.write(number % 2 === 0 ? "GET / HTTP/1.1\r\n" : post("Content-Length: 9", "x"));
          return socket;
        }),
      );
      let said = "";
      const closed = sockets.map((socket) => {
        socket.on("data", (text) => (said += String(text)));
        return new Promise<void>((resolve) => socket.once("close", () => resolve()));
      });
      for (let round = 0; round < 10; round += 1) {
        for (const socket of sockets) if (!socket.destroyed) socket.write("X");
        await setImmediate();
        expect((await ask(port, "/")).body).toBe("served");
      }
      await Promise.all(closed);
      expect(said).toContain("HTTP/1.1 408");
    });
  });
});
