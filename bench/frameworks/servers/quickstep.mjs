// Quickstep as its users write it; variant "explicit": handlers use what they are handed, and AsyncLocalStorage is off.
import { App } from "../../../dist/index.js";
import {
  port,
  kase,
  variant,
  host,
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
  views,
} from "./_common.mjs";

const app = new App({
  environment: "production",
  ambient: variant !== "explicit",
  settings: {
    server: host,
    port,
    startup_info: false,
    content_type: "text/plain",
    logger: "null",
    session_secure: "auto",
    session: isCookieSession ? "cookie" : isMemSession ? "simple" : null,
    ...(isCookieSession && { session_cookie_key: password }),
    ...(usesViews && { template: "eta", views, layout: "main" }),
    ...(kase === "static" && { public: publicDir }),
  },
});
if (kase === "hello" || kase === "notfound") app.get("/", () => "Hello, World!");
if (kase === "json") app.get("/json", () => ({ message: "Hello, World!" }));
if (kase === "post")
  app.post("/echo", ({ request }) => ({ name: request.data.name, tags: request.data.tags }));
if (isParam) {
  registerMany(
    (m, p) => app[m === "delete" ? "del" : m](p, () => "ok"),
    () => app.get("/hello/:name", ({ params }) => `Hello, ${params.name}!`),
  );
}
if (kase === "template")
  app.get("/items", ({ template, contentType }) => {
    contentType("html");
    return template("items", page("alice"));
  });
if (isCookieSession || isMemSession) {
  app.get("/login", ({ session }) => {
    for (const [k, v] of Object.entries(payload())) session(k, v);
    return "ok";
  });
  app.get("/whoami", ({ session }) => session("name") ?? "anonymous");
  app.get("/count", ({ session }) => String(session("count", (session("count") ?? 0) + 1)));
}
if (isApp) {
  app.hook("before", ({ request, session, redirect, vars }) => {
    if (request.path === "/login") return;
    vars.user = session("name");
    if (vars.user === undefined) return redirect("/login");
  });
  app.hook("after", ({ header }) => header("X-Frame-Options", "DENY"));
  app.get("/items", ({ template, contentType, vars }) => {
    contentType("html");
    return template("items", page(vars.user));
  });
}
await app.listen();
