// The floor: node:http by hand, no router, no abstraction, the same work. Sessions are sealed with XAES-256-GCM, as Quickstep's are.
// Variant "fmw": with find-my-way before it; "safe": cookie sessions with the guarantees of Quickstep's.
import http from "node:http";
import fs from "node:fs";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { createSafeSeal } from "../safe-seal.mjs";
import { createXaes } from "../xaes.mjs";
import {
  port,
  kase,
  variant,
  host,
  key as keyBytes,
  payload,
  page,
  publicDir,
  registerMany,
  usesViews,
  createRender,
} from "./_common.mjs";

const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const JSON_T = "application/json; charset=utf-8";

function send(res, type, body) {
  res.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  res.end(body);
}
function sendCookie(res, type, body, cookie) {
  res.writeHead(200, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Set-Cookie": cookie,
  });
  res.end(body);
}
function notFound(res) {
  res.writeHead(404, { "Content-Type": TEXT, "Content-Length": 9 });
  res.end("Not Found");
}
function badRequest(res) {
  res.writeHead(400, { "Content-Type": TEXT, "Content-Length": 11 });
  res.end("Bad Request");
}

const LIMIT = 1 << 20;
function readJson(req, res, done) {
  let chunks = null,
    first = null,
    size = 0;
  req.on("data", (c) => {
    size += c.length;
    if (size > LIMIT) {
      req.destroy();
      return;
    }
    if (first === null) first = c;
    else (chunks ??= [first]).push(c);
  });
  req.on("end", () => {
    let value;
    try {
      value = JSON.parse(chunks ? Buffer.concat(chunks) : first);
    } catch {
      badRequest(res);
      return;
    }
    done(value, res);
  });
}

function cookieValue(header, name) {
  if (header === undefined) return undefined;
  const eq = name + "=";
  let i = 0;
  for (;;) {
    if (header.startsWith(eq, i)) {
      const end = header.indexOf(";", i);
      return header.slice(i + eq.length, end === -1 ? undefined : end);
    }
    i = header.indexOf(";", i);
    if (i === -1) return undefined;
    i++;
    while (header.charCodeAt(i) === 32) i++;
  }
}

const xaes = createXaes(keyBytes);
const seal = (obj) => xaes.seal(JSON.stringify(obj));
function unseal(text) {
  const json = text === undefined ? undefined : xaes.open(text);
  return json === undefined ? null : JSON.parse(json);
}
const setCookie = (obj) => "s=" + seal(obj) + "; Path=/; HttpOnly; SameSite=Lax";

const mem = new Map();
const TTL = 3_600_000;
function memLoad(req) {
  const s = mem.get(cookieValue(req.headers.cookie, "sid"));
  const now = Date.now();
  if (s === undefined || s.expires < now) return null;
  s.expires = now + TTL;
  return s;
}
function memCreate(data) {
  const id = randomBytes(18).toString("base64url");
  mem.set(id, { data, expires: Date.now() + TTL });
  return "sid=" + id + "; Path=/; HttpOnly; SameSite=Lax";
}

const decode = (s) => (s.indexOf("%") === -1 ? s : decodeURIComponent(s));
const render = usesViews ? await createRender() : undefined;

const handlers = {
  hello(req, res) {
    if (req.method === "GET" && req.url === "/") send(res, TEXT, "Hello, World!");
    else notFound(res);
  },
  notfound(req, res) {
    if (req.method === "GET" && req.url === "/") send(res, TEXT, "Hello, World!");
    else notFound(res);
  },
  json(req, res) {
    if (req.method === "GET" && req.url === "/json")
      send(res, JSON_T, JSON.stringify({ message: "Hello, World!" }));
    else notFound(res);
  },
  post(req, res) {
    if (req.method === "POST" && req.url === "/echo")
      readJson(req, res, (b, res) =>
        send(res, JSON_T, JSON.stringify({ name: b.name, tags: b.tags })),
      );
    else notFound(res);
  },
  param(req, res) {
    const u = req.url;
    if (req.method === "GET" && u.startsWith("/hello/")) {
      const q = u.indexOf("?", 7);
      const name = q === -1 ? u.slice(7) : u.slice(7, q);
      if (name.indexOf("/") === -1) return send(res, TEXT, `Hello, ${decode(name)}!`);
    }
    if (u.startsWith("/api/")) return send(res, TEXT, "ok");
    notFound(res);
  },
  template(req, res) {
    if (req.method === "GET" && req.url === "/items") send(res, HTML, render(page("alice")));
    else notFound(res);
  },
  static(req, res) {
    const file = path.join(publicDir, path.posix.normalize(decode(req.url)));
    if (req.method !== "GET" || !file.startsWith(publicDir)) return notFound(res);
    fs.stat(file, (error, stat) => {
      if (error || !stat.isFile()) return notFound(res);
      const validator = `W/"${stat.size.toString(16)}-${stat.mtime.getTime().toString(16)}"`;
      if (req.headers["if-none-match"] === validator) {
        res.writeHead(304, { ETag: validator });
        res.end();
        return;
      }
      res.writeHead(200, {
        "Content-Type": "text/css; charset=utf-8",
        "Content-Length": stat.size,
        ETag: validator,
        "Last-Modified": stat.mtime.toUTCString(),
        "Accept-Ranges": "bytes",
      });
      fs.createReadStream(file).pipe(res);
    });
  },
  "session-read"(req, res) {
    if (req.url === "/whoami") {
      const s = unseal(cookieValue(req.headers.cookie, "s"));
      send(res, TEXT, s ? s.name : "anonymous");
    } else if (req.url === "/login") sendCookie(res, TEXT, "ok", setCookie(payload()));
    else notFound(res);
  },
  "session-write"(req, res) {
    if (req.url === "/count") {
      const s = unseal(cookieValue(req.headers.cookie, "s")) ?? {};
      s.count = (s.count ?? 0) + 1;
      sendCookie(res, TEXT, String(s.count), setCookie(s));
    } else if (req.url === "/login") sendCookie(res, TEXT, "ok", setCookie(payload()));
    else notFound(res);
  },
  memsession(req, res) {
    if (req.url === "/count") {
      const s = memLoad(req);
      if (s === null) sendCookie(res, TEXT, "1", memCreate({ count: 1 }));
      else {
        s.data.count = (s.data.count ?? 0) + 1;
        send(res, TEXT, String(s.data.count));
      }
    } else if (req.url === "/login") sendCookie(res, TEXT, "ok", memCreate(payload()));
    else notFound(res);
  },
  app(req, res) {
    if (req.url === "/login") return sendCookie(res, TEXT, "ok", setCookie(payload()));
    if (req.method !== "GET" || req.url !== "/items") return notFound(res);
    const user = unseal(cookieValue(req.headers.cookie, "s"));
    if (user === null) {
      res.writeHead(302, { Location: "/login", "Content-Length": 0 });
      res.end();
      return;
    }
    const body = render(page(user.name));
    res.writeHead(200, {
      "Content-Type": HTML,
      "Content-Length": Buffer.byteLength(body),
      "X-Frame-Options": "DENY",
    });
    res.end(body);
  },
};

if (variant === "safe") {
  const safe = createSafeSeal(keyBytes, "s");
  const answer = (res, body, cookie) => {
    const headers = {
      "Content-Type": TEXT,
      "Content-Length": Buffer.byteLength(body),
      Vary: "Cookie",
    };
    if (cookie !== undefined) {
      headers["Cache-Control"] = "no-store";
      headers["Set-Cookie"] = `s=${cookie}; Path=/; HttpOnly; SameSite=Lax`;
    }
    res.writeHead(200, headers);
    res.end(body);
  };
  const open = (req) => safe.open(cookieValue(req.headers.cookie, "s"));
  const login = (req, res) => {
    if (req.url !== "/login") return notFound(res);
    answer(res, "ok", safe.seal({ data: payload() }));
  };
  handlers["session-read"] = (req, res) => {
    if (req.url !== "/whoami") return login(req, res);
    answer(res, open(req)?.data.name ?? "anonymous");
  };
  handlers["session-write"] = (req, res) => {
    if (req.url !== "/count") return login(req, res);
    const session = open(req) ?? { data: {} };
    session.data.count = (session.data.count ?? 0) + 1;
    answer(res, String(session.data.count), safe.seal(session));
  };
}
let handler = handlers[kase];
if (variant === "fmw") {
  const { default: findMyWay } = await import("find-my-way");
  const r = findMyWay({ defaultRoute: (req, res) => notFound(res) });
  if (kase === "hello" || kase === "notfound")
    r.on("GET", "/", (req, res) => send(res, TEXT, "Hello, World!"));
  if (kase === "json")
    r.on("GET", "/json", (req, res) =>
      send(res, JSON_T, JSON.stringify({ message: "Hello, World!" })),
    );
  if (kase === "post")
    r.on("POST", "/echo", (req, res) =>
      readJson(req, res, (b, res) =>
        send(res, JSON_T, JSON.stringify({ name: b.name, tags: b.tags })),
      ),
    );
  if (kase === "param") {
    registerMany(
      (m, p) => r.on(m.toUpperCase(), p, (req, res) => send(res, TEXT, "ok")),
      () =>
        r.on("GET", "/hello/:name", (req, res, params) =>
          send(res, TEXT, `Hello, ${params.name}!`),
        ),
    );
  }
  handler = (req, res) => r.lookup(req, res);
}
http.createServer(handler).listen(port, host);
