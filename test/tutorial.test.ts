/** docs/tutorial.md: its steps are taken one after the other, and each must show what the page says. */
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readTemplate } from "../src/cli/scaffold/template.ts";
import { writeKeyFile } from "../src/cli/session-key.ts";
import { findProgram, freePort, isMissing, startProgram } from "./support/programs.ts";
import { childEnv, projectDir } from "./support/run-app.ts";
import { cliArguments } from "./support/run-cli.ts";

/** A file that a step makes or changes, a line of a shell that it runs, or one whose output it shows. */
type Action =
  | { readonly kind: "file" | "diff"; readonly file: string; readonly text: string }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "show"; readonly command: string; readonly output: string };

interface Step {
  readonly title: string;
  readonly actions: readonly Action[];
}

const page = readFileSync(join(projectDir, "docs/tutorial.md"), "utf8");
const steps = readSteps(page);
const folder = mkdtempSync(join(projectDir, "test/tmp-tutorial-"));
const app = join(folder, "board");
const lacksCurl = isMissing("curl", findProgram("curl"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(lacksCurl)("the tutorial", () => {
  let port: number;
  let env: NodeJS.ProcessEnv;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    port = await freePort();
    env = childEnv({ QUICKSTEP_PORT: String(port), NODE_OPTIONS: "--conditions=source" });
  });
  afterEach(async () => {
    await stop?.();
    stop = undefined;
  });

  it("has about ten steps, each of which shows something", () => {
    expect(steps.length).toBeGreaterThanOrEqual(9);
    expect(steps.length).toBeLessThanOrEqual(12);
    for (const { title, actions } of steps) {
      expect(
        actions.some(({ kind }) => kind === "show"),
        title,
      ).toBe(true);
    }
  });

  it.each(steps)(
    "$title",
    async ({ actions }) => {
      for (const action of actions) {
        if (action.kind === "file") write(action.file, action.text);
        if (action.kind === "diff") write(action.file, applyDiff(read(action.file), action));
        if (action.kind === "run") await run(action.command);
        if (action.kind === "show") {
          // `npm run dev` runs on from step to step and sees what changes; here it is started anew.
          if (stop === undefined) await serve("dev");
          const { stdout, stderr } = await shell(local(action.command));
          expect(stdout, action.command + stderr).toMatch(pattern(local(action.output)));
        }
      }
    },
    120_000,
  );

  async function run(command: string): Promise<void> {
    const [, script] = /^npm (?:run (?=dev$))?(dev|start)$/.exec(command) ?? [];
    if (script !== undefined) {
      await serve(script);
    } else if (command.includes(" new ")) {
      makeApp(command);
    } else if (command !== "cd board") {
      const { stderr } = await shell(command);
      expect(stderr, command).toBe("");
    }
  }

  /** Runs a script of the app's own, without npm between it and the signal that ends it. */
  async function serve(script: string): Promise<void> {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const [program, ...args] = (scripts[script] ?? "").split(" ");
    expect(program).toBe("quickstep");
    const running = await startProgram(
      process.execPath,
      [...cliArguments, ...args],
      new RegExp(`dancing at http://[^\n]*:${port}\\b`),
      { cwd: app, env },
    );
    stop = () => running.kill("SIGTERM");
  }

  /** What a command printed; that it failed shows in what it did not print. */
  async function shell(command: string): Promise<{ stdout: string; stderr: string }> {
    type Printed = Awaited<typeof done>;
    const done = promisify(execFile)("sh", ["-c", command], { cwd: app, env });
    const { stdout, stderr } = await done.catch((error: unknown) => error as Printed);
    return { stdout: stdout.replaceAll("\r", "").trimEnd(), stderr };
  }

  function local(text: string): string {
    return text.replaceAll("localhost:3000", `localhost:${port}`);
  }
});

/** What `quickstep new` writes, with this checkout in the place of the package that it would install. */
function makeApp(command: string): void {
  const [, name = "", template = ""] = / new (\S+) --template (\S+)$/.exec(command) ?? [];
  expect([name, template]).toEqual(["board", "minimal"]);
  for (const [file, text] of readTemplate("minimal", name)) write(file, text);
  writeKeyFile(app);
  mkdirSync(join(app, "node_modules/.bin"), { recursive: true });
  symlinkSync(projectDir, join(app, "node_modules/quickstep"));
  const bin = join(app, "node_modules/.bin/quickstep");
  const words = [process.execPath, ...cliArguments].map((word) => `'${word}'`).join(" ");
  writeFileSync(bin, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(bin, 0o755);
  const options =
    '"noEmit": true,\n    "customConditions": ["source"],\n    "preserveSymlinks": true';
  write("tsconfig.json", read("tsconfig.json").replace('"noEmit": true', options));
}

function readSteps(markdown: string): Step[] {
  return markdown.split(/^## (?=\d)/m).flatMap((chapter, index) => {
    if (index === 0) return [];
    const [title = ""] = chapter.split("\n");
    const actions: Action[] = [];
    const blocks = /(?:^\*\*(\S+)\*\*\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm;
    for (const [, file, language, text = ""] of chapter.matchAll(blocks)) {
      if (file !== undefined) {
        actions.push({ kind: language === "diff" ? "diff" : "file", file, text });
      } else if (language === "sh") {
        for (const command of text.trim().split("\n")) actions.push({ kind: "run", command });
      } else {
        expect(language).toBe("console");
        for (const shown of text.split(/^\$ /m).slice(1)) {
          const [command = "", ...lines] = shown.trimEnd().split("\n");
          actions.push({ kind: "show", command, output: lines.join("\n") });
        }
      }
    }
    return [{ title, actions }];
  });
}

/** Puts each part of a diff, which `@@` ends, where its old lines stand: in exactly one place. */
function applyDiff(
  old: string,
  { file, text }: { readonly file: string; readonly text: string },
): string {
  let result = old;
  for (const hunk of text.split(/^@@\n/m)) {
    const lines = hunk.trimEnd().split("\n");
    const side = (sign: string): string =>
      lines
        .filter((line) => line === "" || line.startsWith(" ") || line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    const before = side("-");
    const places = `\n${result}`.split(`\n${before}`).length - 1;
    expect(places, `in ${file}, places of\n${before}`).toBe(1);
    result = `\n${result}`.replace(`\n${before}`, () => `\n${side("+")}`).slice(1);
  }
  return result;
}

/** A pattern of what is shown; `…` stands for anything. */
function pattern(output: string): RegExp {
  const parts = output.split("…").map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*?")}$`);
}

function read(file: string): string {
  return readFileSync(join(app, file), "utf8");
}

function write(file: string, text: string): void {
  const path = join(app, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
