// h3 v2 on srvx; cookie sessions: useSession (iron seal). No in-memory session in h3.
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { H3, redirect, serve, serveStatic, useSession, readBody } from "h3";
import {
  port,
  kase,
  host,
  createRender,
  isApp,
  isCookieSession,
  isParam,
  page,
  password,
  payload,
  publicDir,
  registerMany,
  usesViews,
} from "./_common.mjs";

const app = new H3();

if (kase === "hello" || kase === "notfound") app.get("/", () => "Hello, World!");
if (kase === "json") app.get("/json", () => ({ message: "Hello, World!" }));
if (kase === "post")
  app.post("/echo", async (e) => {
    const b = await readBody(e);
    return { name: b.name, tags: b.tags };
  });
if (isParam) {
  registerMany(
    (m, p) => app[m](p, () => "ok"),
    () => app.get("/hello/:name", (e) => `Hello, ${decodeURIComponent(e.context.params.name)}!`),
  );
}
if (kase === "static") {
  app.use((e) =>
    serveStatic(e, {
      getContents: (id) => readFile(path.join(publicDir, id)),
      getMeta: async (id) => {
        const found = await stat(path.join(publicDir, id)).catch(() => undefined);
        return found?.isFile()
          ? { size: found.size, mtime: found.mtimeMs, type: "text/css; charset=utf-8" }
          : undefined;
      },
    }),
  );
}
const render = usesViews ? await createRender() : undefined;
const raw = (text) =>
  new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
if (kase === "template") app.get("/items", () => raw(render(page("alice"))));
if (isCookieSession) {
  const config = {
    password,
    name: "s",
    maxAge: 3600,
    cookie: { secure: false, httpOnly: true, sameSite: "lax", path: "/" },
  };
  app.get("/login", async (e) => {
    const s = await useSession(e, config);
    await s.update(payload());
    return "ok";
  });
  app.get("/whoami", async (e) => {
    const s = await useSession(e, config);
    return s.data.name ?? "anonymous";
  });
  app.get("/count", async (e) => {
    const s = await useSession(e, config);
    const n = (s.data.count ?? 0) + 1;
    await s.update({ count: n });
    return String(n);
  });
}
if (isApp) {
  const config = {
    password,
    name: "s",
    maxAge: 3600,
    cookie: { secure: false, httpOnly: true, sameSite: "lax", path: "/" },
  };
  app.use("/items", async (e) => {
    e.context.user = (await useSession(e, config)).data.name;
    if (e.context.user === undefined) return redirect("/login");
  });
  app.use((e, next) => {
    e.res.headers.set("X-Frame-Options", "DENY");
    return next();
  });
  app.get("/items", (e) => raw(render(page(e.context.user))));
}
serve(app, { port, hostname: host, silent: true });
