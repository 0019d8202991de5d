import { describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import type { ParamSource } from "../../src/request/params.ts";
import { createApp, logged, visit } from "../support/app.ts";
import type { Reply } from "../../src/testing/index.ts";
import { ask, whileServing } from "./support.ts";

const form = "application/x-www-form-urlencoded";
const all = ({ allParams }: Context): unknown => ({ ...allParams() });

const app = createApp({ session: null }, (it) => {
  it.any("/all", all);
  it.any("/src/:src", ({ allParams, params }) => ({ ...allParams(params.src as ParamSource) }));
  it.any("/over/:id", ({ allParams, param, paramArray, params }) => ({
    merged: param("id"),
    list: paramArray("id"),
    all: allParams()["id"],
    route: params.id,
    query: allParams("query")["id"],
    body: allParams("body")["id"],
  }));
  it.any("/one", ({ param }) => `[${param("n") ?? "undefined"}]`);
  it.any("/array", ({ paramArray }) => paramArray("n"));
  it.any("/data", ({ request }) => ({ data: request.data }));
  it.any("/unused", () => "not read");
  it.any("/query", ({ request }) => ({ ...request.query }));
});

const send = (method: string, path: string, type: string, body: string): Promise<Reply> =>
  visit(app).request(method, path, { headers: { "content-type": type }, body });

describe("the query", () => {
  it.each<[string, Record<string, string>]>([
    ["a=1&b=two", { a: "1", b: "two" }],
    ["a=1;b=2", { a: "1", b: "2" }],
    ["a=x+y&b=%26%3D%2B&c%20d=1", { a: "x y", b: "&=+", "c d": "1" }],
    ["a&b=", { a: "", b: "" }],
    ["&&a=1&", { a: "1" }],
    ["a=b=c", { a: "b=c" }],
    ["=x&a=1", { "": "x", a: "1" }],
    ["n=1&n=2&n=3", { n: "3" }],
    ["n[]=1&n[]=2&h[k]=v", { "n[]": "2", "h[k]": "v" }],
    ["a=%C3%A9", { a: "é" }],
    ["constructor=x&toString=y", { constructor: "x", toString: "y" }],
  ])("%s", async (query, expected) => {
    expect((await visit(app).get(`/all?${query}`)).json).toEqual(expected);
  });
});

describe("the body", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"])(
    "of a form in %s makes parameters",
    async (method) => {
      expect((await send(method, "/all?q=1", form, "a=1&b=two+words")).json).toEqual({
        q: "1",
        a: "1",
        b: "two words",
      });
      expect((await send(method, "/all", `${form}; charset=UTF-8`, "a=1;b=2")).json).toEqual({
        a: "1",
        b: "2",
      });
    },
  );

  it("of JSON makes parameters as it was sent", async () => {
    const body = '{"a":1,"b":[true,null],"c":{"d":"e"}}';
    for (const type of [
      "application/json",
      "application/vnd.api+json",
      "application/json; charset=utf-8",
    ]) {
      expect((await send("POST", "/all?q=1", type, body)).json).toEqual({
        q: "1",
        a: 1,
        b: [true, null],
        c: { d: "e" },
      });
    }
  });

  it("of JSON that holds no map is data only", async () => {
    for (const body of ["[1,2]", '"x"', "7", "null"]) {
      expect((await send("POST", "/all", "application/json", body)).json).toEqual({});
      expect((await send("POST", "/data", "application/json", body)).json).toEqual({
        data: JSON.parse(body) as unknown,
      });
    }
  });

  it("of another type makes none", async () => {
    for (const type of ["text/plain", " ", "application/jsonx"]) {
      expect((await send("POST", "/all", type, '{"a":1}')).json).toEqual({});
    }
  });
});

describe("SEC-819 one name in route, body and query", () => {
  it.each([
    ["", "", { merged: "route", list: ["route"], all: "route", route: "route" }],
    [
      "?id=query",
      "",
      { merged: "route", list: ["route"], all: "route", route: "route", query: "query" },
    ],
    [
      "?id=query",
      "id=body",
      {
        merged: "route",
        list: ["route"],
        all: "route",
        route: "route",
        query: "query",
        body: "body",
      },
    ],
  ])("is the route's: %s %s", async (query, body, expected) => {
    expect((await send("POST", `/over/route${query}`, form, body)).json).toEqual(expected);
  });

  it("is the body's before the query's", async () => {
    expect((await send("POST", "/one?n=query", form, "n=body")).text).toBe("[body]");
    expect((await send("POST", "/array?n=query", form, "n=1&n=2")).json).toEqual(["1", "2"]);
    expect((await send("POST", "/one?n=query", "application/json", '{"n":5}')).text).toBe("[5]");
    expect((await send("POST", "/all?n=query", "application/json", '{"n":5}')).json).toEqual({
      n: 5,
    });
  });

  it.each<[ParamSource, Record<string, string>]>([
    ["query", { q: "1", n: "query" }],
    ["body", { b: "2", n: "body" }],
    ["route", { src: "route" }],
  ])("stays with its source: %s", async (source, expected) => {
    expect((await send("POST", `/src/${source}?q=1&n=query`, form, "b=2&n=body")).json).toEqual(
      expected,
    );
  });

  it("that is repeated is a list only when asked for", async () => {
    expect((await visit(app).get("/one?n=1&n=2")).text).toBe("[2]");
    expect((await visit(app).get("/array?n=1&n=2")).json).toEqual(["1", "2"]);
    expect((await visit(app).get("/array?n=1")).json).toEqual(["1"]);
    expect((await visit(app).get("/array?n=")).json).toEqual([""]);
    expect((await visit(app).get("/array")).json).toEqual([]);
    expect((await visit(app).get("/one")).text).toBe("[undefined]");
    expect((await visit(app).get("/one?n=")).text).toBe("[]");
  });

  it("is text: a list or a map in JSON is refused where text was asked for", async () => {
    for (const value of ['["a"]', '{"$gt":""}']) {
      expect((await send("POST", "/one", "application/json", `{"n":${value}}`)).status).toBe(400);
    }
    expect((await send("POST", "/array", "application/json", '{"n":["a",1,true]}')).json).toEqual([
      "a",
      "1",
      "true",
    ]);
    expect((await send("POST", "/array", "application/json", '{"n":[{"a":1}]}')).status).toBe(400);
  });

  it("is never found on a prototype", async () => {
    const inherited = createApp({ session: null }, (it) => {
      it.any("/", ({ param, paramArray }) =>
        ["constructor", "__proto__", "toString", "hasOwnProperty"].map((name) => [
          param(name) ?? null,
          paramArray(name),
        ]),
      );
    });
    const nothing = Array.from({ length: 4 }, () => [null, []]);
    const client = visit(inherited);
    expect((await client.get("/")).json).toEqual(nothing);
    const headers = { "content-type": "application/json" };
    expect((await client.post("/", { body: "{}", headers })).json).toEqual(nothing);
    expect((await client.post("/", { form: { a: "1" } })).json).toEqual(nothing);
  });
});

describe("SEC-804 bad input is 400 and never 500", () => {
  it.each([
    ["/all?a=%zz"],
    ["/all?a=%"],
    ["/all?a=1&__proto__=x"],
    ["/all?__proto__[x]=y&%5F_proto__=x"],
    [`/all?${"a=1&".repeat(1001)}`],
    [`/all?${"a&".repeat(7000)}`],
  ])("in the query %.40s", async (path) => {
    await whileServing(app, async (port) => {
      const reply = await ask(port, path);
      expect([reply.status, reply.headers["content-type"]]).toEqual([
        400,
        "text/html; charset=utf-8",
      ]);
    });
  });

  it.each(["/%", "/%zz", "/%c3%28", "/a%00b", "/%ed%a0%80", "/%ff", "*x", "/a/%2e%2e/%zz"])(
    "in the path %s",
    async (path) => {
      await whileServing(app, async (port) => {
        for (const method of ["GET", "POST", "HEAD", "PUT"]) {
          expect((await ask(port, path, method)).status).toBe(400);
        }
      });
    },
  );

  it.each([
    ["nothing closed", '{"a":'],
    ["a word", "hello"],
    ["a single quote", "{'a':1}"],
    ["a trailing comma", '{"a":1,}'],
    ["two values", "{}{}"],
    ["a NaN", '{"a":NaN}'],
    ["a raw line break", '"a\nb"'],
    ["a prototype", '{"__proto__":{"admin":true}}'],
    ["a hidden prototype", '{"a":{"\\u005f_proto__":{"admin":true}}}'],
    ["a constructor", '{"constructor":{"prototype":{"admin":true}}}'],
    ["depth", "[".repeat(100_000)],
    ["closed depth", `${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString("latin1")],
  ])("in a JSON body: %s", async (_, body) => {
    await whileServing(app, async (_port, url) => {
      for (const path of ["/all", "/data", "/one", "/array"]) {
        const reply = await fetch(url + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: Buffer.from(body, "latin1"),
        });
        expect([path, reply.status]).toEqual([path, 400]);
      }
    });
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it.each(["a=%zz", "__proto__=x", "a=1&".repeat(1001), "&a".repeat(100_000)])(
    "in a form %.20s",
    async (body) => {
      expect((await send("POST", "/all", form, body)).status).toBe(400);
      expect((await send("POST", "/one", form, body)).status).toBe(400);
    },
  );

  it("only where somebody looks at it", async () => {
    expect((await send("POST", "/unused?a=%zz", "application/json", "{")).status).toBe(200);
    expect(logged(app, "error")).toEqual([]);
  });

  it("tells what was wrong, not what was sent, and not in production", async () => {
    const reply = async (environment: string): Promise<Reply> =>
      visit(createApp({ session: null }, (it) => it.any("/", all), { environment })).post("/", {
        body: '{"canary-sent": 1,}',
        headers: { "content-type": "application/json" },
      });
    const shown = await reply("development");
    expect([shown.status, shown.text]).toEqual([
      400,
      expect.stringContaining("the JSON body is malformed at position 18"),
    ]);
    expect(shown.text).not.toContain("canary");
    const hidden = await reply("production");
    expect([hidden.status, hidden.text]).toEqual([
      400,
      expect.not.stringMatching(/JSON|position|canary/),
    ]);
  });
});
