/** The programs that a page of the documentation holds, as files that can be run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { childEnv, projectDir } from "./run-app.ts";

/** The files of one page, in a folder of the project where `quickstep` is found. */
export class PageFiles {
  /** What each file holds, by the name that its first line gives: `// map-store.ts`. */
  readonly texts = new Map<string, string>();
  readonly folder: string;

  /** @param page relative to the project, such as `docs/engines.md` */
  constructor(page: string) {
    this.folder = mkdtempSync(join(projectDir, `test/tmp-${basename(page, ".md")}-`));
    const text = readFileSync(join(projectDir, page), "utf8");
    for (const [, file = "", name = ""] of text.matchAll(/^```ts\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)) {
      this.texts.set(name, file);
      writeFileSync(join(this.folder, name), file);
    }
  }

  /** Runs these files with node's own test runner. */
  test(...names: readonly string[]): Promise<Ended> {
    return run(["--test", ...names.map((name) => join(this.folder, name))]);
  }

  /** What the compiler has against the files, a line each. */
  async compile(): Promise<string[]> {
    const config = { extends: "../../tsconfig.json", include: ["*.ts"] };
    writeFileSync(join(this.folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(projectDir, "node_modules/typescript/bin/tsc");
    const { output } = await run([tsc, "--noEmit", "--pretty", "false", "-p", this.folder]);
    const own = basename(this.folder);
    return output.split("\n").filter((line) => line.includes(own) || line.startsWith("error"));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs node on our sources with these arguments, to its end. */
export async function run(args: readonly string[]): Promise<Ended> {
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
