/** Our own suite "request-edges": methods, headers, bodies, hosts and what proxies say. */
import type { App } from "../../../src/app.ts";
import type { Request } from "../../../src/request/request.ts";
import type { Env } from "../support/server.ts";

const is = (method: string) => (request: Request) => (request.method === method ? 1 : "");

const accessors: Readonly<Record<string, (request: Request) => unknown>> = {
  method: (request) => request.method,
  path: (request) => request.path,
  path_info: (request) => request.pathInfo,
  request_uri: (request) => request.uri,
  script_name: (request) => request.scriptName,
  scheme: (request) => request.scheme,
  host: (request) => request.host,
  user_agent: (request) => request.userAgent,
  referer: (request) => request.referer,
  accept: (request) => request.header("accept"),
  accept_language: (request) => request.header("accept_language"),
  is_get: is("GET"),
  is_post: is("POST"),
  is_head: is("HEAD"),
  is_put: is("PUT"),
  is_delete: is("DELETE"),
  is_patch: is("PATCH"),
  is_ajax: (request) => (request.isAjax ? 1 : 0),
  is_forward: (request) => (request.isForward ? 1 : 0),
};

export default function define(app: App, env: Env): void {
  if (env["QS_PROXY"] !== undefined) app.set("behind_proxy", ["loopback"]);
  app.any("/i", ({ request }) =>
    Object.entries(accessors)
      .map(([name, read]) => `${name}=${shown(read(request))}`)
      .join(" "),
  );
  app.any("/base", ({ request, uriFor }) =>
    [
      request.base,
      request.uriBase,
      request.host,
      request.scheme,
      request.secure ? 1 : 0,
      uriFor("/x"),
    ].join(" "),
  );
  app.any("/addr", ({ request }) => shown(request.address));
  app.any("/head/:n", ({ request, params }) => shown(request.header(params.n)));
  app.any("/body", ({ request }) =>
    [
      shown(request.body),
      shown(request.header("content-type") ?? ""),
      shown(request.contentLength),
    ].join(" "),
  );
  app.any("/red", ({ redirect }) => redirect("/x"));
  app.get("/vars", (ctx) => {
    ctx.var("a", 1);
    ctx.var("b", [1, 2]);
    ctx.var("a", 2);
    const show = (value: unknown): string => (Array.isArray(value) ? "list" : String(value));
    const names = Object.keys(ctx.vars).sort();
    return names.map((name) => `${name}=${show(ctx.vars[name])}`).join();
  });
  app.get("/var0", (ctx) =>
    [ctx.var("nothing"), ctx.var("z", 0), ctx.var("z"), ctx.var("e", ""), ctx.var("e")]
      .map(shown)
      .join(""),
  );
  app.get("/ip/:x?", ({ params }) => shown(params.x));
  app.get("/path/*/x", ({ request }) => `${request.path} ${request.pathInfo}`);
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "undef" : `[${String(value)}]`;
}
