/** The suite yaml-xml: both serializers, and their words. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { fromXml, fromYaml, toXml, toYaml } from "../../../src/serializers.ts";
import { show } from "../support/params.ts";

export default function define(app: App, env: Env): void {
  app.set("serializer", (env["QS_SER"] ?? "yaml").toLowerCase());
  app.get("/map", () => ({ a: 1 }));
  app.get("/list", () => ["x", "y"]);
  app.get("/deep", () => ({ user: { name: "ann" } }));
  app.get("/tags", () => ({ tag: ["p", "q"] }));
  app.get("/text", () => "text");
  app.get("/nul", () => ({ none: null }));
  app.get("/esc", () => ({ s: "a: b # c", h: '<b>&"' }));
  app.post("/in", ({ allParams }) => `in ${show(allParams())}`);
  app.post("/raw", ({ request }) => request.bytes.length);
  app.get("/ty", () => toYaml({ a: [1] }));
  app.get("/fy", () => (fromYaml("---\na:\n  - 1\n  - 2\n") as { a: number[] }).a.join("+"));
  app.get("/tx", () => toXml({ a: [1] }));
  app.get("/fx", () => show(fromXml('<r><a>1</a><b c="2"/></r>')));
}
