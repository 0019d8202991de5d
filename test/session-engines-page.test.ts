import { join } from "node:path";
import { request } from "undici";
import { afterAll, describe, expect, it } from "vitest";
import { sessionStoreContract } from "../src/testing/session-store-contract.ts";
import { PageFiles } from "./support/page.ts";
import { runApp } from "./support/run-app.ts";

const page = new PageFiles("docs/session-engines.md");
afterAll(() => page.remove());

describe("docs/session-engines.md", () => {
  it("holds a complete engine in about 40 lines", () => {
    expect([...page.texts.keys()]).toEqual(["map-store.ts", "map-store.test.ts", "app.ts"]);
    expect(page.texts.get("map-store.ts")!.split("\n").length).toBeLessThan(50);
  });

  it("SEC-606 runs its engine through the contract, which it passes", async () => {
    const cases = sessionStoreContract({ create: () => expect.unreachable() }).length;
    const { code, output } = await page.test("map-store.test.ts");
    expect(output).toMatch(new RegExp(`pass ${cases}\\b`));
    expect(output).toMatch(/fail 0\b/);
    expect(code).toBe(0);
  });

  it("compiles", async () => {
    expect(await page.compile()).toEqual([]);
  });

  it("shows how an app uses the engine", async () => {
    const app = await runApp(join(page.folder, "app.ts"));
    const first = await request(`${app.url}/`);
    expect(await first.body.text()).toBe("visit 1");
    const cookie = String(first.headers["set-cookie"]).split(";")[0]!;
    const second = await request(`${app.url}/`, { headers: { cookie } });
    expect(await second.body.text()).toBe("visit 2");
    await app.stop();
  });
});
