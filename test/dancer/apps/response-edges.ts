/** Our own suite "response-edges": headers, content types, status words, redirects, uriFor and halt. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

export default function define(app: App): void {
  const { mimeTypes } = app;
  mimeTypes.addType("own", "x-own/type");
  mimeTypes.addAlias("mine", "own");
  mimeTypes.addAlias("page", "html");

  const get = (path: string, body: unknown, set: (ctx: Context) => void = () => undefined): void =>
    app.get(path, (ctx) => {
      set(ctx);
      return body;
    });
  get("/header", "h", ({ header, param }) => header(param("n") ?? "", param("v") ?? ""));
  get("/push", "p", ({ pushHeader, header, param }) => {
    for (const value of (param("v") ?? "").split(",")) if (value !== "") pushHeader("X-P", value);
    header("X-One", 1);
    pushHeader("X-One", 2);
  });
  get("/headers", "hs", ({ headers }) => headers({ "X-A": 3, "X-B": "two" }));
  get("/reset", "r", ({ pushHeader, header }) => {
    pushHeader("X-P", 1);
    pushHeader("X-P", 2);
    header("X-P", 3);
  });
  get("/undef-h", "u", ({ header }) => header("X-U", ""));
  get("/type", "typed", ({ contentType, param }) => contentType(param("t") ?? ""));
  app.get("/typeof", ({ contentType }) => {
    contentType("text/css");
    return contentType();
  });
  get("/type-h", "d", ({ header }) => header("Content-Type", "text/x-direct"));
  get("/type-h2", "{}", ({ header, contentType }) => {
    header("Content-Type", "text/x-direct");
    contentType("json");
  });
  app.get("/for", () =>
    ["html", "own", "mine", "page", "nope", "json", "txt"]
      .map((name) => mimeTypes.forName(name))
      .join(),
  );
  app.get("/forfile", () =>
    ["a.html", "a.b.json", "noext", "x.own", ".hidden", "x.UNKNOWN"]
      .map((name) => mimeTypes.forFile(name))
      .join(),
  );
  app.get("/status/:s", ({ status, params }) => {
    status(params.s);
    return "body";
  });
  get("/status2", "two", ({ status }) => {
    status(404);
    status("created");
  });
  get("/status-r", "made", ({ status, header }) => {
    status(201);
    header("Location", "/made");
  });
  app.get("/redirect", ({ redirect, param }) => redirect(param("to") ?? "", param("code")));
  app.get("/redirect1", ({ redirect, param }) => redirect(param("to") ?? ""));
  get("/red-after", "body stays", ({ redirect, status }) => {
    redirect("/x");
    status(200);
  });
  app.get("/red-type", ({ contentType, redirect }) => {
    contentType("text/plain");
    return redirect("/x");
  });
  app.get("/red-cookie", ({ cookie, header, redirect }) => {
    cookie("a", 1);
    header("X-A", 1);
    return redirect("/x");
  });
  app.get("/dir/sub/red", ({ redirect, param }) => redirect(param("to") ?? ""));
  app.get("/uri", ({ allParams, uriFor }) => {
    const { p = "", ...rest } = allParams("query") as Record<string, string>;
    return uriFor(p, rest);
  });
  app.get("/uri-list", ({ uriFor }) => uriFor("/x", { a: [1, 2] }));
  app.get("/uri-undef", ({ uriFor }) => uriFor("/x", { a: undefined as never }));
  app.get("/uri-empty", ({ uriFor }) => uriFor("/x", {}));
  app.get("/uri-esc", ({ uriFor }) => uriFor("/x", { "a b": "c&d=ü/?" }));
  app.get("/uri-raw", ({ request }) => `${request.uriBase}/x?a=/b`);
  app.get("/base", ({ request }) => [request.base, request.uriBase, request.host].join(" "));
  app.get("/halt-none", ({ status, halt }) => {
    status(202);
    return halt();
  });
  app.get("/halt-type", ({ contentType, halt }) => {
    contentType("json");
    return halt('{"a":1}');
  });
  app.get("/halt-num", ({ halt }) => halt(42));
  app.get("/halt-empty", ({ status, halt }) => {
    status(403);
    return halt("");
  });
  app.get("/halt-head", ({ header, cookie, status, halt }) => {
    header("X-H", 1);
    cookie("c", "v");
    status("forbidden");
    return halt("no");
  });
  for (const code of [204, 304, 205]) get(`/body${code}`, "x", ({ status }) => status(code));
  get("/binary", Buffer.from([0, 255, 128]), ({ contentType }) =>
    contentType("application/octet-stream"),
  );
  get("/json-type", '{"a":"ü"}', ({ contentType }) => contentType("application/json"));
  get("/xml-type", "<ü/>", ({ contentType }) => contentType("xml"));
  get("/js-type", "ü", ({ contentType }) => contentType("js"));
  get("/svg-type", "<svg/>", ({ contentType }) => contentType("svg"));
  get("/charset-t", "plain", ({ contentType }) => contentType("text/plain; charset=iso-8859-1"));
}
