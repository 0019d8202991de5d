import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, tempFolder, visit } from "../support/app.ts";
import { projectDir, runApp } from "../support/run-app.ts";

const good = (n: number): string =>
  `app:\n  a: ${n}\n  b: ${n}\nlog: ${n % 2 ? "info" : "debug"}\n`;

/** An app whose configuration lies in a folder of its own. */
function bench(text: string) {
  const appdir = tempFolder({ "config.yml": text });
  const app = createApp({}, define, { appdir });
  const write = (changed: string): void => writeFileSync(join(appdir, "config.yml"), changed);
  return { app, write, client: visit(app) };
}

function define(app: App): void {
  app.get("/app", ({ settings }) => settings.app);
  app.get("/slow", async ({ settings }) => {
    const { app: own, log } = settings;
    await new Promise((resolve) => setImmediate(resolve));
    return [own["a"], own["b"], log];
  });
}

describe("reloading the configuration", () => {
  it("SEC-711 takes over what is read at each use, and names what needs a new start", async () => {
    const { app, write, client } = bench(good(1));
    expect((await client.get("/app")).json).toEqual({ a: 1, b: 1 });
    write(`${good(2)}max_body_size: 5 kB\nsession_lifetime: 2 days\n`);
    expect((await app.reload()).sort()).toEqual(["max_body_size", "session_lifetime"]);
    expect((await client.get("/app")).json).toEqual({ a: 2, b: 2 });
    expect([app.settings.log, app.settings.max_body_size]).toEqual(["debug", 1_048_576]);
    expect(String(app.config.origin("log"))).toBe("config.yml:4:1");
    write("");
    expect(await app.reload()).toEqual([]);
    expect((await client.get("/app")).json).toEqual({});
  });

  it.each([
    ["that is no YAML", `${good(2)}  x: [`],
    ["with an unknown name", `${good(2)}lgo: debug\n`],
    ["with a wrong type at its end", `${good(2)}show_errors: perhaps\n`],
    ["with a variable that is missing", `${good(2)}error_template: \${NOT_THERE}\n`],
  ])("SEC-711 leaves everything as it was for a file %s", async (_what, broken) => {
    const { app, write, client } = bench(good(1));
    await client.get("/app");
    write(broken);
    await expect(app.reload()).rejects.toThrow("config.yml:");
    expect((await client.get("/app")).json).toEqual({ a: 1, b: 1 });
    expect(app.settings.log).toBe("info");
  });

  it("SEC-711 shows no request a mixture of two files", async () => {
    const { app, write, client } = bench(good(0));
    await client.get("/app");
    const seen = new Set<number>();
    for (let n = 1; n <= 20; n += 1) {
      write(n % 3 === 0 ? `${good(n)}broken` : good(n));
      const requests = Array.from({ length: 5 }, () => client.get("/slow"));
      await app.reload().catch(() => undefined);
      for (const reply of await Promise.all(requests)) {
        const [a, b, log] = reply.json as [number, number, string];
        seen.add(a);
        expect([b, log]).toEqual([a, a % 2 ? "info" : "debug"]);
      }
    }
    expect(seen.size).toBeGreaterThan(3);
    expect([...seen].filter((n) => n > 0 && n % 3 === 0)).toEqual([]);
  });

  it("SEC-710 refuses what production would have refused at start", async () => {
    const appdir = tempFolder({ "config.yml": "session: null\n" });
    const settings = { session: null };
    const app = createApp(settings, define, { appdir, environment: "production" });
    await visit(app).get("/app");
    writeFileSync(join(appdir, "config.yml"), "show_errors: true\n");
    await expect(app.reload()).rejects.toThrow('"show_errors" shows stack traces');
    expect(app.settings.show_errors).toBeNull();
  });

  it("keeps what set() said in code", async () => {
    const { app, write } = bench(good(1));
    app.set("app", { b: "mine" });
    write(good(2));
    await app.reload();
    expect(app.settings.app).toEqual({ a: 2, b: "mine" });
  });

  it("SEC-711 happens on SIGHUP, and the log says what came of it", async () => {
    // Below the project, so that its packages are found.
    const folder = tempFolder({}, join(projectDir, "test"));
    const main = `import { dance, get, setting } from "quickstep";
      get("/", () => setting("app").word);
      await dance();`;
    writeFileSync(join(folder, "main.ts"), main);
    writeFileSync(join(folder, "config.yml"), "app: { word: one }\n");
    const app = await runApp(join(folder, "main.ts"));
    try {
      const word = async (): Promise<string> => (await fetch(app.url)).text();
      expect(await word()).toBe("one");
      writeFileSync(join(folder, "config.yml"), "app: { word: two\n");
      await app.signal("SIGHUP", /SIGHUP: the configuration stays as it was: config.yml:/);
      expect(await word()).toBe("one");
      writeFileSync(join(folder, "config.yml"), "app: { word: two }\nmax_body_size: 1\n");
      await app.signal("SIGHUP", /anew; these need a new start: max_body_size/);
      expect(await word()).toBe("two");
      expect(await app.stop()).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
