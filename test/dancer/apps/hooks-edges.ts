/** Our own suite "hooks-edges": hooks that leave early, answers of odd kinds, conditions, nested prefixes. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

const names =
  "plain forward-me file-me pass-me typed both halt-redirect second after-halt after-redirect after-die after-error after-empty after-unicode after-404 after-cookie after-type status cookie";

export default function define(app: App): void {
  app.hook("before", before);
  app.hook("before", (ctx) => {
    ctx.var("second", "ran");
    if (ctx.request.path === "/second") ctx.halt("second");
  });
  app.hook("after", after);

  for (const name of names.split(" ")) {
    app.get(`/${name}`, (ctx) => `route ${String(ctx.var("second") ?? "")}`);
  }
  app.get("/target", (ctx) => `target ${String(ctx.var("second") ?? "")}`);
  app.get("/id/:id", () => "id");
  app.get("/undef-param/:id?", () => "p");
  app.get("/hash-status", ({ status }) => {
    status("i_am_a_teapot");
    return "x";
  });
  app.get("/two-types", ({ contentType }) => {
    contentType("json");
    contentType("text/plain");
    return "x";
  });
  app.get("/redirect-body", ({ redirect }) => {
    redirect("/x");
    return "body";
  });
  app.get("/redirect-status", ({ redirect }) => redirect("/x", 200));
  app.get("/redirect-bad", ({ redirect }) => redirect("/x", "nonsense"));
  app.get("/halt-in-forward", ({ forward }) => forward("/halts"));
  app.get("/halts", ({ halt }) => halt("halted"));
  app.get("/pass-in-forward", ({ forward }) => forward("/passes"));
  app.get("/passes", ({ pass }) => pass());
  app.get("/error-in-forward", ({ forward }) => forward("/errors"));
  app.get("/errors", ({ sendError }) => sendError("x", 410));
  app.get("/number", () => 42);
  app.get("/float", () => 1.5);
  app.any(["get", "post"], "/anyopt", { agent: "curl" }, ({ request }) => `curl ${request.method}`);
  app.any("/anyall", ({ request }) => request.method);
  app.get("/cond-missing", { referer: "." }, () => "has referer");
  app.get("/cond-host", { accept: "shop" }, () => "shop");
  app.get("/cond-host", () => "other");
  app.prefix("/n", () =>
    app.prefix("/m", () => {
      app.get(/\/(\d+)/, ({ splat }) => `nm ${splat.join(",")}`);
      app.get("/", () => "nm root");
      app.get("/*", ({ splat }) => `nm * ${splat.join(",")}`);
    }),
  );
}

function before(ctx: Context): void {
  const { path } = ctx.request;
  if (path !== "/plain") ctx.header("X-Before", ctx.param("id") ?? "none");
  if (path.startsWith("/cookie")) ctx.cookie("seen", "yes");
  if (path.startsWith("/status")) ctx.status(202);
  if (path === "/forward-me") ctx.forward("/target");
  if (path === "/file-me") ctx.sendFile("x.txt");
  if (path === "/pass-me") ctx.pass();
  if (path === "/typed") ctx.contentType("text/plain");
  if (path === "/both") {
    ctx.status(403);
    ctx.redirect("/elsewhere");
  }
  if (path === "/halt-redirect") {
    ctx.redirect("/elsewhere");
    ctx.halt("body");
  }
}

function after(ctx: Context): void {
  const { response, request } = ctx;
  if (request.path === "/after-halt") ctx.halt("halted after");
  if (request.path === "/after-redirect") ctx.redirect("/moved");
  if (request.path === "/after-die") throw new Error("after");
  if (request.path === "/after-error") ctx.sendError("after", 409);
  if (request.path === "/after-empty") response.content = "";
  if (request.path === "/after-unicode") response.content = "changed ü";
  if (request.path === "/after-404") response.status = 404;
  ctx.header("X-After", "ran");
  if (request.path === "/after-cookie") ctx.cookie("after", "set");
  if (request.path === "/after-type") ctx.contentType("json");
}
