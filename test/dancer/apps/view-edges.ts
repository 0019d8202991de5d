/** Our own suite "view-edges": hooks around views and layouts, missing layouts, odd names, auto_page. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { TemplateCallOptions, Tokens } from "../../../src/engines/template/template.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  if (env["QS_LAYOUT"] !== undefined) app.set("layout", env["QS_LAYOUT"]);
  app.set("auto_page", env["QS_AUTO"] === "1");
  app.set("show_errors", false);
  let seen: string[] = [];
  app.hook("before_template_render", (_ctx, tokens) => {
    seen.push("bt");
    tokens["hooked"] = "H";
    if (tokens["name"] === "upme") tokens["name"] = "UPME";
  });
  app.hook("after_template_render", ({ request }, text) => {
    seen.push("at");
    return request.path === "/bang" ? `${text}!` : undefined;
  });
  app.hook("before_layout_render", (_ctx, tokens) => {
    seen.push("bl");
    tokens["title"] ??= "none";
  });
  app.hook("after_layout_render", ({ request }, text) => {
    seen.push("al");
    return request.path === "/bang" ? text.replace("end", "END") : undefined;
  });
  app.hook("before", ({ header }) => header("X-Before", 1));
  app.hook("after", ({ header }) => header("X-After", 1));
  const page = (
    path: string,
    view: string,
    tokens: Tokens = {},
    options: TemplateCallOptions = {},
    first: (ctx: Context) => void = () => undefined,
  ): void =>
    app.get(path, (ctx) => {
      first(ctx);
      return ctx.template(view, tokens, options);
    });

  app.get("/seen", () => {
    const names = seen.join(" ");
    seen = [];
    return names;
  });
  app.get("/v/:n", ({ template, params }) =>
    template("v", {
      name: params.n,
      u: { name: "ann", tags: ["x", "y"], n: 0 },
      f: () => "called",
    }),
  );
  page("/bang", "v", { name: "b" });
  page("/nol", "v", { name: "n" }, { layout: null });
  page("/nol0", "v", { name: "n" }, { layout: null });
  page("/other", "v", { name: "o" }, { layout: "other" });
  page("/gone", "v", { name: "g" }, { layout: "gone" });
  page("/missing", "nope");
  page("/notok", "v");
  page("/sub", "sub/deep", { name: "s" });
  page("/up", "../app.pl");
  page("/abs", "/v", { name: "abs" });
  page("/type", "v", { name: "p" }, {}, ({ contentType }) => contentType("text/plain"));
  page("/status", "v", { name: "nf" }, {}, ({ status }) => status(404));
  page("/vars", "std", {}, {}, (ctx) => ctx.var("x", "vx"));
  app.get("/halt", async ({ template, halt }) => halt(await template("v", { name: "h" })));
  app.get("/two", async ({ template }) => {
    const first = await template("part", { n: 1 }, { layout: null });
    return first + (await template("part", { n: 2 }, { layout: null }));
  });
  app.get("/taken", () => "route wins");
  app.get("/passes", ({ pass }) => pass());
  app.post("/page1", () => "posted");
}
