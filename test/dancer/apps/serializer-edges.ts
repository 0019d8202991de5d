/** Our own suite "serializer-edges": data of odd shapes, halt, errors and files with a serializer, bodies. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("serializer", (env["QS_SER"] ?? "json").toLowerCase());
  app.set("engines", { json: { pretty: false }, jsonp: { pretty: false } });
  app.set("show_errors", false);
  const get = (path: string, value: unknown, first: (ctx: Context) => void = () => undefined) =>
    app.get(path, (ctx) => {
      first(ctx);
      return value;
    });

  get("/one", { a: 1 });
  get("/deep", { a: { b: { c: [1, [2, { d: null }]] } } });
  get("/strings", { n: "a\nb", q: 'say "x"', u: "ü€", h: '<a href="x">&</a>', e: "", s: "/" });
  get("/list", [{ a: 1 }, { a: 2 }]);
  get("/nested", [[1, 2], [3]]);
  get("/empty", {});
  get("/emptyl", []);
  get("/listempty", { l: [], m: {} });
  get("/text", "plain ü");
  get("/zero", 0);
  get("/undef", undefined);
  get("/keys", { b: 1, a: 2, B: 3, 1: 4 });
  app.get("/halt", ({ halt }) => halt({ halted: 1 }));
  app.get("/halt-s", ({ status, halt }) => {
    status(403);
    return halt({ error: "no" });
  });
  app.get("/halt-t", ({ halt }) => halt("text"));
  get("/status", { id: 5 }, ({ status }) => status("created"));
  get("/type", { a: 1 }, ({ contentType }) => contentType("text/plain"));
  get("/type-h", { a: 1 }, ({ header }) => header("Content-Type", "application/vnd.x+json"));
  get("/cookie", { a: 1 }, ({ cookie }) => cookie("a", 1));
  get("/redirect", { a: 1 }, ({ redirect }) => redirect("/one"));
  app.get("/error", ({ sendError }) => sendError("sent", 404));
  app.get("/error-d", ({ sendError }) => sendError({ why: "sent" }, 409));
  app.get("/die", () => {
    throw new Error("dead");
  });
  app.get("/die-d", () => {
    throw { code: 5 };
  });
  app.get("/file", ({ sendFile }) => sendFile("app.txt"));
  app.get("/forward", ({ forward }) => forward("/one"));
  app.get("/pass/:x", ({ pass }) => pass());
  app.get("/pass/*", ({ splat }) => ({ passed: splat[0] }));
  get("/bad", { code: () => 1 });
  app.any("/in", ({ allParams }) => `in ${show(allParams())}`);
  app.any("/in/:id", ({ allParams }) => `in ${show(allParams())}`);
  app.any("/bodyp", ({ allParams }) => `body ${show(allParams("body"))}`);
  app.post("/echo", ({ allParams }) => allParams());
  app.put("/raw", ({ request }) => request.body.length);
  app.post("/ct", ({ request }) => request.header("content-type"));
}

function show(map: Readonly<Record<string, unknown>>): string {
  return Object.keys(map)
    .sort()
    .map((name) => `${name}=${shown(map[name])}`)
    .join(",");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join("+")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${show(value as Record<string, unknown>)}}`;
  }
  if (value === true || value === false) return value ? "1" : "0";
  return String(value ?? "undef");
}
