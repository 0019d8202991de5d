/** Programs that some tests need: where they are, how they are started, and what is said when one is missing. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { delimiter, join } from "node:path";

/** Where a program is: in a folder of PATH, or in one of these. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...path, ...folders].map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** True when a test has to be skipped for want of a program, which it says; under CI=true it throws. */
export function isMissing(name: string, found: unknown): boolean {
  if (found !== undefined) return false;
  if (process.env["CI"] === "true")
    throw new Error(`${name} is not installed, and CI skips nothing`);
  process.stderr.write(`skipped: the tests that need ${name}, which is not installed\n`);
  return true;
}

/** A port of 127.0.0.1 that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A program that runs until it is told to stop. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Sends a signal and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program and waits until it has printed what `ready` matches. */
export async function startProgram(
  file: string,
  args: readonly string[],
  ready: RegExp,
  options: SpawnOptions = {},
): Promise<RunningProgram> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let output = "";
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (ready.test(output)) resolve();
      });
    }
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${file} ended:\n${output}`)));
  });
  return {
    child,
    kill: async (signal = "SIGKILL") => {
      child.kill(signal);
      await exited;
    },
  };
}
