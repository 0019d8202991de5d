/** The suite mutable: the form of answers and bodies by request. */
import type { App } from "../../../src/app.ts";
import { templateOrSerialize } from "../../../src/serializers.ts";
import { show } from "../support/params.ts";

export default function define(app: App): void {
  app.set("serializer", "mutable");
  app.set("engines", { json: { pretty: false } });
  app.any("/map", () => ({ a: 1 }));
  app.post("/in", ({ allParams }) => `in ${show(allParams())}`);
  app.post("/echo", ({ allParams }) => ({ got: allParams()["a"] }));
  app.get("/both", () => templateOrSerialize("t", { a: 5 }));
  app.get("/text", () => "text");
}
