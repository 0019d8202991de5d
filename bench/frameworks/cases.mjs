// The cases: what is asked, and what every server has to answer before it is measured and after.
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const JSON_TYPE = /^application\/json/;
const TEXT_TYPE = /^text\//;
const HTML_TYPE = /^text\/html/;

/** One request on a connection of its own. */
export function ask(port, target, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const req = http.request(
      { host: "127.0.0.1", port, path: target, method, headers, agent: false, timeout: 5000 },
      (res) => {
        const parts = [];
        res.on("data", (d) => parts.push(d));
        res.on("end", () =>
          resolve({
            status: res.statusCode,
            headers: res.headers,
            rawHeaders: res.rawHeaders,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    req.on("timeout", () => req.destroy(new Error("timeout")));
    req.on("error", reject);
    req.end(body);
  });
}

function expect(what, got, want) {
  const ok =
    want instanceof RegExp ? want.test(got ?? "") : JSON.stringify(got) === JSON.stringify(want);
  if (!ok)
    throw new Error(
      `${what}: got ${JSON.stringify(got)}, want ${want instanceof RegExp ? want : JSON.stringify(want)}`,
    );
}

async function good(port, target, type, body, options) {
  const r = await ask(port, target, options);
  expect(`${target} status`, r.status, 200);
  if (type) expect(`${target} content-type`, r.headers["content-type"], type);
  if (body !== undefined)
    expect(`${target} body`, type === JSON_TYPE ? JSON.parse(r.body) : r.body, body);
  return r;
}

class Jar {
  #cookies = new Map();
  take(r) {
    for (const line of r.headers["set-cookie"] ?? []) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return this;
  }
  get header() {
    return [...this.#cookies].map(([k, v]) => `${k}=${v}`).join("; ");
  }
  get options() {
    return { headers: { cookie: this.header } };
  }
}

/** One character in the middle of the first cookie's value, changed. */
function tampered(header) {
  const start = header.indexOf("=") + 1;
  const end = header.includes(";") ? header.indexOf(";") : header.length;
  const at = (start + end) >> 1;
  return header.slice(0, at) + (header[at] === "A" ? "B" : "A") + header.slice(at + 1);
}

function isReadable(header) {
  let text = decodeURIComponent(header);
  for (const part of text.match(/[A-Za-z0-9_\-+/]{16,}/g) ?? [])
    text += Buffer.from(part, "base64").toString("latin1");
  return text.includes("alice");
}

const usual = new Set(["content-type", "content-length", "date", "connection", "keep-alive"]);
const headerNote = (r) =>
  r.rawHeaders
    .filter((_, i) => i % 2 === 0)
    .map((h) => h.toLowerCase())
    .filter((h) => !usual.has(h))
    .map((h) => `+${h}`)
    .join(" ") + (r.headers["content-length"] === undefined ? " chunked" : "");
const cookieNote = (jar) =>
  [`cookie ${jar.header.length} B`, isReadable(jar.header) ? "payload readable" : ""]
    .filter(Boolean)
    .join(", ");
const withCookie = (jar) => ["-H", `Cookie: ${jar.header}`];
const isPage =
  /<title>Items<\/title>[^]*Hello alice[^]*3: salt &amp; &lt;pepper&gt;[^]*9: item 9[^]*<\/html>/;

/** Each checks the server on `port` and answers what wrk is to ask for, and a note for the table. */
export const cases = {
  async hello(port) {
    return {
      path: "/",
      wrk: [],
      note: headerNote(await good(port, "/", TEXT_TYPE, "Hello, World!")),
    };
  },
  async param(port) {
    await good(port, "/hello/J%C3%BCrgen", TEXT_TYPE, "Hello, Jürgen!");
    await good(port, "/api/orders/7", TEXT_TYPE, "ok");
    return {
      path: "/hello/alice",
      wrk: [],
      note: headerNote(await good(port, "/hello/alice", TEXT_TYPE, "Hello, alice!")),
    };
  },
  async json(port) {
    return {
      path: "/json",
      wrk: [],
      note: headerNote(await good(port, "/json", JSON_TYPE, { message: "Hello, World!" })),
    };
  },
  async post(port) {
    const value = { name: "bob ü", tags: ["x", "y"] };
    const headers = { "content-type": "application/json" };
    const r = await good(port, "/echo", JSON_TYPE, value, {
      method: "POST",
      headers,
      body: JSON.stringify(value),
    });
    const bad = await ask(port, "/echo", { method: "POST", headers, body: '{"name":' });
    return {
      path: "/echo",
      wrk: ["-s", path.join(here, "post.lua")],
      note: headerNote(r) + (bad.status === 400 ? "" : ` broken JSON gives ${bad.status}`),
    };
  },
  async notfound(port) {
    await good(port, "/", TEXT_TYPE, "Hello, World!");
    const r = await ask(port, "/nowhere");
    expect("/nowhere status", r.status, 404);
    return { path: "/nowhere", wrk: [], note: `${r.body.length} B`, errorsExpected: true };
  },
  async template(port) {
    return {
      path: "/items",
      wrk: [],
      note: headerNote(await good(port, "/items", HTML_TYPE, isPage)),
    };
  },
  async static(port) {
    const r = await good(port, "/style.css", /^text\/css/, /^\.rule-0 [^]*\}\n$/);
    expect("/style.css length", r.body.length > 4000, true);
    expect("/../package.json status", (await ask(port, "/..%2fpackage.json")).status, /^40[034]$/);
    return { path: "/style.css", wrk: [], note: headerNote(r) };
  },
  async "session-read"(port) {
    const jar = new Jar().take(await good(port, "/login"));
    await good(port, "/whoami", TEXT_TYPE, "alice", jar.options);
    expect("/whoami without cookie", (await ask(port, "/whoami")).body, "anonymous");
    const bad = await ask(port, "/whoami", { headers: { cookie: tampered(jar.header) } });
    if (bad.body === "alice") throw new Error("a tampered cookie was accepted");
    return { path: "/whoami", wrk: withCookie(jar), note: cookieNote(jar) };
  },
  async "session-write"(port) {
    const jar = new Jar().take(await good(port, "/login"));
    for (let i = 1; i <= 4; i++) {
      const r = await good(port, "/count", TEXT_TYPE, String(i), jar.options);
      if (!r.headers["set-cookie"]) throw new Error("no Set-Cookie on /count");
      jar.take(r);
    }
    return { path: "/count", wrk: withCookie(jar), note: cookieNote(jar) };
  },
  async memsession(port) {
    const jar = new Jar().take(await good(port, "/login"));
    for (let i = 1; i <= 4; i++)
      jar.take(await good(port, "/count", TEXT_TYPE, String(i), jar.options));
    await good(port, "/count", TEXT_TYPE, "1");
    const after = async (completed) => {
      const n = Number((await good(port, "/count", TEXT_TYPE, undefined, jar.options)).body);
      return n >= completed
        ? ""
        : `, loses concurrent updates (counter ${((100 * n) / completed).toFixed(0)}% of the requests)`;
    };
    return { path: "/count", wrk: withCookie(jar), note: cookieNote(jar), after };
  },
  async app(port) {
    const jar = new Jar().take(await good(port, "/login"));
    const r = await good(port, "/items", HTML_TYPE, isPage, jar.options);
    expect("x-frame-options", r.headers["x-frame-options"], "DENY");
    expect("/items without cookie", String((await ask(port, "/items")).status), /^30[1237]$/);
    return { path: "/items", wrk: withCookie(jar), note: cookieNote(jar) };
  },
};
