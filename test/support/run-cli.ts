/** Runs the command line from its sources, to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnv, projectDir } from "./run-app.ts";

/** How a command ended, and what it said. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The main script of the command line. */
export const cliScript = join(projectDir, "src/cli/main.ts");

const loader = join(projectDir, "node_modules/tsx/dist/loader.mjs");

/** The arguments that make node run it. */
export const cliArguments = ["--import", `file://${loader}`, "--conditions=source", cliScript];

/** Runs `quickstep` with these arguments in this folder. */
export async function runCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [...cliArguments, ...args], {
    cwd,
    env: childEnv(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
