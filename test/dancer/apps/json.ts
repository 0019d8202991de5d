/** The suite json: the serializer both ways, and the words toJson and fromJson. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { fromJson, toJson } from "../../../src/serializers.ts";
import { show } from "../support/params.ts";

export default function define(app: App, env: Env): void {
  app.set("serializer", (env["QS_SER"] ?? "json").toLowerCase());
  app.set("show_errors", false);
  app.get("/map", () => ({ a: 1, b: "two", c: [1, 2, 3], d: { e: null } }));
  app.get("/list", () => [1, "two", { three: 3 }]);
  app.get("/text", () => "just text");
  app.get("/num", () => 42);
  app.get("/empty", () => "");
  app.get("/undef", () => undefined);
  app.get("/nomap", () => ({}));
  app.get("/nolist", () => []);
  app.get("/types", () => ({ int: 7, float: 1.5, str: "7", true: true, false: false, null: null }));
  app.get("/status", ({ status }) => {
    status("created");
    return { made: 1 };
  });
  app.get("/type", ({ contentType }) => {
    contentType("text/plain");
    return { a: 1 };
  });
  app.get("/header", ({ header }) => {
    header("X-H", 1);
    return { a: 1 };
  });
  app.get("/uni", () => ({ w: "é€" }));
  app.any("/in", ({ allParams }) => `in ${show(allParams())}`);
  app.any(
    "/body",
    ({ allParams }) => `body ${show(allParams("body"))} query ${show(allParams("query"))}`,
  );
  app.post("/raw", ({ request }) => `[${request.body}]`);
  app.post("/r/:id", ({ param }) => `id ${param("id")}`);
  app.post("/echo", ({ allParams }) => allParams());
  app.get("/helper", () => toJson((fromJson('{"a":[1,{"b":2}]}') as { a: unknown }).a));
  app.get("/badhelp", () => fromJson("{oops"));
  app.get("/code", () => ({ c: () => undefined }));
}
