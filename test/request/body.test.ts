import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFormBody, parseJsonBody, receiveBody } from "../../src/request/body.ts";
import { Request } from "../../src/request/request.ts";
import { HTTPError } from "../../src/errors.ts";

const limits = { maxParameters: 1000 };

interface Received {
  error: HTTPError | undefined;
  body: string;
}

async function receive(stream: Readable, limit: number, contentLength?: string): Promise<Received> {
  try {
    return { error: undefined, body: await receiveBody(stream, limit, contentLength, String) };
  } catch (error) {
    return { error: error as HTTPError, body: "" };
  }
}

const listeners = (stream: Readable) =>
  ["data", "end", "close"].map((event) => stream.listenerCount(event));

const jsonError = (body: string | Buffer): HTTPError => {
  try {
    parseJsonBody(Buffer.from(body));
  } catch (error) {
    if (error instanceof HTTPError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("Request.hasBody", () => {
  it.each([
    [{}, false],
    [{ "content-length": "0" }, false],
    [{ "content-length": "00" }, false],
    [{ "content-length": "1" }, true],
    [{ "transfer-encoding": "chunked" }, true],
    [{ "transfer-encoding": "chunked", "content-length": "0" }, true],
  ])("of %j is %j", (headers, expected) => {
    expect(new Request({ headers }, { maxParameters: 1 }).hasBody).toBe(expected);
  });
});

describe("receiveBody", () => {
  it.each([
    ["nothing", [], ""],
    ["one chunk", ["abc"], "abc"],
    ["several chunks", ["ab", "c", "\u00E9"], "abcé"],
  ])("gathers %s", async (_, chunks, expected) => {
    const stream = Readable.from(
      chunks.map((one) => Buffer.from(one)),
      { objectMode: false },
    );
    expect(await receive(stream, 100)).toEqual({ error: undefined, body: expected });
  });

  it("SEC-801: accepts a body of just the limit and refuses one byte more", async () => {
    expect((await receive(Readable.from([Buffer.alloc(10)]), 10, "10")).error).toBeUndefined();
    const { error, body } = await receive(Readable.from([Buffer.alloc(11)]), 10);
    expect(error).toMatchObject({ status: 413, code: "body-too-large" });
    expect(body).toBe("");
  });

  it.each([undefined, "1", "10"])(
    "SEC-801: counts bytes received with Content-Length %j",
    async (contentLength) => {
      const { error } = await receive(
        Readable.from([Buffer.alloc(6), Buffer.alloc(6)]),
        10,
        contentLength,
      );
      expect(error).toMatchObject({ status: 413, code: "body-too-large" });
    },
  );

  it("SEC-801: refuses a Content-Length over the limit at once, reading nothing", async () => {
    const stream = new PassThrough();
    const { error } = await receive(stream, 10, "11");
    expect(error).toMatchObject({ status: 413, code: "body-too-large" });
    expect(stream.readableFlowing).toBeNull();
    expect(stream.listenerCount("data")).toBe(0);
  });

  it("SEC-801: stops reading behind the limit", async () => {
    let produced = 0;
    const endless = new Readable({
      highWaterMark: 1024,
      read() {
        produced += 1024;
        this.push(Buffer.alloc(1024));
      },
    });
    const before = listeners(endless);
    expect((await receive(endless, 10_000)).error?.status).toBe(413);
    const atRefusal = produced;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(produced).toBeLessThanOrEqual(atRefusal + 2048);
    expect(endless.isPaused()).toBe(true);
    expect(listeners(endless)).toEqual(before);
  });

  it("survives a stream that breaks after the refusal", async () => {
    const stream = new PassThrough();
    const received = receive(stream, 1);
    stream.write("too much");
    expect((await received).error?.status).toBe(413);
    const closed = new Promise((resolve) => stream.on("close", resolve));
    stream.destroy(new Error("reset"));
    await closed;
  });

  it("calls a stream that closes early aborted", async () => {
    const stream = new PassThrough();
    const received = receive(stream, 100, "50");
    stream.write("some");
    stream.destroy(new Error("reset"));
    expect((await received).error).toMatchObject({ status: 400, code: "body-aborted" });
  });

  it("knows a stream that is over already", async () => {
    const read = Readable.from([]);
    await read.resume().toArray();
    expect((await receive(read, 10)).error).toBeUndefined();
    const gone = new PassThrough();
    gone.destroy();
    expect((await receive(gone, 10)).error?.code).toBe("body-aborted");
  });

  it("SEC-609: goes on in the async context of the caller", async () => {
    const storage = new AsyncLocalStorage<number>();
    const stores = await Promise.all(
      Array.from({ length: 50 }, (_, id) => {
        // Made and fed outside: its events know nothing of the storage.
        const stream = new PassThrough();
        const seen = storage.run(id, async () => {
          await receiveBody(stream, 1000, undefined, String);
          return storage.getStore();
        });
        setTimeout(() => stream.end("body"), (id * 7) % 10);
        return seen;
      }),
    );
    expect(stores).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });
});

describe("receiveBody behind a socket", () => {
  async function overSocket(talk: (socket: Socket) => void): Promise<Received> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => undefined);
    try {
      const result = new Promise<Received>((resolve) => {
        server.on("request", (request) => {
          resolve(receive(request, 1000, request.headers["content-length"]));
        });
      });
      talk(socket);
      return await result;
    } finally {
      socket.destroy();
      server.closeAllConnections();
      server.close();
    }
  }

  it("SEC-801: limits a chunked body", async () => {
    const { error } = await overSocket((socket) => {
      socket.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (let n = 0; n < 20; n++) socket.write(`64\r\n${"x".repeat(100)}\r\n`);
    });
    expect(error).toMatchObject({ status: 413, code: "body-too-large" });
  });

  it("SEC-801: takes no more than an understated Content-Length says", async () => {
    const { error, body } = await overSocket((socket) => {
      socket.write(
        `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd${"x".repeat(5000)}`,
      );
    });
    expect({ error, body }).toEqual({ error: undefined, body: "abcd" });
  });

  it("takes at once what came with the head, and lets the stream end", async () => {
    const server = createServer((request, response) => {
      process.nextTick(() => {
        const seen = receiveBody(request, 8, request.headers["content-length"], String);
        request.on("close", () => response.end(`${String(seen)}, ended: ${request.readableEnded}`));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const reply = await fetch(url, { method: "POST", body: "one body" });
      expect(await reply.text()).toBe("one body, ended: true");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("notices that the client went away", async () => {
    const { error } = await overSocket((socket) => {
      socket.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
      setTimeout(() => socket.destroy(), 50);
    });
    expect(error).toMatchObject({ status: 400, code: "body-aborted" });
  });
});

describe("parseFormBody", () => {
  it("follows the rules of the query", () => {
    const form = parseFormBody(Buffer.from("a=1;b=two+words&a=%C3%A9&c=é"), limits);
    expect({ ...form }).toEqual({ a: ["1", "é"], b: ["two words"], c: ["é"] });
  });

  it.each([
    ["a=%zz", "form-invalid"],
    ["__proto__=1", "form-invalid"],
    ["a&".repeat(100_000), "too-many-parameters"],
  ])("SEC-804: refuses %.20s with 400", (text, code) => {
    const refused = expect.objectContaining({ status: 400, code }) as Error;
    expect(() => parseFormBody(Buffer.from(text), limits)).toThrow(refused);
  });
});

// After the JSONTestSuite: what every parser must accept.
const valid = [
  ...["[]", "{}", "0", "-0", "1", "-1", "12.5", "1e5", "1E+2", "1e-2", "0e1", "-1.5E-3", "[0e+1]"],
  ...["true", "false", "null", '""', '"a"', " [] ", "\t\n\r 1 \r\n", "[1,2]", "[[[]]]", "[1 , 2]"],
  ...['{"a":1}', '{ "a" : [ ] }', '{"":0}', '{"a":1,"a":2}', '{"a":{"b":{}}}', '["\\u0000"]'],
  ...['["\\"\\\\\\/\\b\\f\\n\\r\\t"]', '["\\uD834\\udd1e"]', '["\\uD800"]', '["€𝄞"]', '["\u2028"]'],
  ...['["\u007F"]', "[1e400]", "[123456789012345678901234567890]", '{"constructor":1}', '"/**/"'],
  ...['{"toString":1}', '{"prototype":{"a":1}}', '{"constructor":{"name":"x"}}', '"__proto__"'],
];

// What every parser must refuse.
const malformed = [
  ...[" ", "\n", "\t ", "[", "{", "[1", "[1,", '{"a"', '{"a":', '{"a":1', "]", "}", "[}", "{]"],
  ...["[1]]", "{}}", "[1}", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1:2]", "[,]", "{,}", '{"a":1,}'],
  ...['{"a" 1}', '{"a",1}', '{"a"::1}', "{a:1}", "{1:1}", "{'a':1}", '{"a":1 "b":2}', "{[]:1}"],
  ...["nul", "tru", "True", "nan", "NaN", "Infinity", "undefined", "-", "--1", "+1", ".5", "1."],
  ...["1.e1", "01", "-01", "1e", "1e+", "1.2.3", "0x1", "1_0", "-Infinity", "1a", '"', '"a', "'a'"],
  ...[
    '"\\x"',
    '"\\u12"',
    '"\\"',
    '"\\N"',
    '"a\nb"',
    '"\t"',
    '"\0"',
    '"\\u12G4"',
    '"\\',
    '"\\U0041"',
  ],
  ...["[] x", "1 2", '""""', "/**/1", "1//", "#1", "\0", "\u00A01", "1\u000B", "[1]\f"],
  ...["\uFEFF\uFEFF1", "a", "[é]"],
];

describe("parseJsonBody", () => {
  it.each(valid)("SEC-804: accepts %j", (text) => {
    expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it.each(malformed)("SEC-804: refuses %j", (text) => {
    const { status, code, message } = jsonError(text);
    expect({ status, code }).toEqual({ status: 400, code: "json-invalid" });
    expect(message).toMatch(/^the JSON body is malformed(?: at position \d+)?$/);
  });

  it("names the position where the engine knows it", () => {
    expect(jsonError('{"name": "x",}').message).toBe("the JSON body is malformed at position 13");
  });

  it("takes no byte at all for no body", () => {
    expect(parseJsonBody(Buffer.alloc(0))).toBeUndefined();
  });

  it("ignores a byte order mark", () => {
    expect(parseJsonBody(Buffer.from('\uFEFF{"a":1}'))).toEqual({ a: 1 });
    expect(jsonError("\uFEFF").message).toContain("malformed");
  });

  it.each([
    ["latin-1", [0x22, 0xe9, 0x22]],
    ["an overlong form", [0x22, 0xc0, 0xaf, 0x22]],
    ["a surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["a cut character", [0x22, 0xc3, 0x22]],
    ["a lone mark byte", [0xff]],
    ["UTF-16", [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00]],
  ])("SEC-804: refuses %s", (_, bytes) => {
    const error = jsonError(Buffer.from(bytes));
    expect(error).toMatchObject({ status: 400, message: "the JSON body is not UTF-8" });
  });

  it.each([
    '{"__proto__":{"a":1}}',
    '{"__proto__":null}',
    '{"a":[{"b":{"__proto__":1}}]}',
    '{"\\u005f_proto__":{}}',
    '{"\\u005F\\u005Fprot\\u006f__":{}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"c\\u006fnstructor":{"\\u0070rototype":1}}',
  ])("SEC-804: refuses the key in %s", (text) => {
    expect(jsonError(text)).toMatchObject({ status: 400, code: "json-invalid" });
  });

  it("SEC-804: accepts 200 levels and refuses more, at any depth without overflow", () => {
    const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const objects = (depth: number) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
    for (const nest of [arrays, objects]) {
      expect(() => parseJsonBody(Buffer.from(nest(200)))).not.toThrow();
      for (const depth of [201, 100_000]) {
        expect(jsonError(nest(depth))).toMatchObject({
          status: 400,
          code: "json-invalid",
          message: "the JSON body is nested deeper than 200",
        });
      }
    }
    expect(jsonError("[".repeat(100_000)).message).toContain("malformed");
  });

  it("accepts many siblings", () => {
    const wide = JSON.stringify(Array.from({ length: 1000 }, () => ({ a: [] })));
    expect(parseJsonBody(Buffer.from(wide))).toHaveLength(1000);
  });

  it("never shows the content in a message", () => {
    expect(jsonError('{"password":"hunter2"').message).not.toContain("hunter2");
  });

  it("agrees with JSON.parse on any text", () => {
    const piece = fc.constantFrom(
      ...["[", "]", "{", "}", ",", ":", '"a"', '"', "\\", "\\n", "1", "-", ".", "e", "0", " "],
      ...["true", "null", "\n", "é"],
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(jsonError(text).code).toBe("json-invalid");
          return;
        }
        expect(parseJsonBody(Buffer.from(text))).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });
});
