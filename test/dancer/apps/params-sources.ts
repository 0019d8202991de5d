/** Dancer's suite "params-sources": query, body and route, precedence, repeated names. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { ParamSource } from "../../../src/request/params.ts";
import { pairs } from "../support/show.ts";

export default function define(app: App): void {
  app.any("/all", (ctx) => pairs(lists(ctx)));
  app.any("/src/:src", (ctx) => pairs(ctx.allParams(ctx.params.src as ParamSource)));
  app.post("/over/:id", ({ params, param, request }) =>
    [
      `merged ${param("id") ?? "-"}`,
      `route ${params.id}`,
      `query ${request.query["id"]?.join("+") ?? "-"}`,
      `body ${request.form["id"]?.join("+") ?? "-"}`,
    ].join(" "),
  );
  app.any("/array", ({ paramArray }) => {
    const values = paramArray("n");
    return `${values.length}:${values.join("+")}`;
  });
  app.any("/one", ({ paramArray }) => {
    const values = paramArray("n");
    if (values.length > 1) return "list";
    return values.length === 0 ? "undef" : `[${values.join()}]`;
  });
  app.get("/count", ({ allParams }) => Object.keys(allParams()).length);
}

/** All parameters; where Dancer gives a list, `paramArray` does. */
function lists({ allParams, paramArray }: Context): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(allParams()).map((name) => {
      const values = paramArray(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}
