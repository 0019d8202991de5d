import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSimpleTemplate } from "../../../src/engines/template/simple.ts";
import type { Tokens } from "../../../src/engines/template/template.ts";
import { EngineError } from "../../../src/errors.ts";
import { raw } from "../../../src/views/html.ts";
import { createFolder, dangerous, toOptions } from "./folder.ts";

function render(
  text: string,
  tokens: Tokens = {},
  settings: Record<string, unknown> = {},
): unknown {
  const views = createFolder({ "page.tt": text });
  return createSimpleTemplate(toOptions(views, settings)).render(join(views, "page.tt"), tokens);
}

describe("values", () => {
  class Person {
    readonly first = "Ann";
    readonly #last = "Lee";
    get last(): string {
      return this.#last;
    }
    full(): string {
      return `${this.first} ${this.#last}`;
    }
    greet(whom: string): string {
      return `hello ${whom}`;
    }
    fail(): string {
      throw new Error("no");
    }
  }
  const tokens = {
    name: "ann",
    zero: 0,
    empty: "",
    no: false,
    user: { name: "bob", address: { city: "Rome" } },
    list: [1, 2, 3],
    person: new Person(),
    code: () => "called",
    maker: () => ({ made: "yes" }),
    dies: () => {
      throw new Error("x");
    },
    map: new Map([["key", "mapped"]]),
    bare: Object.create(null) as unknown,
  };

  it.each([
    ["name=<% name %>;missing=<% nothing %>", "name=ann;missing="],
    ["zero=<% zero %>;empty=<% empty %>;no=<% no %>", "zero=0;empty=;no=false"],
    ["<% user.name %>,<% user.address.city %>,<% user.none.deeper %>", "bob,Rome,"],
    ["<% list %>,<% list.0 %>,<% list.length %>", "1 2 3,1,3"],
    ["<% person.first %>,<% person.last %>,<% person.full %>", "Ann,Lee,Ann Lee"],
    ["<% person.greet %>,<% person.fail %>", ","],
    ["<% code %>,<% dies %>,<% maker.made %>", "called,,yes"],
    ["<% map.key %>,<% map.clear %>,<% bare %>", "mapped,,"],
    ["<%name%>|<%  name  %>|<%\nname\n%>", "ann|ann|ann"],
    ["<% name zero %>", "ann0"],
    ["<%# a comment with if %>x", "x"],
    ["<% %>no tags at all\n", "no tags at all\n"],
    ["", ""],
  ])("fills %j", (text, expected) => {
    expect(render(text, tokens)).toBe(expected);
  });

  it.each([
    "__proto__",
    "constructor",
    "constructor.name",
    "toString",
    "hasOwnProperty",
    "user.constructor",
    "user.__proto__",
    "user.valueOf",
    "user.__proto__.polluted",
    "name.constructor",
    "name.trim",
    "list.pop",
    "list.reverse",
    "list.constructor",
    "code.constructor",
    "code.name",
    "person.constructor",
    "person.toString",
    "person.prototype",
  ])("gives nothing for %s", (path) => {
    expect(render(`[<% ${path} %>]`, tokens)).toBe("[]");
    expect(tokens.list).toEqual([1, 2, 3]);
  });

  it("reads a token that is a getter only when the template uses it", () => {
    let reads = 0;
    const lazy = {
      get session() {
        reads++;
        return { user: "ann" };
      },
    };
    expect(render("nothing", lazy)).toBe("nothing");
    expect(reads).toBe(0);
    expect(render("<% session.user %>", lazy)).toBe("ann");
  });

  it("refuses to show a promise", () => {
    expect(() => render("\n<% later %>", { later: Promise.resolve(1) })).toThrow(
      new EngineError(
        "template-failed",
        'views/page.tt:2: "later" is a promise; await it before the template',
      ),
    );
  });
});

describe("choices", () => {
  const text =
    "<% if yes %>yes<% end %>|<% if no %>no<% end %>|<% if no %>a<% else %>b<% end %>|" +
    "<% if user.name %>named<% else %>anonymous<% end %>|<% if list %>list<% end %>|" +
    "<% if zero %>zero<% else %>no zero<% end %>";

  it.each([
    [{ yes: 1, no: 0, user: { name: "ann" }, list: [], zero: 0 }, "yes||b|named||no zero"],
    [{ yes: "x", no: "", user: {}, list: [1], zero: "0" }, "yes||b|anonymous|list|no zero"],
    [{ yes: true, no: false, zero: NaN }, "yes||b|anonymous||no zero"],
    [{ yes: {}, no: raw(""), zero: null }, "yes||b|anonymous||no zero"],
    [{ yes: () => true, no: () => "" }, "yes||b|anonymous||no zero"],
  ])("judges as Dancer does: %j", (tokens, expected) => {
    expect(render(text, tokens)).toBe(expected);
  });

  it("may be nested", () => {
    const nested = "<% if a %>a<% if b %>b<% else %>-<% end %>c<% else %>none<% end %>.";
    expect(render(nested, { a: 1, b: 1 })).toBe("abc.");
    expect(render(nested, { a: 1 })).toBe("a-c.");
    expect(render(nested, { b: 1 })).toBe("none.");
  });

  it("has unless", () => {
    expect(render("<% unless a %>no<% else %>yes<% end %>", { a: 0 })).toBe("no");
    expect(render("<% unless a %>no<% else %>yes<% end %>", { a: 1 })).toBe("yes");
  });
});

describe("escaping", () => {
  it.each(dangerous)("SEC-820 escapes %s", (value, shown) => {
    expect(render("<p title='<% x %>'><% x %></p>", { x: value })).toBe(
      `<p title='${shown}'>${shown}</p>`,
    );
    expect(render("<% f %>", { f: () => value })).toBe(shown);
  });

  it("inserts RawHtml and values marked raw as they are", () => {
    const tokens = { html: "<b>", marked: raw("<i>"), mixed: [raw("<i>"), "<b>"], raw: "<u>" };
    expect(render("<% raw html %> <% marked %> <% mixed %>", tokens)).toBe("<b> <i> <i> &lt;b&gt;");
    expect(render("<% raw %>", tokens)).toBe("&lt;u&gt;");
  });

  it("SEC-820 does not take data that looks like RawHtml for it", () => {
    const forged: unknown = JSON.parse('{"html":"<b>","constructor":{"name":"RawHtml"}}');
    expect(render("<% x %>", { x: forged })).toBe("[object Object]");
  });

  it("does not read tags in values", () => {
    expect(render("<% x %>", { x: "<% secret %>", secret: 1 })).toBe("&lt;% secret %&gt;");
  });
});

describe("mistakes", () => {
  it.each([
    ["a\n<% if x %>\nb", 'views/page.tt:2: "if" has no "end"'],
    ["a\nb\n<% end %>", 'views/page.tt:3: "end" without "if"'],
    ["<% else %>", 'views/page.tt:1: "else" without "if"'],
    [
      "<% unless x %>\n<% else %>\n<% else %><% end %>",
      'views/page.tt:3: a second "else" for the "unless" of line 1',
    ],
    ["\n<% if %>", 'views/page.tt:2: "if" needs a name to test'],
    ["\n\n<% name", 'views/page.tt:3: "<%" is never closed by "%>"'],
    ["<%= name %>", 'views/page.tt:1: "=" is no name; write <% user.name %>'],
    ["<%\n\n%><% a..b %>", 'views/page.tt:3: "a..b" is no name; write <% user.name %>'],
  ])("are told with file and line: %j", (text, message) => {
    expect(() => render(text)).toThrow(new EngineError("template-invalid", message));
  });
});

describe("files", () => {
  it("are read again when they change, unless they are cached", () => {
    const views = createFolder({ "page.tt": "old" });
    const file = join(views, "page.tt");
    const fresh = createSimpleTemplate(toOptions(views));
    const cached = createSimpleTemplate({ ...toOptions(views), cache: true });
    expect([fresh.render(file, {}), cached.render(file, {})]).toEqual(["old", "old"]);
    writeFileSync(file, "new");
    utimesSync(file, 1, 1);
    expect([fresh.render(file, {}), cached.render(file, {})]).toEqual(["new", "old"]);
  });

  it("may begin with a byte order mark, which is dropped", () => {
    expect(render("\uFEFFé<% x %>", { x: "ü" })).toBe("éü");
  });

  it("use the tags that the settings name", () => {
    const settings = { engines: { simple: { start_tag: "[%", stop_tag: "%]" } } };
    expect(render("[% x %] <% x %>", { x: 1 }, settings)).toBe("1 <% x %>");
  });
});

it("has the extension .tt", () => {
  expect(createSimpleTemplate(toOptions("/")).extension).toBe(".tt");
});
