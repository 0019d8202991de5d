import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/app.ts";
import { projectDir } from "../support/run-app.ts";
import { runCli } from "../support/run-cli.ts";

describe("quickstep version", () => {
  it.each(["version", "--version", "-v"])("tells the versions: %s", async (word) => {
    const manifest = readFileSync(join(projectDir, "package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await runCli([word], tempFolder())).toEqual({
      code: 0,
      stdout: `quickstep ${version}, node ${process.versions.node}\n`,
      stderr: "",
    });
  });
});

describe("quickstep inside an app", () => {
  const say = 'process.stdout.write(`the app\'s own: ${process.argv.slice(2).join(" ")}`);\n';

  it("hands over to the app's own Quickstep, from folders of the app too", async () => {
    const app = appWithOwn({ "main.js": say });
    mkdirSync(join(app, "views"));
    for (const folder of [app, join(app, "views")]) {
      const { code, stdout, stderr } = await runCli(["routes", "--json"], folder);
      expect([code, stdout, stderr]).toEqual([0, "the app's own: routes --json", ""]);
    }
  });

  it("ends as that one ends", async () => {
    const app = appWithOwn({ "main.js": "process.exitCode = 7;\n" });
    expect(await runCli(["version"], app)).toEqual({ code: 7, stdout: "", stderr: "" });
  });

  it("does the work itself where that one has not been built", async () => {
    const { code, stdout } = await runCli(["version"], appWithOwn({}));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^quickstep /)]);
  });

  /** An app in whose packages there is another Quickstep, with these files. */
  function appWithOwn(files: Readonly<Record<string, string>>): string {
    const app = tempFolder();
    const own = join(app, "node_modules/quickstep");
    mkdirSync(own, { recursive: true });
    const manifest = { name: "quickstep", type: "module", bin: { quickstep: "./main.js" } };
    writeFileSync(join(own, "package.json"), JSON.stringify(manifest));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
    return app;
  }
});

describe("quickstep secret", () => {
  it("makes another key each time, of 32 bytes", async () => {
    const folder = tempFolder();
    const replies = await Promise.all([runCli(["secret"], folder), runCli(["secret"], folder)]);
    for (const { code, stdout } of replies) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^hex:[0-9a-f]{64}\n$/);
    }
    expect(replies[0].stdout).not.toBe(replies[1].stdout);
  });
});

describe("quickstep", () => {
  it("lists the commands, with status 2 when none was named", async () => {
    const [bare, asked] = await Promise.all([
      runCli([], tempFolder()),
      runCli(["--help"], tempFolder()),
    ]);
    expect([bare.code, asked.code]).toEqual([2, 0]);
    expect(bare.stdout).toBe(asked.stdout);
    for (const name of ["new", "dev", "start", "routes", "config", "secret", "version"]) {
      expect(asked.stdout).toMatch(new RegExp(`^ {2}${name} {2,}\\w`, "m"));
    }
  });

  it("has a chapter for each command in docs/command-line.md", async () => {
    const { stdout } = await runCli(["--help"], tempFolder());
    const [list = ""] = stdout.split("\n\n").slice(1);
    const commands = [...list.matchAll(/^ {2}(\S+(?: \S+)*) {2,}/gm)].map(([, name]) => name);
    const page = readFileSync(join(projectDir, "docs/command-line.md"), "utf8");
    const chapters = [...page.matchAll(/^## quickstep (.+)$/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(7);
    expect(chapters).toEqual(commands);
  });

  it("refuses an option and an argument that a command does not know", async () => {
    for (const [word, problem] of [
      ["--prot", "'--prot'"],
      ["now", '"now"'],
    ] as const) {
      const { code, stderr } = await runCli(["version", word], tempFolder());
      expect(code).toBe(2);
      expect(stderr).toContain(problem);
      expect(stderr).toContain("Usage: quickstep version");
    }
  });
});
