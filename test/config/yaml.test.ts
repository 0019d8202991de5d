import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createFolder, errorOf, load, loadError } from "./support.ts";

describe("a YAML file", () => {
  it.each([
    ["an empty file", ""],
    ["only comments", "# nothing\n\n# here\n"],
    ["only a document mark", "---\n"],
    ["null", "null"],
  ])("may be %s, which sets nothing", (_title, text) => {
    expect(load({ "config.yml": text }).settings.port).toBe(3000);
  });

  it("may begin with a byte order mark and end its lines in CRLF", () => {
    const config = load({ "config.yml": "\uFEFFport: 1\r\n\r\nlayout: main\r\n" });
    expect(config.settings).toMatchObject({ port: 1, layout: "main" });
    expect(String(config.origin("port"))).toBe("config.yml:1:1");
    expect(String(config.origin("layout"))).toBe("config.yml:3:1");
    const error = loadError({ "config.yml": "\uFEFFport: x\r\n\r\nlog: x\r\n" });
    expect(error.message).toMatch(/^config.yml:1:7: .*\nconfig.yml:3:6: /);
  });

  it("SEC-706 leaves yes, no, on and off as text", () => {
    const config = load({ "config.yml": "app: { a: yes, b: no, c: on, d: off, e: true, f: ~ }" });
    expect(config.get("app")).toEqual({ a: "yes", b: "no", c: "on", d: "off", e: true, f: null });
  });

  it("gives every key and value its place, whatever the style", () => {
    const config = load({
      "config.yml": [
        "app:",
        '  "quoted key": 1',
        "  flow: {a: 1, 'b': [x, \"y\"]}",
        "  block: |",
        "    text",
        "  ? asked",
        "  : answer",
        "  7: seven",
        "  5: five",
        "  empty:",
        "  list:",
        "  - - nested",
      ].join("\n"),
    });
    const places = {
      "quoted key": "2:3",
      "flow.a": "3:10",
      "flow.b": "3:16",
      "flow.b.0": "3:22",
      "flow.b.1": "3:25",
      block: "4:3",
      asked: "6:5",
      "7": "8:3",
      "5": "9:3",
      empty: "10:3",
      "list.0.0": "12:7",
    };
    for (const [key, place] of Object.entries(places)) {
      expect(`${key} ${String(config.origin(`app.${key}`))}`).toBe(`${key} config.yml:${place}`);
    }
    expect(config.get("app")).toMatchObject({ block: "text\n", "5": "five", empty: null });
  });

  it.each([
    ["an open list", "port: 1\napp: [1, 2", "2:"],
    ["an open quote", 'port: 1\nlayout: "x', "2:"],
    ["wrong indentation", "app:\n    a: 1\n  b: 2", "3:"],
    ["a tab as indentation", "app:\n\ta: 1", "2:"],
    ["two colons", "layout: a: b", "1:"],
    ["a reserved character", "layout: @x", "1:"],
    ["an unknown escape", 'layout: "\\q"', "1:"],
    ["an unknown alias", "layout: *x", "1:9"],
    ["an alias inside what it names", "app: &a { b: *a }", "1:14"],
    ["a list at the top", "- port: 1", "1:1"],
    ["text at the top", "port 1", "1:1"],
    ["a map as a key", "app:\n  ? { a: 1 }\n  : 2", "2:5"],
    ["a second document", "port: 1\n---\nport: 2", "3:1"],
    ["a duplicate key", "port: 1\nlog: info\nport: 2", "3:1"],
    ["a duplicate key deep down", "app:\n  a: { b: 1, 'b': 2 }", "2:14"],
    ["a duplicate key of another type", "app:\n  1: a\n  '1': b", "3:3"],
    ["a prototype as a key", "app:\n  __proto__: { a: 1 }", "2:3"],
    ["a prototype at the top", "__proto__: { a: 1 }", "1:1"],
    ["a tag of YAML's own", "layout: !!str 5", "1:"],
    ["a script", "layout: !!js/function 'x'", "1:"],
    ["a tag of one's own", "layout: !mine x", "1:"],
    ["binary data", "layout: !!binary aGk=", "1:"],
    ["a timestamp", "layout: !!timestamp 2001-01-01", "1:"],
    ["a set", "app: !!set { a }", "1:"],
    ["a null byte", "layout: \0", "1:9"],
    ["a bottomless nest", `app: ${"[".repeat(1000)}`, "1:"],
  ])("SEC-706 with %s is an error with line and column", (_title, text, place) => {
    const error = loadError({ "config.yml": text });
    expect(error.code).toBe("config-syntax");
    expect(error.message).toMatch(new RegExp(`^config\\.yml:${place}`));
    expect(error.message).not.toContain("\n");
  });

  it("that the parser cannot read tells of the usual mistakes, and quotes nothing", () => {
    const { message } = loadError({ "config.yml": "app:\n  key: [hunter2\nport: 1" });
    expect(message).toMatch(/^config\.yml:3:1: .*; look there and just above for an open bracket/);
    expect(message).not.toContain("hunter2");
  });

  it("SEC-706 says of a duplicate key which one and where it was before", () => {
    expect(loadError({ "config.yml": "port: 1\nlog: info\nport: 2" }).message).toBe(
      'config.yml:3:1: the key "port" was given before, on line 1',
    );
  });

  it("may use aliases, each with its own place", () => {
    const config = load({
      "config.yml": "app:\n  a: &x { deep: [1] }\n  b: *x\n  c: &x 3\n  d: *x\n",
    });
    expect(config.get("app")).toEqual({ a: { deep: [1] }, b: { deep: [1] }, c: 3, d: 3 });
    expect(String(config.origin("app.b"))).toBe("config.yml:3:3");
    const { a, b } = config.get("app") as { a: unknown; b: unknown };
    expect(a).not.toBe(b);
  });

  it("SEC-706 that is an alias bomb is refused at once", () => {
    const level = (name: string, below: string) =>
      `  ${name}: &${name} [${Array<string>(10).fill(`*${below}`).join(", ")}]`;
    const names = ["b", "c", "d", "e", "f", "g", "h", "i"];
    const bomb = names.map((name, index) => level(name, ["a", ...names][index]!));
    const started = performance.now();
    const error = loadError({ "config.yml": ["app:", "  a: &a lol", ...bomb].join("\n") });
    expect(error.code).toBe("config-syntax");
    expect(error.message).toContain("the file stands for more than 10000 values");
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("SEC-706 stands for ten thousand values at most, what aliases repeat included", () => {
    const app = (aliases: number) => ({
      "config.yml": `app: { a: &a 1, b: [${Array<string>(aliases).fill("*a").join(", ")}] }`,
    });
    expect(load(app(9990)).get("app")).toMatchObject({ a: 1 });
    expect(loadError(app(10_000)).message).toContain("more than 10000 values; use fewer aliases");
  });

  it("SEC-706 has constructor and prototype as ordinary keys of free maps", () => {
    const config = load(
      {
        "config.yml": "app: { constructor: { prototype: { polluted: 1 } }, toString: 2 }",
        "config_local.yml": "app: { constructor: { prototype: { more: 1 } } }",
      },
      {},
    );
    expect(Object.hasOwn(config.get("app") as object, "constructor")).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { more?: unknown }).more).toBeUndefined();
    expect(loadError({ "config.yml": "constructor: 1" }).code).toBe("config-unknown-key");
  });

  it("must be UTF-8", () => {
    const appdir = createFolder();
    writeFileSync(join(appdir, "config.yml"), Buffer.from([0x61, 0x3a, 0x20, 0xe4]));
    const error = errorOf(() => loadConfig({ appdir, env: {} }));
    expect(error.message).toBe("config.yml is not UTF-8 text");
  });

  it("that is a folder is an error", () => {
    expect(loadError({ "config.yml/x": "" }).code).toBe("config-unreadable");
  });
});
