/** Dancer's suite "mounted": the app below a path of another server. */
import type { App } from "../../../src/app.ts";

export const mount = "/app";

export default function define(app: App): void {
  app.get("/", () => "root");
  app.get("/info", ({ request }) =>
    [
      `script_name=${request.scriptName}`,
      `path=${request.path}`,
      `path_info=${request.pathInfo}`,
      `uri=${request.uri}`,
      `base=${request.base}`,
      `uri_base=${request.uriBase}`,
    ].join(" "),
  );
  app.get("/go", ({ redirect }) => redirect("/info"));
  app.get("/uri", ({ uriFor }) => `${uriFor("/x")} ${uriFor("y", { q: 1 })}`);
  app.get("/abs", ({ request, redirect }) => redirect(`${request.uriBase}/info`));
  app.get("/fwd", ({ forward }) => forward("/info"));
  app.get("/cook", ({ cookie }) => {
    cookie("c", "1");
    return "c";
  });
  app.get("/sub/a", () => "inner sub");
}
