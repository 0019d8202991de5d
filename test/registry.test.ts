import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineError } from "../src/errors.ts";
import { Registry } from "../src/registry.ts";
import { projectDir } from "./support/run-app.ts";

const kind = `testkind${process.pid}`;
const packages = join(projectDir, "node_modules");
const sources: Record<string, string> = {
  good: "export default (options) => `good ${options}`;",
  later: "export default async (options) => `later ${options}`;",
  empty: "export const other = 1;",
  broken: "throw new Error('cannot load');",
  needy: "import 'a-package-that-is-not-installed'; export default () => 1;",
};
const folderOf = (name: string): string => join(packages, `quickstep-${kind}-${name}`);

beforeAll(() => {
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(folderOf(name));
    writeFileSync(join(folderOf(name), "package.json"), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(folderOf(name), "index.js"), source);
  }
});

afterAll(() => {
  for (const name of Object.keys(sources)) rmSync(folderOf(name), { recursive: true });
});

const create = (): Registry<string, string> =>
  new Registry<string, string>(kind, {
    cookie: (options) => `cookie ${options}`,
    simple: (options) => Promise.resolve(`simple ${options}`),
  });

describe("a registry", () => {
  it("makes engines that are built in, at once or later", async () => {
    expect(await create().create("cookie", "a")).toBe("cookie a");
    expect(await create().create("simple", "b")).toBe("simple b");
  });

  it("makes engines that were registered, which go before built-in ones and packages", async () => {
    const registry = create();
    registry.register("mine", (options) => `mine ${options}`);
    registry.register("cookie", () => "replaced");
    registry.register("good", () => "not the package");
    expect(await registry.create("mine", "a")).toBe("mine a");
    expect(await registry.create("cookie", "a")).toBe("replaced");
    expect(await registry.create("good", "a")).toBe("not the package");
    expect(await create().create("cookie", "a")).toBe("cookie a");
  });

  it("finds an npm package by its name", async () => {
    expect(await create().create("good", "a")).toBe("good a");
    expect(await create().create("later", "a")).toBe("later a");
  });

  it.each([
    [
      "cooky",
      ` (known: cookie, simple; no package quickstep-${kind}-cooky is installed); did you mean "cookie"?`,
    ],
    [
      "nothing-like-it",
      ` (known: cookie, simple; no package quickstep-${kind}-nothing-like-it is installed)`,
    ],
    ["", ` (known: cookie, simple; no package quickstep-${kind}- is installed)`],
  ])("refuses the unknown name %j and names the nearest", async (name, rest) => {
    const made = create().create(name, "a");
    await expect(made).rejects.toBeInstanceOf(EngineError);
    await expect(made).rejects.toMatchObject({
      code: "engine-unknown",
      message: `unknown ${kind} engine "${name}"${rest}`,
    });
  });

  it.each([
    "../../etc/passwd",
    "x/../../good",
    "node:fs",
    "good/index.js",
    "%2e%2e",
    "Good",
    "constructor",
    "__proto__",
  ])("imports nothing for the name %j", async (name) => {
    await expect(create().create(name, "a")).rejects.toMatchObject({ code: "engine-unknown" });
  });

  it.each([
    ["empty", "has no default export that makes an engine"],
    ["broken", "could not be loaded"],
    ["needy", "could not be loaded"],
  ])("tells a package that is %s from one that is missing", async (name, reason) => {
    await expect(create().create(name, "a")).rejects.toMatchObject({
      code: "engine-broken",
      message: `the package quickstep-${kind}-${name} ${reason}`,
    });
  });
});
