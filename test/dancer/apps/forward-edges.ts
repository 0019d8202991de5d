/** Our own suite "forward-edges": chains, methods, hooks, sessions, files, what is kept and what is not. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import { flag, pairs } from "../support/show.ts";

const targets: Readonly<Record<string, string>> = {
  "/to-stop": "/stop",
  "/to-guard": "/guarded",
  "/to-die": "/die",
  "/to-file": "/file.txt",
  "/to-sfile": "/sfile",
  "/to-red": "/red",
  "/to-post": "/posted",
  "/to-enc": "/t/a%20b",
  "/to-sp": "/t/a b",
  "/to-uni": "/t/ü",
  "/to-slash": "t",
  "/to-empty": "",
  "/to-none": "/nowhere",
  "/to-status": "/status",
  "/to-pass": "/p/1",
  "/after-fw": "/t",
};

export default function define(app: App): void {
  app.set("session", "simple");
  app.hook("before", (ctx) => {
    const count = Number(ctx.var("n") ?? 0) + 1;
    ctx.var("n", count);
    ctx.header("X-Before", count);
    if (ctx.request.path === "/stop") ctx.halt("stopped");
    if (ctx.request.path === "/guarded") ctx.redirect("/login");
  });
  app.hook("after", ({ response, header }) => {
    header("X-After", Number(response.header("X-After") ?? 0) + 1);
  });

  app.any(
    "/t",
    (ctx) => `${ctx.request.method} ${ctx.request.path} ${all(ctx)} n=${String(ctx.var("n"))}`,
  );
  app.any(
    "/t/:id",
    (ctx) => `${ctx.request.method} t ${all(ctx)} fwd=${flag(ctx.request.isForward)}`,
  );
  app.get("/q", ({ forward }) => forward("/t", { a: "new", z: "1" }));
  app.post("/m", ({ forward }) => forward("/t", {}, { method: "GET" }));
  app.any("/m2", ({ forward }) => forward("/t", { x: "ü" }, { method: "put" }));
  app.any("/id/:id", ({ forward }) => forward("/t/9"));
  app.any("/id2/:id", ({ forward }) => forward("/t/9", { id: "given" }));
  app.get("/chain", ({ forward }) => forward("/chain2", { a: "1" }));
  app.get("/chain2", ({ forward }) => forward("/t", { b: "2" }));
  app.get("/state", (ctx) => {
    ctx.status(201);
    ctx.header("X-Gone", 1);
    ctx.cookie("gone", 1);
    ctx.contentType("text/plain");
    ctx.var("kept", "yes");
    return ctx.forward("/show");
  });
  app.get("/show", (ctx) => {
    const cookie = ctx.cookies["gone"] === undefined ? "noc" : "c";
    return `${String(ctx.var("kept") ?? "none")} ${cookie}`;
  });
  app.get("/sess", ({ session, forward }) => {
    session("a", "from first");
    return forward("/sess2");
  });
  app.get("/sess2", ({ session }) => session("a") ?? "undef");
  for (const [path, target] of Object.entries(targets)) {
    app.get(path, ({ forward }) => forward(target));
  }
  app.get("/stop", () => "never");
  app.get("/guarded", () => "never");
  app.get("/die", () => {
    throw new Error("dead");
  });
  app.get("/sfile", ({ sendFile }) => sendFile("file.txt"));
  app.get("/red", ({ redirect }) => redirect("/elsewhere", 301));
  app.post("/posted", () => "posted");
  app.get("/to-post2", ({ forward }) => forward("/posted", {}, { method: "POST" }));
  app.get("/status", ({ status, contentType }) => {
    status("accepted");
    contentType("json");
    return '{"a":1}';
  });
  app.get("/p/:x", ({ header, pass }) => {
    header("X-P", 1);
    return pass();
  });
  app.get("/p/*", () => "passed on");
}

function all({ allParams, paramArray }: Context<unknown>): string {
  const names = Object.keys(allParams());
  return pairs(
    Object.fromEntries(
      names.map((name) => {
        const values = paramArray(name);
        return [name, values.length > 1 ? values : values[0]];
      }),
    ),
  );
}
