/** The suite views-simple: the template engine simple. */
import type { App } from "../../../src/app.ts";

const user = { name: "ann", address: { city: "Rome" } };

export default function define(app: App): void {
  app.config.set("own", "own setting");
  app.set("session", "simple");
  app.get("/vars", ({ template }) => template("vars", { name: "ann", zero: 0, empty: "" }));
  app.get("/dots", ({ template, request }) =>
    template("dots", { user, list: [1, 2, 3], obj: request }),
  );
  app.get("/cond", ({ template }) => template("cond", { yes: 1, no: 0, user, list: [], zero: 0 }));
  app.get("/cond2", ({ template }) =>
    template("cond", { yes: "x", no: "", user: {}, list: [1], zero: "0" }),
  );
  app.get("/code", ({ template }) => {
    const dies = (): never => {
      throw new Error("x");
    };
    return template("code", { code: () => "called", dies });
  });
  app.get("/std", (ctx) => {
    ctx.var("v", "var");
    ctx.session("s", "sess");
    return ctx.template("std");
  });
  app.get("/html", ({ template }) => template("html", { html: '<b>bold</b> & "quotes"' }));
  app.get("/user", ({ template, param }) => template("html", { html: param("x") }));
  app.get("/lines", ({ template }) => template("lines", { name: "two\nlines" }));
  app.get("/space", ({ template }) => template("space", { name: "n" }));
  app.get("/sub", ({ template }) => template("sub/inner", { name: "n" }));
  app.get("/ext", ({ template }) => template("vars.tt", { name: "n" }));
  app.get("/raw", ({ template }) => template("raw.html", { name: "n" }));
  app.get("/plain", ({ template }) => template("plain"));
  app.get("/missing", ({ template }) => template("missing"));
  app.get("/type", ({ contentType, template }) => {
    contentType("txt");
    return template("plain", {});
  });
  app.get("/tokens", async ({ template }) => {
    const tokens = { name: "kept" };
    await template("vars", tokens);
    return Object.keys(tokens).sort().join(",");
  });
  app.get("/concat", async ({ template }) => {
    const vars = await template("vars", { name: 1 });
    return `${vars} + ${await template("plain")}`;
  });
  app.get("/case", ({ template }) => template("vars", { Name: "capital" }));
}
