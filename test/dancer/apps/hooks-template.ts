/** The suite hooks-template: hooks around views and layouts. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("layout", "main");
  let seen: string[] = [];
  app.hook("before", () => {
    seen = [];
  });
  app.hook("before_template_render", ({ request }, tokens) => {
    seen.push("bt");
    tokens["extra"] = "from hook";
    if (request.path === "/title") tokens["title"] = "hooked title";
  });
  app.hook("before_template_render", ({ request, halt, redirect }) => {
    seen.push("bt-alias");
    if (request.path === "/halt") return halt("halted in template hook");
    if (request.path === "/redirect") redirect("/away");
    return undefined;
  });
  app.hook("after_template_render", (_, text) => {
    seen.push("at");
    return `${text}!`;
  });
  app.hook("before_layout_render", ({ request }, tokens) => {
    seen.push("bl");
    tokens["title"] ??= "default title";
    if (request.path === "/content") {
      tokens["content"] = String(tokens["content"]).replace("name", "NAME");
    }
  });
  app.hook("after_layout_render", (_, text) => {
    seen.push("al");
    return `${text} (${seen.join(" ")})`;
  });
  app.hook("after", ({ header }) => header("X-Seen", seen.join(" ")));
  app.get("/", ({ template }) => template("index", { name: "ann" }));
  app.get("/title", ({ template }) => template("index", { name: "bob" }));
  app.get("/content", ({ template }) => template("index", { name: "carl" }));
  app.get("/over", ({ template }) => template("index", { name: "dora", extra: "own" }));
  app.get("/nolayout", ({ template }) => template("index", { name: "eve" }, { layout: null }));
  app.get("/halt", ({ template }) => template("index", { name: "fred" }));
  app.get("/redirect", ({ template }) => template("index", { name: "gil" }));
  app.get("/twice", async ({ template }) => {
    const bare = await template("index", { name: "h" }, { layout: null });
    return `${bare} / ${await template("index", { name: "i" })}`;
  });
  app.get("/none", () => "no template");
}
