import Fastify from "fastify";
import {
  port,
  kase,
  host,
  isApp,
  isCookieSession,
  isMemSession,
  isParam,
  key,
  password,
  payload,
  page,
  publicDir,
  registerMany,
  usesViews,
  views,
} from "./_common.mjs";

const app = Fastify({ logger: false });

if (isCookieSession) {
  const { default: secureSession } = await import("@fastify/secure-session");
  await app.register(secureSession, {
    key,
    cookieName: "s",
    cookie: { path: "/", httpOnly: true, sameSite: "lax" },
  });
}
if (isMemSession) {
  const { default: cookie } = await import("@fastify/cookie");
  const { default: session } = await import("@fastify/session");
  await app.register(cookie);
  await app.register(session, {
    secret: password,
    cookieName: "sid",
    saveUninitialized: false,
    rolling: false,
    cookie: { path: "/", httpOnly: true, sameSite: "lax", secure: false, maxAge: 3_600_000 },
  });
}

if (usesViews) {
  const { default: view } = await import("@fastify/view");
  const { Eta } = await import("eta");
  await app.register(view, {
    engine: { eta: new Eta({ views, cache: true, autoEscape: true }) },
    templates: views,
    viewExt: "eta",
    production: true,
  });
}
if (kase === "static") {
  const { default: files } = await import("@fastify/static");
  await app.register(files, { root: publicDir });
}
const { Eta } = usesViews ? await import("eta") : {};
const eta = usesViews ? new Eta({ views, cache: true, autoEscape: true }) : undefined;
const withLayout = (data) => ({ ...data, content: eta.render("./items", data) });
if (kase === "template")
  app.get("/items", (req, reply) => reply.viewAsync("layouts/main", withLayout(page("alice"))));
if (isApp) {
  app.addHook("preHandler", (req, reply, done) => {
    if (req.url === "/login") return done();
    req.user = req.session.get("name");
    if (req.user === undefined) {
      reply.redirect("/login");
      return;
    }
    done();
  });
  app.addHook("onSend", (req, reply, body, done) => {
    reply.header("X-Frame-Options", "DENY");
    done(null, body);
  });
  app.get("/items", (req, reply) => reply.viewAsync("layouts/main", withLayout(page(req.user))));
}
if (kase === "hello" || kase === "notfound")
  app.get("/", (req, reply) => {
    reply.send("Hello, World!");
  });
if (kase === "json")
  app.get("/json", (req, reply) => {
    reply.send({ message: "Hello, World!" });
  });
if (kase === "post")
  app.post("/echo", (req, reply) => {
    reply.send({ name: req.body.name, tags: req.body.tags });
  });
if (isParam) {
  registerMany(
    (m, p) =>
      app[m](p, (req, reply) => {
        reply.send("ok");
      }),
    () =>
      app.get("/hello/:name", (req, reply) => {
        reply.send(`Hello, ${req.params.name}!`);
      }),
  );
}
if (isCookieSession || isMemSession) {
  app.get("/login", (req, reply) => {
    for (const [k, v] of Object.entries(payload())) req.session.set(k, v);
    reply.send("ok");
  });
  app.get("/whoami", (req, reply) => {
    reply.send(req.session.get("name") ?? "anonymous");
  });
  app.get("/count", (req, reply) => {
    const n = (req.session.get("count") ?? 0) + 1;
    req.session.set("count", n);
    reply.send(String(n));
  });
}
await app.listen({ port, host });
