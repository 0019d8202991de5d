/** Dancer's suite "order-pass": definition order, `pass`, and what a passed route leaves behind. */
import type { App } from "../../../src/app.ts";
import { pairs } from "../support/show.ts";

export default function define(app: App): void {
  app.get("/first/*", ({ request }) => `A ${request.path}`);
  app.get("/first/:x", () => "B");
  app.get("/p/:name", ({ params, pass }) =>
    params.name === "skip" ? pass() : `one ${params.name}`,
  );
  app.get("/p/*", ({ splat }) => `two ${String(splat[0])}`);
  app.get("/deco/:a", ({ header, status, contentType, pass }) => {
    header("X-First", "yes");
    status(202);
    contentType("text/plain");
    pass();
  });
  app.get("/deco/:b", ({ params }) => `decorated ${params.b}`);
  app.get("/left/:one", ({ pass }) => pass());
  app.get("/left/:two", ({ allParams }) => pairs(allParams()));
  app.get("/last", ({ pass }) => pass());
  app.post("/last", () => "post last");
  app.get("/code/:n", ({ pass }) => pass());
  app.get("/code/*", ({ pass }) => pass());
  app.get(/\/code\/(\d)/, ({ splat }) => `third ${String(splat[0])}`);
  app.get("/var/:x", ({ params, vars, pass }) => {
    vars["seen"] = params.x;
    pass();
  });
  app.get("/var/*", ({ vars }) => `var ${String(vars["seen"])}`);
  app.get("/some/**", () => "wide");
  app.get("/some/exact", () => "exact");
}
