/** Our own suite "edges": empty values, repeated keys, unicode, encoded slashes, long paths, unknown names. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import { pairs, show } from "../support/show.ts";

export default function define(app: App): void {
  app.get("/p/:x", ({ params }) => `p [${params.x}]`);
  app.get("/o/:x?", ({ params }) => `o ${params.x === undefined ? "undef" : `[${params.x}]`}`);
  app.get("/s/*", (ctx) => `s ${splats(ctx)}`);
  app.get("/m/**", (ctx) => `m ${splats(ctx)}`);
  app.get(/\/r\/(.*)/, (ctx) => `r ${splats(ctx)}`);
  app.get("/lit/ü", () => "literal");
  app.any("/q", ({ allParams, paramArray }) => {
    const values = Object.keys(allParams()).map((name): [string, unknown] => {
      const all = paramArray(name);
      return [name, all.length > 1 ? all : all[0]];
    });
    return pairs(Object.fromEntries(values));
  });
  app.any("/list", ({ paramArray }) => {
    const values = paramArray("n");
    return `${values.length}:${values.join("+")}`;
  });
  app.get("/cookies", ({ cookies }) => pairs(cookies));
  app.get("/set-cookie", ({ param, cookie }) => {
    cookie(param("n") ?? "", param("v") ?? "");
    return "set";
  });
  app.get("/to", ({ param, redirect }) => redirect(param("to") ?? ""));
  app.get("/fw", ({ param, forward }) => forward(`/p/${param("x") ?? ""}`));
  app.get("/u", ({ allParams, uriFor }) => {
    const { to, ...rest } = allParams("query") as Record<string, string>;
    return uriFor(to ?? "", rest);
  });
  app.get("/h", ({ header, param }) => {
    header("X-Value", param("v") ?? "");
    return "h";
  });
  app.get("/status/:s", ({ status, params }) => {
    status(params.s);
    return "s";
  });
  app.get("/type", ({ contentType, param }) => {
    contentType(param("t") ?? "");
    return "t";
  });
  app.get("/halt", ({ halt, param }) => halt(param("c")));
  app.get("/pass/:x", ({ pass }) => pass());
  app.get("/pass/*", (ctx) => `passed ${splats(ctx)}`);
  app.prefix("/é");
  app.get("/:y", ({ params }) => `é [${params.y}]`);
}

function splats({ splat }: Context<unknown>): string {
  return splat
    .map((value) => (Array.isArray(value) ? `[${value.join(",")}]` : show(value)))
    .join("; ");
}
