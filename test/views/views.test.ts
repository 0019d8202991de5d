import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSimpleTemplate } from "../../src/engines/template/simple.ts";
import { EngineError } from "../../src/errors.ts";
import { Views } from "../../src/views/views.ts";
import { createFolder, toOptions } from "../engines/template/folder.ts";

function createViews(cache = false): { views: Views; folder: string } {
  const folder = createFolder({
    "vars.tt": "vars <% name %>",
    "raw.html": "html <% name %>",
    "v1.2.tt": "version",
    "sub/inner.tt": "inner",
    "shown.tt": "<% content %>",
    "layouts/main.tt": "<main title='<% title %>'><% content %></main>",
    "layouts/deep/er.tt": "<deep><% content %></deep>",
  });
  mkdirSync(join(folder, "folder.tt"));
  writeFileSync(join(folder, "..", "secret.tt"), "secret");
  const engine = createSimpleTemplate(toOptions(folder));
  return { views: new Views({ views: folder, layouts: "layouts", engine, cache }), folder };
}

describe("views", () => {
  it.each([
    ["vars", "vars n"],
    ["vars.tt", "vars n"],
    ["raw.html", "html n"],
    ["v1.2", "version"],
    ["sub/inner", "inner"],
  ])("are found by name: %s", (name, expected) => {
    const { views } = createViews();
    expect(views.hasView(name)).toBe(true);
    expect(views.render(name, { name: "n" })).toBe(expected);
  });

  it.each([
    ["gone", "view not found: no file views/gone.tt"],
    ["vers", 'view not found: no file views/vers.tt; did you mean "vars"?'],
    ["sub/iner", 'view not found: no file views/sub/iner.tt; did you mean "sub/inner"?'],
    ["folder", "view not found: no file views/folder.tt"],
    ["x".repeat(5000), `view not found: no file views/${"x".repeat(5000)}.tt`],
  ])("that are missing are told with the nearest: %s", (name, message) => {
    const { views } = createViews();
    expect(views.hasView(name)).toBe(false);
    expect(() => views.render(name, {})).toThrow(new EngineError("template-not-found", message));
  });

  it.each([
    "../../secret",
    "sub/../../secret",
    "/etc/passwd",
    "..",
    ".",
    "",
    "a//b",
    "../vars",
    "vars\0",
    "sub\\inner",
    "C:secret",
    "sub/../vars",
  ])("are not named %j", (name) => {
    const { views } = createViews();
    expect(views.hasView(name)).toBe(false);
    expect(views.hasLayout(name)).toBe(false);
    expect(() => views.render(name, {})).toThrow(
      expect.objectContaining({ code: "template-name-invalid" }),
    );
  });

  it("SEC-820 show a token named content escaped", () => {
    expect(createViews().views.render("shown", { content: "<b>" })).toBe("&lt;b&gt;");
  });

  it("appear and disappear with their files", () => {
    const { views, folder } = createViews();
    expect(views.hasView("vars")).toBe(true);
    rmSync(join(folder, "vars.tt"));
    expect(views.hasView("vars")).toBe(false);
  });

  it("are looked for once when they may be cached", () => {
    const { views, folder } = createViews(true);
    expect([views.hasView("vars"), views.hasView("late")]).toEqual([true, false]);
    rmSync(join(folder, "vars.tt"));
    writeFileSync(join(folder, "late.tt"), "late");
    expect([views.hasView("vars"), views.hasView("late")]).toEqual([true, true]);
  });

  it("need no folder as long as none is used", () => {
    const folder = "/nonexistent/views";
    const engine = createSimpleTemplate(toOptions(folder));
    const views = new Views({ views: folder, layouts: "layouts", engine, cache: false });
    expect(() => views.render("page", {})).toThrow("view not found: no file views/page.tt");
  });
});

describe("layouts", () => {
  it("surround the content, which is markup already", () => {
    const { views } = createViews();
    expect(views.renderLayout("main", { title: "<t>", content: "<b>x</b>" })).toBe(
      "<main title='&lt;t&gt;'><b>x</b></main>",
    );
    expect(views.renderLayout("deep/er.tt", { content: "x" })).toBe("<deep>x</deep>");
  });

  it("read no getter that they do not use", () => {
    const tokens = {
      content: "x",
      get session(): never {
        throw new Error("read");
      },
    };
    expect(createViews().views.renderLayout("main", tokens)).toBe("<main title=''>x</main>");
  });

  it("that are missing are told", () => {
    const { views } = createViews();
    expect([views.hasLayout("main"), views.hasLayout("nope")]).toEqual([true, false]);
    expect(() => views.renderLayout("maim", { content: "x" })).toThrow(
      'layout not found: no file views/layouts/maim.tt; did you mean "main"?',
    );
  });
});
