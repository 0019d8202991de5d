// hono + @hono/node-server; sessions: hono-sessions (iron-sealed CookieStore, or MemoryStore)
import { Hono } from "hono";
import { serve } from "@hono/node-server";
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

const app = new Hono();

if (kase === "hello" || kase === "notfound") app.get("/", (c) => c.text("Hello, World!"));
if (kase === "json") app.get("/json", (c) => c.json({ message: "Hello, World!" }));
if (kase === "post")
  app.post("/echo", async (c) => {
    const b = await c.req.json();
    return c.json({ name: b.name, tags: b.tags });
  });
if (isParam) {
  registerMany(
    (m, p) => app[m](p, (c) => c.text("ok")),
    () => app.get("/hello/:name", (c) => c.text(`Hello, ${c.req.param("name")}!`)),
  );
}
if (kase === "static") {
  const { serveStatic } = await import("@hono/node-server/serve-static");
  app.use("*", serveStatic({ root: publicDir }));
}
const render = usesViews ? await createRender() : undefined;
if (kase === "template") app.get("/items", (c) => c.html(render(page("alice"))));
if (isCookieSession || isMemSession) {
  const { sessionMiddleware, CookieStore, MemoryStore } = await import("hono-sessions");
  app.use(
    "*",
    sessionMiddleware({
      store: isMemSession ? new MemoryStore() : new CookieStore(),
      // for MemoryStore the key is optional; without it the cookie is the bare random id
      encryptionKey: isMemSession ? undefined : password,
      sessionCookieName: "s",
      expireAfterSeconds: 3600,
      autoExtendExpiration: false,
      cookieOptions: { sameSite: "Lax", path: "/", httpOnly: true },
    }),
  );
  app.get("/login", (c) => {
    const s = c.get("session");
    for (const [k, v] of Object.entries(payload())) s.set(k, v);
    return c.text("ok");
  });
  app.get("/whoami", (c) => c.text(c.get("session").get("name") ?? "anonymous"));
  app.get("/count", (c) => {
    const s = c.get("session");
    const n = (s.get("count") ?? 0) + 1;
    s.set("count", n);
    return c.text(String(n));
  });
}
if (isApp) {
  app.use("/items", async (c, next) => {
    c.set("user", c.get("session").get("name"));
    if (c.get("user") == null) return c.redirect("/login");
    await next();
  });
  app.use("*", async (c, next) => {
    await next();
    c.header("X-Frame-Options", "DENY");
  });
  app.get("/items", (c) => c.html(render(page(c.get("user")))));
}
serve({ fetch: app.fetch, port, hostname: host });
