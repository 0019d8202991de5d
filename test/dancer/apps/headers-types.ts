/** The suite headers-types: response headers, content types and their short names. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

export default function define(app: App): void {
  app.mimeTypes.addType("foo", "text/foo");
  app.mimeTypes.addAlias("f", "foo");
  app.mimeTypes.addAlias("jp", "jpg");
  const get = (path: string, set: (ctx: Context) => void): void =>
    app.get(path, (ctx) => {
      set(ctx);
      return "x";
    });
  get("/one", ({ header }) => header("X-One", "a"));
  get("/over", ({ header }) => {
    header("X-One", "a");
    header("X-One", "b");
  });
  get("/several", ({ headers }) => headers({ "X-A": 1, "X-B": 2 }));
  get("/push", ({ pushHeader }) => {
    pushHeader("X-P", 1);
    pushHeader("X-P", 2, 3);
  });
  get("/list", ({ header }) => header("X-L", [4, 5]));
  get("/mixed", ({ header }) => {
    header("x-mixed-case", "a");
    header("X-MIXED-CASE", "b");
  });
  get("/under", ({ header }) => header("X_Under", "a"));
  get("/empty", ({ header }) => header("X-Empty", ""));
  get("/undef", ({ header }) => {
    header("X-Gone", "a");
    header("X-Gone", null);
  });
  get("/pushct", ({ header, pushHeader }) => {
    header("X-A", 1);
    pushHeader("X-A", 2);
    header("X-A", 3);
  });
  get("/ct", ({ contentType, param }) => contentType(param("t")));
  get("/ct-none", () => undefined);
  get("/ct-head", ({ header }) => header("Content-Type", "text/x-own"));
  get("/ct-last", ({ contentType }) => {
    contentType("json");
    contentType("text/css");
  });
  app.get("/ct-read", ({ contentType }) => {
    contentType("json");
    return contentType();
  });
  app.get("/length", ({ header }) => {
    header("Content-Length", 3);
    return "abcdef";
  });
  get("/vary", ({ headers }) =>
    headers({ Vary: "Accept", "Cache-Control": "no-store", ETag: '"abc"' }),
  );
  get("/echo", ({ header, param }) => header("X-Echo", param("v") ?? null));
  get("/uni", ({ header }) => header("X-Uni", "café"));
}
