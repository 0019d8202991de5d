import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/app.ts";
import { runCli } from "../support/run-cli.ts";

const built = "process.stdout.write(`${process.env.NODE_ENV} ${process.argv.slice(2)}\\n`);";

/** An app of one source and what was compiled from it, changed this many seconds apart. */
function createBuilt(secondsLater: number, source = "app.ts"): string {
  const folder = tempFolder({
    "package.json": '{"type":"module"}',
    [source]: "export {};",
    "dist/app.js": built,
  });
  const compiled = Date.parse("2026-01-05T00:00:00Z") / 1000;
  utimesSync(join(folder, "dist/app.js"), compiled, compiled);
  utimesSync(join(folder, source), compiled, compiled + secondsLater);
  return folder;
}

describe("quickstep start", () => {
  it("warns of a source that is newer than what was compiled, and runs that all the same", async () => {
    const reply = await runCli(["start"], createBuilt(5));
    expect(reply).toEqual({
      code: 0,
      stdout: "production \n",
      stderr: `app.ts is newer than ${join("dist", "app.js")}; npm run build compiles it\n`,
    });
  });

  it.each([
    ["older sources", -5, "app.ts"],
    ["newer declarations", 5, "types.d.ts"],
    ["newer files that are not compiled", 5, "notes.md"],
  ])("says nothing about %s", async (_what, secondsLater, source) => {
    const reply = await runCli(["start"], createBuilt(secondsLater, source));
    expect(reply).toEqual({ code: 0, stdout: "production \n", stderr: "" });
  });

  it("leaves the environment that is set, and hands the options on", async () => {
    const reply = await runCli(["start", "--port", "4000"], createBuilt(-5), {
      NODE_ENV: "staging",
    });
    expect(reply.stdout).toBe("staging --port,4000\n");
  });

  it("says what to run when nothing was compiled", async () => {
    const { code, stderr } = await runCli(["start"], tempFolder({ "app.ts": "export {};" }));
    expect(code).toBe(1);
    expect(stderr).toContain("app.ts has not been compiled; run: npm run build");
  });
});
