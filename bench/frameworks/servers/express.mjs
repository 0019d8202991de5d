// cookie sessions: cookie-session (signed only) by default; variant "iron": iron-session (encrypted)
import express from "express";
import {
  port,
  kase,
  variant,
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

const app = express();

if (kase === "hello" || kase === "notfound")
  app.get("/", (req, res) => {
    res.send("Hello, World!");
  });
if (kase === "json")
  app.get("/json", (req, res) => {
    res.json({ message: "Hello, World!" });
  });
if (kase === "post") {
  app.use(express.json());
  app.post("/echo", (req, res) => {
    res.json({ name: req.body.name, tags: req.body.tags });
  });
}
if (isParam) {
  registerMany(
    (m, p) =>
      app[m](p, (req, res) => {
        res.send("ok");
      }),
    () =>
      app.get("/hello/:name", (req, res) => {
        res.send(`Hello, ${req.params.name}!`);
      }),
  );
}
if (kase === "static") app.use(express.static(publicDir));
const render = usesViews ? await createRender() : undefined;
if (kase === "template")
  app.get("/items", (req, res) => {
    res.type("html").send(render(page("alice")));
  });
if (isCookieSession && variant === "iron") {
  const { getIronSession } = await import("iron-session");
  const options = {
    password,
    cookieName: "s",
    cookieOptions: { secure: false, httpOnly: true, sameSite: "lax", path: "/" },
  };
  app.get("/login", async (req, res) => {
    const s = await getIronSession(req, res, options);
    Object.assign(s, payload());
    await s.save();
    res.send("ok");
  });
  app.get("/whoami", async (req, res) => {
    const s = await getIronSession(req, res, options);
    res.send(s.name ?? "anonymous");
  });
  app.get("/count", async (req, res) => {
    const s = await getIronSession(req, res, options);
    s.count = (s.count ?? 0) + 1;
    await s.save();
    res.send(String(s.count));
  });
} else if (isCookieSession || isMemSession) {
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
    res.send("ok");
  });
  app.get("/whoami", (req, res) => {
    res.send(req.session.name ?? "anonymous");
  });
  app.get("/count", (req, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.send(String(req.session.count));
  });
}
if (isApp) {
  app.use((req, res, next) => {
    if (req.path !== "/items") return next();
    req.user = req.session.name;
    if (req.user === undefined) return res.redirect("/login");
    next();
  });
  app.use((req, res, next) => {
    res.set("X-Frame-Options", "DENY");
    next();
  });
  app.get("/items", (req, res) => {
    res.type("html").send(render(page(req.user)));
  });
}
app.listen(port, host);
