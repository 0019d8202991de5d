import { afterAll, describe, expect, it } from "vitest";
import { PageFiles } from "./support/page.ts";

const page = new PageFiles("docs/engines.md");
afterAll(() => page.remove());

describe("docs/engines.md", () => {
  it("runs its engines through the contracts, which they pass", async () => {
    const tests = [...page.texts.keys()].filter((name) => name.endsWith(".test.ts"));
    expect(tests).toEqual(["braces.test.ts", "shop-json.test.ts", "plain-log.test.ts"]);
    const { code, output } = await page.test(...tests);
    expect(output).toMatch(/fail 0\b/);
    expect(Number(/pass (\d+)/.exec(output)?.[1])).toBeGreaterThan(20);
    expect(code).toBe(0);
  });

  it("compiles", async () => {
    expect(await page.compile()).toEqual([]);
  });
});
