/** Dancer's suite "request-accessors": what the request tells, and proxies. */
import { readFileSync } from "node:fs";
import type { App } from "../../../src/app.ts";
import type { Request } from "../../../src/request/request.ts";
import type { Env } from "../support/server.ts";
import { flag } from "../support/show.ts";

/** Dancer's accessors; those that only read a header are `header(…)` here. */
const accessors: Readonly<Record<string, (request: Request) => unknown>> = {
  path: (request) => request.path,
  path_info: (request) => request.pathInfo,
  method: (request) => request.method,
  uri: (request) => request.uri,
  request_uri: (request) => request.uri,
  base: (request) => request.base,
  uri_base: (request) => request.uriBase,
  host: (request) => request.host,
  scheme: (request) => request.scheme,
  protocol: (request) => request.protocol,
  remote_address: (request) => request.address,
  address: (request) => request.address,
  script_name: (request) => request.scriptName,
  agent: (request) => request.userAgent,
  user_agent: (request) => request.userAgent,
  referer: (request) => request.referer,
  accept: (request) => request.header("accept"),
  accept_language: (request) => request.header("accept_language"),
  accept_encoding: (request) => request.header("accept_encoding"),
  accept_charset: (request) => request.header("accept_charset"),
  content_type: (request) => request.contentType ?? "",
  content_length: (request) => request.contentLength,
  user: () => undefined,
  forwarded_for_address: (request) => request.header("x_forwarded_for"),
  request_base: (request) => request.header("request_base"),
  keep_alive: (request) => request.header("keep_alive"),
  is_head: (request) => (request.method === "HEAD" ? 1 : ""),
  port: (request) => request.port,
  body: (request) => request.body,
  secure: (request) => flag(request.secure),
};

const { version: packageVersion } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as { version: string };

export default function define(app: App, env: Env): void {
  // Dancer's `behind_proxy: 1` believes everybody; here the proxies are named.
  if (env["QS_PROXY"] !== undefined) app.set("behind_proxy", ["loopback"]);

  app.any(["get", "post"], "/acc/:name", ({ params, request }) => {
    const accessor = accessors[params.name];
    if (accessor === undefined) throw new Error(`no accessor ${params.name}`);
    return String(accessor(request) ?? "undef");
  });
  app.get("/header", ({ request, param }) => request.header(param("n") ?? "") ?? "undef");
  app.get("/uri_for", ({ param, allParams, uriFor }) => {
    const { to: _, ...rest } = allParams("query");
    return uriFor(param("to") ?? "", rest as Record<string, string>);
  });
  app.get("/uri_multi", ({ uriFor }) => uriFor("/x", { a: [1, 2] }));
  app.get("/uri_raw", ({ request }) => `${request.uriBase}/a b`);
  app.get("/same", ({ request }) => {
    const same = request.path === request.pathInfo ? "same" : "differ";
    return `${same} ${request.method === request.raw.method ? "same" : "differ"}`;
  });
  app.get("/id", ({ request }) => (/^\d+$/.test(request.id) ? "a number" : "no number"));
  app.get("/string", ({ request }) => String(request).replace(`#${request.id}`, "#N"));
  app.get("/env", ({ param, request }) =>
    param("n") === "QUERY_STRING" ? request.queryString : "undef",
  );
  app.get("/flags", ({ request }) =>
    [
      `secure=${flag(request.secure)}`,
      `is_ajax=${flag(request.isAjax)}`,
      `is_forward=${flag(request.isForward)}`,
      `is_get=${flag(request.method === "GET")}`,
      `is_post=${flag(request.method === "POST")}`,
    ].join(","),
  );
  app.get("/a/b/c", ({ request }) => `${request.path} ${request.uri}`);
  app.get("/version", () => packageVersion);
}
