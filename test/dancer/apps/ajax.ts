/** Dancer's suite "ajax": the ajax plugin. */
import { ajaxPlugin } from "../../../src/ajax.ts";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  const { ajax } = ajaxPlugin(app);

  app.get("/both", () => "page");
  ajax("/both", () => "ajax");
  ajax("/only", () => "<only/>");
  ajax("/part", ({ template }) => template("part", { x: 1 }));
  app.get("/page", ({ template }) => template("part", { x: 2 }));
  ajax("/type", ({ contentType }) => {
    contentType("text/plain");
    return "typed";
  });
  ajax("/tok/:id", ({ params }) => `tok ${params.id}`);
  ajax(/\/re\/(\d)/, ({ splat }) => `re ${String(splat[0])}`);
  ajax("/die", () => {
    throw new Error("x");
  });
  ajax("/halt", ({ halt }) => halt("halted"));
  ajax("/method", ({ request }) => request.method);
  app.get("/plain", ({ request }) => (request.isAjax ? "plain ajax" : "plain page"));
  ajax("/agent", { agent: /phone/ }, () => "phone ajax");
}
