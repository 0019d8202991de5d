import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findNameProblem } from "../../src/cli/scaffold/app-name.ts";
import { TargetFolder } from "../../src/cli/scaffold/target-folder.ts";
import { tempFolder } from "../support/app.ts";
import { runCli } from "../support/run-cli.ts";

describe("the name of a new app", () => {
  it.each(["shop", "my-app", "a1", "prices.v2", "link_board"])("SEC-713 may be %j", (name) => {
    expect(findNameProblem(name)).toBeUndefined();
  });

  it.each([
    "..",
    ".",
    "",
    "../shop",
    "/tmp/shop",
    "a/b",
    "a\\b",
    ".hidden",
    "-rf",
    "--template",
    "Shop",
    "my app",
    "my\nапп",
    "café",
    "shop;rm",
    "$HOME",
    "a..b",
    "shop.",
    "x".repeat(65),
    "node_modules",
    "quickstep",
    "fs",
    "con",
    "aux.txt",
    "lpt1",
  ])("SEC-713 cannot be %j", (name) => {
    expect(findNameProblem(name)).toBeTypeOf("string");
  });
});

describe("quickstep new", () => {
  it("SEC-713 refuses a bad name and writes nothing", async () => {
    const folder = tempFolder();
    const { code, stderr } = await runCli(["new", "../shop"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('"../shop" cannot be the name of an app');
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(join(folder, ".."))).not.toContain("shop");
  });

  it("SEC-713 refuses a folder that is not empty and changes nothing in it", async () => {
    const folder = tempFolder({ "shop/app.ts": "mine", "shop/notes/a.txt": "mine too" });
    const { code, stderr } = await runCli(["new", "shop"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('the folder "shop" is not empty (app.ts, notes)');
    expect(readdirSync(join(folder, "shop"))).toEqual(["app.ts", "notes"]);
    expect(readFileSync(join(folder, "shop/app.ts"), "utf8")).toBe("mine");
  });

  it("SEC-713 refuses a folder that is a symbolic link", async () => {
    const folder = tempFolder({ "elsewhere/.keep": "" });
    symlinkSync(join(folder, "elsewhere"), join(folder, "shop"));
    const { code, stderr } = await runCli(["new", "shop", "--overwrite"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('"shop" is a symbolic link');
    expect(readdirSync(join(folder, "elsewhere"))).toEqual([".keep"]);
  });

  it("refuses a file of that name", async () => {
    const folder = tempFolder({ shop: "a file" });
    const { code, stderr } = await runCli(["new", "shop", "--overwrite"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('"shop" is there already and is no folder');
  });

  it("asks nothing where there is no terminal, and says what is missing", async () => {
    const { code, stderr } = await runCli(["new"], tempFolder());
    expect(code).toBe(2);
    expect(stderr).toContain("the app needs a name\nUsage: quickstep new");
  });

  it("names the templates that there are", async () => {
    const { code, stderr } = await runCli(
      ["new", "shop", "--template", "minimalist"],
      tempFolder(),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('no template "minimalist" (known: app, api, minimal); did you mean');
  });
});

describe("the folder of a new app", () => {
  it("SEC-713 replaces only what is in the way, and only when told to", () => {
    const parent = tempFolder({ "shop/app.ts": "old", "shop/own.ts": "own" });
    const careful = new TargetFolder(parent, "shop", { overwrite: false });
    expect(() => careful.check(["app.ts"])).toThrow(/is not empty/);
    expect(() => careful.write("app.ts", "new")).toThrow(/EEXIST/);
    const bold = new TargetFolder(parent, "shop", { overwrite: true });
    bold.check(["app.ts"]);
    bold.write("app.ts", "new");
    expect(readFileSync(join(parent, "shop/app.ts"), "utf8")).toBe("new");
    expect(readFileSync(join(parent, "shop/own.ts"), "utf8")).toBe("own");
  });

  it.each([
    ["a folder", "views", "views/layouts/main.eta"],
    ["a file", "app.ts", "app.ts"],
  ])("SEC-713 never writes through %s that is a link", (_what, link, file) => {
    const parent = tempFolder({ "outside/app.ts": "safe", "shop/own.ts": "own" });
    mkdirSync(join(parent, "outside/layouts"));
    const goal = link === "views" ? "outside" : "outside/app.ts";
    symlinkSync(join(parent, goal), join(parent, "shop", link));
    const target = new TargetFolder(parent, "shop", { overwrite: true });
    expect(() => target.check([file])).toThrow(`"shop/${link}" is a symbolic link`);
    expect(() => target.write(file, "x")).toThrow(`"shop/${link}" is a symbolic link`);
    expect(readFileSync(join(parent, "outside/app.ts"), "utf8")).toBe("safe");
    expect(readdirSync(join(parent, "outside/layouts"))).toEqual([]);
  });

  it("SEC-713 refuses a link that leads nowhere", () => {
    const parent = tempFolder();
    mkdirSync(join(parent, "shop"));
    symlinkSync(join(parent, "nowhere"), join(parent, "shop/.env"));
    const target = new TargetFolder(parent, "shop", { overwrite: true });
    expect(() => target.check([".env"])).toThrow(/symbolic link/);
  });

  it("accepts an empty folder, and one that holds nothing but a repository", () => {
    const parent = tempFolder();
    mkdirSync(join(parent, "shop/.git"), { recursive: true });
    const target = new TargetFolder(parent, "shop", { overwrite: false });
    target.check(["app.ts"]);
    target.write("app.ts", "new");
    expect(readFileSync(join(parent, "shop/app.ts"), "utf8")).toBe("new");
  });

  it("says which of a file and a folder is in the way", () => {
    const parent = tempFolder({ "shop/views": "a file" });
    mkdirSync(join(parent, "shop/app.ts"));
    writeFileSync(join(parent, "shop/x"), "");
    const target = new TargetFolder(parent, "shop", { overwrite: true });
    expect(() => target.check(["views/index.eta"])).toThrow('"shop/views" is in the way: a folder');
    expect(() => target.check(["app.ts"])).toThrow('"shop/app.ts" is in the way: a file');
  });
});
