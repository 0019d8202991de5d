/** Dancer's suite "regex-routes": regular expressions with numbered and named captures. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

export default function define(app: App): void {
  app.get(/\/num\/(\d+)/, (ctx) => `num ${show(ctx)}`);
  app.get(/\/two\/(\w+)\/(\d+)/, (ctx) => `two ${show(ctx)}`);
  app.get(/\/opt(?:\/(\w+))?/, (ctx) => `opt ${show(ctx)}`);
  app.get(/\/plain\/\w+/, (ctx) => `plain ${show(ctx)}`);
  app.get(/\/case\/(abc)/i, (ctx) => `case ${show(ctx)}`);
  app.get(/\/date\/(?<y>\d{4})-(?<m>\d\d)/, ({ captures }) => {
    const pairs = Object.entries(captures).map(([name, value]) => `${name}=${value ?? "undef"}`);
    return `date ${pairs.sort().join(",")}`;
  });
  app.get(
    /\/named\/(?<who>\w+)\/(\d+)/,
    ({ captures, splat }) => `named ${captures["who"] ?? "undef"} splat ${splat.length}`,
  );
  app.get(/^\/anchored\/(\w)$/, (ctx) => `anchored ${show(ctx)}`);
  app.get(/\/alt\/(?:a|b)(c)?/, (ctx) => `alt ${show(ctx)}`);
  app.get(/\/range\/(\d+)?-(\d+)/, (ctx) => `range ${show(ctx)}`);
  app.get(/\/any\/(.*)/, (ctx) => `any ${show(ctx)}`);
  app.post(/\/num\/(\d+)/, (ctx) => `post num ${show(ctx)}`);
}

function show({ splat }: Context<unknown>): string {
  return splat.map((value) => value ?? "undef").join("|");
}
