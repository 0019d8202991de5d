// polka has no response helpers and no sessions: bodies are written with node:http,
// sessions use the connect middlewares cookie-session (signed only) and express-session.
import polka from "polka";
import {
  port,
  kase,
  host,
  createRender,
  isApp,
  isCookieSession,
  isMemSession,
  isParam,
  page,
  password,
  payload,
  publicDir,
  registerMany,
  usesViews,
} from "./_common.mjs";

const app = polka();
const text = (res, s) => {
  res.setHeader("Content-Type", "text/plain; charset=utf-8");
  res.end(s);
};
const json = (res, o) => {
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.end(JSON.stringify(o));
};

if (kase === "hello" || kase === "notfound")
  app.get("/", (req, res) => {
    text(res, "Hello, World!");
  });
if (kase === "json")
  app.get("/json", (req, res) => {
    json(res, { message: "Hello, World!" });
  });
if (kase === "post") {
  const { default: bodyParser } = await import("body-parser");
  app.use(bodyParser.json());
  app.post("/echo", (req, res) => {
    json(res, { name: req.body.name, tags: req.body.tags });
  });
}
if (isParam) {
  registerMany(
    (m, p) =>
      app[m](p, (req, res) => {
        text(res, "ok");
      }),
    () =>
      app.get("/hello/:name", (req, res) => {
        text(res, `Hello, ${req.params.name}!`);
      }),
  );
}
const html = (res, s) => {
  res.setHeader("Content-Type", "text/html; charset=utf-8");
  res.end(s);
};
if (kase === "static") {
  const { default: sirv } = await import("sirv");
  app.use(sirv(publicDir));
}
const render = usesViews ? await createRender() : undefined;
if (kase === "template")
  app.get("/items", (req, res) => {
    html(res, render(page("alice")));
  });
if (isCookieSession || isMemSession) {
  if (isCookieSession) {
    const { default: cookieSession } = await import("cookie-session");
    app.use(
      cookieSession({ name: "s", keys: [password], httpOnly: true, sameSite: "lax", path: "/" }),
    );
  } else {
    const { default: session } = await import("express-session");
    app.use(
      session({
        secret: password,
        name: "sid",
        resave: false,
        saveUninitialized: false,
        store: new session.MemoryStore(),
        cookie: { path: "/", httpOnly: true, sameSite: "lax", secure: false, maxAge: 3_600_000 },
      }),
    );
  }
  app.get("/login", (req, res) => {
    Object.assign(req.session, payload());
    text(res, "ok");
  });
  app.get("/whoami", (req, res) => {
    text(res, req.session.name ?? "anonymous");
  });
  app.get("/count", (req, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    text(res, String(req.session.count));
  });
}
if (isApp) {
  app.use((req, res, next) => {
    if (req.path !== "/items") return next();
    req.user = req.session.name;
    if (req.user === undefined) {
      res.writeHead(302, { Location: "/login" });
      res.end();
      return;
    }
    next();
  });
  app.use((req, res, next) => {
    res.setHeader("X-Frame-Options", "DENY");
    next();
  });
  app.get("/items", (req, res) => {
    html(res, render(page(req.user)));
  });
}
app.listen(port, host);
