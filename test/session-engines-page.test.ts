import { join } from "node:path";
import { request } from "undici";
import { afterAll, describe, expect, it } from "vitest";
import type {
  RevocationList,
  RevocationListOptions,
} from "../src/engines/revocation/revocation-list.ts";
import { revocationListContract } from "../src/testing/revocation-list-contract.ts";
import { sessionStoreContract } from "../src/testing/session-store-contract.ts";
import { createApp, visit } from "./support/app.ts";
import { PageFiles } from "./support/page.ts";
import { runApp } from "./support/run-app.ts";

const page = new PageFiles("docs/session-engines.md");
afterAll(() => page.remove());

describe("docs/session-engines.md", () => {
  it("holds a complete engine in about 40 lines", () => {
    const files = [
      "map-store.ts",
      "map-store.test.ts",
      "app.ts",
      "map-list.ts",
      "map-list.test.ts",
    ];
    expect([...page.texts.keys()]).toEqual(files);
    expect(page.texts.get("map-store.ts")!.split("\n").length).toBeLessThan(50);
  });

  it("SEC-606 runs its engine and its list through the contracts, which they pass", async () => {
    const create = () => expect.unreachable();
    const cases = [...sessionStoreContract({ create }), ...revocationListContract({ create })];
    const { code, output } = await page.test("map-store.test.ts", "map-list.test.ts");
    expect(output).toMatch(new RegExp(`pass ${cases.length}\\b`));
    expect(output).toMatch(/fail 0\b/);
    expect(code).toBe(0);
  });

  it("SEC-406 ends copies of cookies by its list", async () => {
    const { createMapList } = (await import(join(page.folder, "map-list.ts"))) as {
      createMapList: (options: RevocationListOptions) => RevocationList;
    };
    const app = createApp({ session_revocation: "map" }, (made) => {
      made.engine("revocation").register("map", createMapList);
      made.get("/login", ({ session }) => session("name", "ada"));
      made.get("/name", ({ session }) => session("name") ?? "nobody");
      made.get("/logout", ({ session }) => session().destroy());
    });
    const visitor = visit(app);
    await visitor.get("/login");
    const copy = visitor.copy();
    expect((await copy.get("/name")).text).toBe("ada");
    await visitor.get("/logout");
    expect((await copy.get("/name")).text).toBe("nobody");
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
