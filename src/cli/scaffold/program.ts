/** Runs other programs, npm and git, and keeps what they print until somebody needs it. */
import { spawn } from "node:child_process";

/** How a program ended. */
export interface ProgramResult {
  /** False when it failed, could not be started or ended by a signal. */
  readonly ok: boolean;
  /** True when there is no such program. */
  readonly missing: boolean;
  /** What it printed on both channels, trimmed. */
  readonly output: string;
  /** What it printed on its standard output. */
  readonly stdout: string;
}

/** Runs a program to its end; never throws. */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a script there, which only a shell runs; no argument of ours holds what it would read.
      shell: process.platform === "win32",
    });
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ ok: false, missing: error.code === "ENOENT", output: error.message, stdout: "" }),
    );
    child.once("close", (code) =>
      resolve({ ok: code === 0, missing: false, output: output.trim(), stdout: stdout.trim() }),
    );
  });
}
