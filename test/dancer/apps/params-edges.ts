/** Our own suite "params-edges": parameters, bodies and uploads at the edges. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { ParamSource } from "../../../src/request/params.ts";
import type { Upload } from "../../../src/request/upload.ts";
import { pairs, show } from "../support/show.ts";

export default function define(app: App): void {
  app.any("/all", (ctx) => pairs(lists(ctx)));
  app.any("/src/:s", (ctx) => `${ctx.params.s} ${pairs(source(ctx, ctx.params.s as ParamSource))}`);
  app.any("/one/:n", (ctx) => show(lists(ctx)[ctx.params.n]));
  app.any("/arr/:n", ({ params, paramArray }) => {
    const values = paramArray(params.n);
    return `${values.length}:${values.join("+")}`;
  });
  app.any("/opt/:a/:b?", ({ allParams }) => pairs(allParams()));
  app.any("/same/:x", (ctx) =>
    [ctx.param("x"), pairs(source(ctx, "query")), pairs(source(ctx, "body"))].join(" "),
  );
  app.post("/body", ({ request }) => {
    const { "content-type": type, "content-length": length } = request.headers;
    return [request.bytes.length, type ?? "none", length ?? 0].join(" ");
  });
  app.any("/accessor", ({ request: { method, path, pathInfo, uri, scriptName } }) =>
    [method, path, pathInfo, uri, scriptName === "" ? "root" : "x"].join(" "),
  );
  app.post("/up", ({ uploads }) => {
    const all = uploads();
    const names = Object.keys(all).sort();
    return names.map((name) => `${name}=${(all[name] ?? []).map(facts).join("+")}`).join(";");
  });
  app.post("/up1", ({ upload }) => {
    const file = upload("f");
    if (file === undefined) return "none";
    const { filename, basename, size, type = "none", content } = file;
    return [filename, basename, size, type, content.toString()].join("|");
  });
  app.post("/upn", ({ uploads }) => uploads("f").length);
  app.post("/uppar", (ctx) => pairs(lists(ctx)));
}

function facts({ filename, size, type = "none" }: Upload): string {
  return `${filename}:${size}:${type}`;
}

/** All parameters; where Dancer gives a list, `paramArray` does. */
function lists({ allParams, paramArray }: Context): Record<string, unknown> {
  const names = Object.keys(allParams());
  return Object.fromEntries(names.map((name) => [name, oneOrAll(paramArray(name))]));
}

function source({ allParams, request }: Context, from: ParamSource): Record<string, unknown> {
  if (from === "route") return allParams("route");
  const all = from === "query" ? request.query : request.form;
  return Object.fromEntries(Object.entries(all).map(([name, values]) => [name, oneOrAll(values)]));
}

function oneOrAll(values: readonly string[]): unknown {
  return values.length > 1 ? values : values[0];
}
