/** Dancer's suite "splat": wildcards, `*` for a part of a segment and `**` for a list of segments. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

export default function define(app: App): void {
  app.get("/one/*", (ctx) => `one ${show(ctx)}`);
  app.get("/two/*/*", (ctx) => `two ${show(ctx)}`);
  app.get("/file/*.*", (ctx) => `file ${show(ctx)}`);
  app.get("/mega/**", (ctx) => `mega ${show(ctx)}`);
  app.get("/inner/**/end", (ctx) => `inner ${show(ctx)}`);
  app.get("/mix/*/and/**", (ctx) => `mix ${show(ctx)}`);
  app.get("/tok/:id/*", (ctx) => `tok ${ctx.params.id} / ${show(ctx)}`);
  app.get("/tokmega/:id/**", (ctx) => `tokmega ${ctx.params.id} / ${show(ctx)}`);
  app.get("/pre-*-post", (ctx) => `affix ${show(ctx)}`);
  app.get("/none", ({ splat }) => `none ${splat.length}`);
}

function show({ splat }: Context<unknown>): string {
  return splat
    .map((value) => (Array.isArray(value) ? `[${value.join(",")}]` : String(value)))
    .join("; ");
}
