/** Our own suite "mutable-edges": the serializer mutable with each wish, method, body and kind of answer. */
import type { App } from "../../../src/app.ts";
import { templateOrSerialize, toJson } from "../../../src/serializers.ts";
import { show } from "../support/params.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.set("serializer", "mutable");
  app.set("engines", { json: { pretty: false } });
  app.set("show_errors", env["QS_SHOW"] === "1");
  app.any("/one", () => ({ a: 1 }));
  app.any("/list", () => ["x", "y"]);
  app.any("/deep", () => ({ a: { b: ["c", "d"] } }));
  app.any("/text", () => "text");
  app.any("/undef", () => undefined);
  app.any("/in", ({ allParams }) => `in ${show(allParams())}`);
  app.any("/in/:id", ({ allParams }) => `in ${show(allParams())}`);
  app.any("/echo", ({ allParams }) => ({ got: allParams()["a"] ?? null }));
  app.any("/body", ({ allParams }) => `body ${show(allParams("body"))}`);
  app.any("/tos", () => templateOrSerialize("t", { a: 5 }));
  app.any("/tost", ({ status }) => {
    status(201);
    return templateOrSerialize("t", { a: 6 });
  });
  app.any("/type", ({ contentType }) => {
    contentType("text/css");
    return { a: 1 };
  });
  app.any("/status", ({ status }) => {
    status(404);
    return { error: "none" };
  });
  app.any("/error", ({ sendError }) => sendError("sent", 400));
  app.any("/die", () => {
    throw "dead\n";
  });
  app.any("/halt", ({ halt }) => halt({ h: 1 }));
  app.any("/fwd", ({ forward }) => forward("/one"));
  app.any("/file", ({ sendFile }) => sendFile("f.txt"));
  app.any("/tj", ({ contentType }) => {
    contentType("json");
    return toJson({ a: 1 });
  });
  app.any("/pass", ({ pass }) => pass());
}
