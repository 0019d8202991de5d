// koa + @koa/router; sessions: koa-session (signed cookie; or a Map behind its store option)
import Koa from "koa";
import Router from "@koa/router";
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

const app = new Koa();
const r = new Router();

if (kase === "hello" || kase === "notfound")
  r.get("/", (ctx) => {
    ctx.body = "Hello, World!";
  });
if (kase === "json")
  r.get("/json", (ctx) => {
    ctx.body = { message: "Hello, World!" };
  });
if (kase === "post") {
  const { bodyParser } = await import("@koa/bodyparser");
  app.use(bodyParser({ enableTypes: ["json"] }));
  r.post("/echo", (ctx) => {
    const b = ctx.request.body;
    ctx.body = { name: b.name, tags: b.tags };
  });
}
if (isParam) {
  registerMany(
    (m, p) =>
      r[m](p, (ctx) => {
        ctx.body = "ok";
      }),
    () =>
      r.get("/hello/:name", (ctx) => {
        ctx.body = `Hello, ${ctx.params.name}!`;
      }),
  );
}
if (kase === "static") {
  const { default: files } = await import("koa-static");
  app.use(files(publicDir));
}
const render = usesViews ? await createRender() : undefined;
if (kase === "template")
  r.get("/items", (ctx) => {
    ctx.type = "html";
    ctx.body = render(page("alice"));
  });
if (isCookieSession || isMemSession) {
  const { default: session } = await import("koa-session");
  app.keys = [password];
  const options = {
    key: isMemSession ? "sid" : "s",
    maxAge: 3_600_000,
    httpOnly: true,
    sameSite: "lax",
    signed: true,
  };
  if (isMemSession) {
    const map = new Map();
    options.store = {
      get: async (id) => map.get(id),
      set: async (id, value) => {
        map.set(id, value);
      },
      destroy: async (id) => {
        map.delete(id);
      },
    };
  }
  app.use(session(options, app));
  r.get("/login", (ctx) => {
    Object.assign(ctx.session, payload());
    ctx.body = "ok";
  });
  r.get("/whoami", (ctx) => {
    ctx.body = ctx.session.name ?? "anonymous";
  });
  r.get("/count", (ctx) => {
    ctx.session.count = (ctx.session.count ?? 0) + 1;
    ctx.body = String(ctx.session.count);
  });
}
if (isApp) {
  app.use(async (ctx, next) => {
    if (ctx.path === "/items") {
      ctx.state.user = ctx.session.name;
      if (ctx.state.user === undefined) return ctx.redirect("/login");
    }
    await next();
  });
  app.use(async (ctx, next) => {
    await next();
    ctx.set("X-Frame-Options", "DENY");
  });
  r.get("/items", (ctx) => {
    ctx.type = "html";
    ctx.body = render(page(ctx.state.user));
  });
}
app.use(r.routes());
app.listen(port, host);
