/** The suite layouts: which layout goes around a page, and what it is given. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("layout", "main");
  app.config.set("site", "my site");
  app.get("/default", ({ template }) => template("page", { name: "n", title: "t" }));
  const layouts = {
    other: "other",
    undef: null,
    zero: null,
    emptystr: "",
    missing: "nope",
    deep: "deep/er",
    ext: "other.tt",
    std: "std",
  };
  for (const [path, layout] of Object.entries(layouts)) {
    app.get(`/${path}`, ({ template }) => template("page", { name: "n" }, { layout }));
  }
  app.get("/content", ({ renderWithLayout }) =>
    renderWithLayout("given content", { title: "no view" }),
  );
  app.get("/string", () => "plain string");
  app.get("/set", ({ layout, template }) => {
    layout("other");
    return template("page", { name: "n" });
  });
  app.get("/setnone", ({ layout, template }) => {
    layout(null);
    return template("page", { name: "n" });
  });
  app.get("/own", ({ template }) => template("page", { name: "n", content: "own" }));
  app.get("/noview", ({ template }) => template("gone"));
  app.get("/bare", ({ template }) => template("bare"));
  app.get("/leak", ({ layout, template }) => {
    layout("other");
    return template("page", { name: "leak" });
  });
  app.get("/unleak", () => "back");
  app.get("/error", ({ sendError }) => sendError("x", 404));
}
