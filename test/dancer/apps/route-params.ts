/** Dancer's suite "route-params": named and optional tokens, dots, decoding. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/hello/:name", ({ params }) => `hello ${params.name}`);
  app.get("/pair/:left/:right", ({ params }) => `${params.left}|${params.right}`);
  app.get("/file/:base.:ext", ({ param }) => `${param("base") ?? ""} dot ${param("ext") ?? ""}`);
  app.get("/opt/:name?", ({ params }) => `opt ${params.name ?? "none"}`);
  app.get("/maybe/?:name?", ({ param }) => `maybe ${param("name") ?? "none"}`);
  app.get("/user/:id/edit", ({ params }) => `edit ${params.id}`);
  app.get("/slash/", () => "with slash");
  app.get("/noslash", () => "without slash");
  app.get("/v1.0/info", () => "dots are literal");
  app.get("/Case", () => "capital");
  app.get("/twice/:x/:x", ({ params }) => (Array.isArray(params.x) ? "list" : params.x));
  app.get("/under/:first_name/:n2", ({ params }) => `${params.first_name} ${params.n2}`);
  app.get("/", () => "root");
  app.get("/len/:word", ({ params }) => Array.from(params.word).length);
}
