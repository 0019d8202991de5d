import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEtaTemplate } from "../../../src/engines/template/eta.ts";
import type { Tokens } from "../../../src/engines/template/template.ts";
import { EngineError, HTTPError } from "../../../src/errors.ts";
import { raw } from "../../../src/views/html.ts";
import { createFolder, dangerous, toOptions } from "./folder.ts";

async function render(
  files: string | Record<string, string>,
  tokens: Tokens = {},
  name = "page.eta",
): Promise<string> {
  const views = createFolder(typeof files === "string" ? { [name]: files } : files);
  const eta = await createEtaTemplate(toOptions(views));
  return eta.render(join(views, name), tokens);
}

describe("values", () => {
  it.each(dangerous)("SEC-820 are escaped: %s", async (value, shown) => {
    expect(await render("<p title='<%= it.x %>'><%= it.x %></p>", { x: value })).toBe(
      `<p title='${shown}'>${shown}</p>`,
    );
  });

  it("are inserted as they are when they are RawHtml or the tag says so", async () => {
    const tokens = { x: raw("<b>"), y: "<i>" };
    expect(await render("<%= it.x %> <%~ it.x %> <%~ it.y %>", tokens)).toBe("<b> <b> <i>");
  });

  it("that are missing show nothing", async () => {
    expect(await render("[<%= it.gone %>]", {})).toBe("[]");
  });

  it("may be computed", async () => {
    const text = "<% for (const n of it.list) { %><li><%= n * 2 %></li><% } %>";
    expect(await render(text, { list: [1, 2] })).toBe("<li>2</li><li>4</li>");
  });
});

describe("files", () => {
  it("include others of the views folder", async () => {
    const files = {
      "page.eta": `<%~ include("parts/head", { title: "<t>" }) %> body`,
      "parts/head.eta": `<%= it.title %> <%~ include("../foot") %>`,
      "foot.eta": "foot of <%= it.name %>",
    };
    expect(await render(files, { name: "n" })).toBe("&lt;t&gt; foot of n body");
  });

  it.each(["../secret", "../../etc/passwd", "parts/../../secret"])(
    "cannot include %s outside the views folder",
    async (path) => {
      const views = createFolder({ "page.eta": `\n<%~ include("${path}") %>` });
      writeFileSync(join(views, "..", "secret.eta"), "secret");
      const eta = await createEtaTemplate(toOptions(views));
      expect(() => eta.render(join(views, "page.eta"), {})).toThrow(
        expect.objectContaining({ code: "template-failed" }),
      );
    },
  );

  it("may have a name that begins with @", async () => {
    expect(await render("at", {}, "@page.eta")).toBe("at");
  });

  it("may be in a folder that is a link", async () => {
    const views = createFolder({ "page.eta": "linked" });
    const link = join(views, "..", "link");
    symlinkSync(views, link);
    const eta = await createEtaTemplate(toOptions(link));
    expect(eta.render(join(link, "page.eta"), {})).toBe("linked");
  });

  it("are read again when they change, unless they are cached", async () => {
    const views = createFolder({ "page.eta": "old" });
    const file = join(views, "page.eta");
    const fresh = await createEtaTemplate(toOptions(views));
    const cached = await createEtaTemplate({ ...toOptions(views), cache: true });
    expect([fresh.render(file, {}), cached.render(file, {})]).toEqual(["old", "old"]);
    writeFileSync(file, "new");
    expect([fresh.render(file, {}), cached.render(file, {})]).toEqual(["new", "old"]);
  });
});

describe("mistakes", () => {
  it.each([
    ["a\nb\n<%= it.x", "views/page.eta:3: unclosed tag"],
    ["a\n<%= it.( %>\nb", "views/page.eta:2: Unexpected token '('"],
  ])("in the text are told with file and line: %j", async (text, message) => {
    const error = await render(text).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new EngineError("template-invalid", message));
    // Eta's message holds the compiled template, which is nothing for a log.
    expect(error).not.toHaveProperty("cause");
  });

  it("while it runs are told with file and line and the cause", async () => {
    const error = await render("a\nb\n<%= it.x.y %>").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: "template-failed",
      message: expect.stringMatching(/^views\/page\.eta:3: Cannot read/) as string,
      cause: expect.any(TypeError) as TypeError,
    });
  });

  it("in an included file name that file", async () => {
    const files = { "page.eta": `<%~ include("part") %>`, "part.eta": "\n<%= it.x.y %>" };
    await expect(render(files)).rejects.toThrow(/^views\/part\.eta:2: /);
  });

  it("are told when a promise is shown", async () => {
    await expect(render("<%= it.x %>", { x: Promise.resolve(1) })).rejects.toThrow(
      "views/page.eta:1: a promise cannot be shown; await it before the template",
    );
  });

  it("leave what a token throws on purpose as it is", async () => {
    const gone = new HTTPError(410, "gone");
    const tokens = {
      leave: () => {
        throw gone;
      },
    };
    await expect(render("<% it.leave() %>", tokens)).rejects.toBe(gone);
  });
});
