import { describe, expect, it } from "vitest";
import { createApp, visit } from "../support/app.ts";
import { ask, parseRaw, sendRaw, whileServing } from "./support.ts";

const ran: string[] = [];
const app = createApp({ session: null }, (it) => {
  it.hook("before", ({ request }) => void ran.push(request.method));
  it.get("/thing", ({ request, header }) => {
    header("X-Via", request.method);
    return "thing via GET!";
  });
  it.post("/thing", () => "posted");
  it.put("/thing", () => "put");
  it.patch("/thing", () => "patched");
  it.del("/thing", () => "deleted");
  it.options("/menu", ({ header }) => (header("Allow", "GET, OPTIONS"), ""));
  it.get("/get", () => "got");
  it.post("/only-post", () => "only post");
  it.any("/all", ({ request }) => `all: ${request.method}`);
  it.any(["get", "post"], "/two", ({ request }) => `two: ${request.method}`);
  it.any(["put"], "/one", ({ request }) => `one: ${request.method}`);
  it.any(["propfind"], "/dav", ({ request }) => `dav: ${request.method}`);
  it.get("/get-override", ({ request }) => request.method);
  it.post("/get-override", ({ request }) => request.method);
  it.del("/get-override", () => "overridden");
});

const LETTERS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

describe("SEC-813 a method", () => {
  it.each<[string, number, string | undefined]>([
    ["GET", 200, undefined],
    ["HEAD", 200, undefined],
    ["POST", 405, "GET, HEAD"],
    ["PUT", 405, "GET, HEAD"],
    ["PATCH", 405, "GET, HEAD"],
    ["DELETE", 405, "GET, HEAD"],
    ["OPTIONS", 405, "GET, HEAD"],
    ["TRACE", 501, "GET, HEAD"],
    ["PROPFIND", 501, "GET, HEAD"],
    ["LOCK", 501, "GET, HEAD"],
    ["QUERY", 501, "GET, HEAD"],
  ])("%s on a GET route is %i", async (method, status, allow) => {
    const reply = await whileServing(app, (port) => ask(port, "/get", method));
    // Node 20's parser does not know QUERY and refuses it itself.
    if (method === "QUERY" && reply.status === 400) return;
    expect([reply.status, reply.headers["allow"]]).toEqual([status, allow]);
    if (status !== 200) expect(reply.headers["content-type"]).toBe("text/html; charset=utf-8");
  });

  it("that nobody knows, or CONNECT, is refused and reaches nothing", async () => {
    await whileServing(app, async (port) => {
      for (const method of ["BREW", "get", "GETT", "CONNECT", "G\x00T"]) {
        ran.length = 0;
        const text = await sendRaw(
          port,
          `${method} /get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        );
        expect(text).not.toMatch(/^HTTP\/1\.1 2/);
        expect(ran).toEqual([]);
      }
    });
  });

  it("TRACE is refused on every path and does not echo", async () => {
    await whileServing(app, async (port) => {
      for (const path of ["/thing", "/all", "/nowhere", "/"]) {
        const text = await sendRaw(
          port,
          `TRACE ${path} HTTP/1.1\r\nHost: a\r\nX-Canary: canary-7\r\nConnection: close\r\n\r\n`,
        );
        expect(parseRaw(text).status).toBe(501);
        expect(text).not.toContain("canary-7");
      }
    });
  });

  it("has its route", async () => {
    const words: Record<string, string> = {
      GET: "thing via GET!",
      POST: "posted",
      PUT: "put",
      PATCH: "patched",
      DELETE: "deleted",
    };
    for (const [method, text] of Object.entries(words)) {
      expect((await visit(app).request(method, "/thing")).text).toBe(text);
    }
    const options = await visit(app).request("OPTIONS", "/menu");
    expect([options.status, options.header("allow"), options.text]).toEqual([
      200,
      "GET, OPTIONS",
      "",
    ]);
  });

  it("of any is each of seven, or those of the list", async () => {
    for (const method of LETTERS) {
      const reply = await visit(app).request(method, "/all");
      expect([reply.status, reply.text]).toEqual([200, method === "HEAD" ? "" : `all: ${method}`]);
    }
    const statuses = async (path: string): Promise<number[]> =>
      Promise.all(LETTERS.map(async (method) => (await visit(app).request(method, path)).status));
    expect(await statuses("/two")).toEqual([200, 200, 200, 405, 405, 405, 405]);
    expect(await statuses("/one")).toEqual([405, 405, 405, 200, 405, 405, 405]);
    expect((await whileServing(app, (port) => ask(port, "/dav", "PROPFIND"))).body).toBe(
      "dav: PROPFIND",
    );
  });

  it("on a path that no route knows is 404", async () => {
    for (const method of LETTERS) {
      const reply = await visit(app).request(method, "/nowhere");
      expect([method, reply.status, reply.header("allow")]).toEqual([method, 404, undefined]);
    }
  });

  it("refused names all that are allowed", async () => {
    const reply = await visit(app).request("OPTIONS", "/thing");
    expect([reply.status, reply.header("allow")]).toEqual([
      405,
      "DELETE, GET, HEAD, PATCH, POST, PUT",
    ]);
  });

  it("HEAD equals GET without a body", async () => {
    await whileServing(app, async (port) => {
      for (const path of ["/thing", "/all", "/two", "/nowhere", "/only-post", "/get?x=1"]) {
        const get = await ask(port, path);
        const head = await ask(port, path, "HEAD");
        const { date: _, "x-via": __, "content-length": length, ...headers } = get.headers;
        expect(head.headers).toMatchObject(headers);
        expect([path, head.status, head.body]).toEqual([path, get.status, ""]);
        // "all: HEAD" is a letter longer than "all: GET", and request ids grow.
        if (path === "/thing") expect(head.headers["content-length"]).toBe(length);
        expect(Number(head.headers["content-length"])).toBeGreaterThan(0);
        expect(Object.keys(head.headers).sort()).toEqual(Object.keys(get.headers).sort());
      }
      expect((await ask(port, "/thing", "HEAD")).headers["x-via"]).toBe("HEAD");
    });
  });

  it("is never overridden", async () => {
    const client = visit(app);
    for (const name of ["_method", "method", "_METHOD"]) {
      expect((await client.get(`/get-override?${name}=DELETE`)).text).toBe("GET");
      expect(
        (await client.post(`/get-override?${name}=DELETE`, { form: { [name]: "DELETE" } })).text,
      ).toBe("POST");
    }
    for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      expect((await client.get("/get-override", { headers: { [header]: "DELETE" } })).text).toBe(
        "GET",
      );
      expect((await client.post("/get-override", { headers: { [header]: "DELETE" } })).text).toBe(
        "POST",
      );
    }
  });
});
