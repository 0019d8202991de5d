import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, describe, expect, it } from "vitest";
import { sessionStoreContract } from "../src/testing/session-store-contract.ts";
import { childEnv, projectDir, runApp } from "./support/run-app.ts";

const page = readFileSync(join(projectDir, "docs/session-engines.md"), "utf8");
const folder = mkdtempSync(join(projectDir, "test/tmp-session-engines-"));
const files = new Map<string, string>();
for (const [, text = "", name = ""] of page.matchAll(/^```ts\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)) {
  files.set(name, text);
  writeFileSync(join(folder, name), text);
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("docs/session-engines.md", () => {
  it("holds a complete engine in about 40 lines", () => {
    expect([...files.keys()]).toEqual(["map-store.ts", "map-store.test.ts", "app.ts"]);
    expect(files.get("map-store.ts")!.split("\n").length).toBeLessThan(50);
  });

  it("SEC-606 runs its engine through the contract, which it passes", async () => {
    const cases = sessionStoreContract({ create: () => expect.unreachable() }).length;
    const { code, output } = await run(["--test", join(folder, "map-store.test.ts")]);
    expect(output).toMatch(new RegExp(`pass ${cases}\\b`));
    expect(output).toMatch(/fail 0\b/);
    expect(code).toBe(0);
  });

  it("compiles", async () => {
    const config = { extends: "../../tsconfig.json", include: ["*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(projectDir, "node_modules/typescript/bin/tsc");
    const { output } = await run([tsc, "--noEmit", "--pretty", "false", "-p", folder]);
    expect(output.split("\n").filter((line) => /tmp-session-engines|^error/.test(line))).toEqual(
      [],
    );
  });

  it("shows how an app uses the engine", async () => {
    const app = await runApp(join(folder, "app.ts"));
    const first = await request(`${app.url}/`);
    expect(await first.body.text()).toBe("visit 1");
    const cookie = String(first.headers["set-cookie"]).split(";")[0]!;
    const second = await request(`${app.url}/`, { headers: { cookie } });
    expect(await second.body.text()).toBe("visit 2");
    await app.stop();
  });
});

async function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=source", ...args], {
    cwd: projectDir,
    env: childEnv(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
