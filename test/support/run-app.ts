/** Starts an app's main script as a process of its own, on a free port, the way `npm start` does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The top folder of this checkout. */
export const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/** An app that runs. */
export interface RunningApp {
  /** Where it listens: `http://localhost:45123`. */
  readonly url: string;
  readonly pid: number;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Waits until what it printed matches. */
  waitFor(said: RegExp): Promise<void>;
  /** What it printed so far. */
  output(): string;
  /** Sends a signal and waits until it has printed this, which it had not before. */
  signal(name: NodeJS.Signals, said: RegExp): Promise<void>;
  /** Stops it with SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
}

/** Throws with what the script printed when it ends before it listens. */
export async function runApp(
  script: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<RunningApp> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=source", script, ...args],
    {
      cwd: projectDir,
      env: childEnv({ QUICKSTEP_PORT: "0", ...env }),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = (once(child, "exit") as Promise<[number | null]>).then(([code]) => code);
  let output = "";
  const waitFor = (said: RegExp, from: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (said.test(output.slice(from))) resolve();
        else setTimeout(look, 20);
      };
      look();
    });
  const url = await new Promise<string>((resolve, reject) => {
    const onText = (text: string): void => {
      output += text;
      const found = /dancing at (http:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding("utf8").on("data", onText);
    child.stderr.setEncoding("utf8").on("data", onText);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with ${String(code)}:\n${output}`)));
  });
  return {
    url,
    output: () => output,
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    waitFor: (said) => waitFor(said, 0),
    signal: (name, said) => {
      const before = output.length;
      child.kill(name);
      return waitFor(said, before);
    },
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** The environment without what the test runner puts there, and with these variables. */
export function childEnv(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ["NODE_OPTIONS", "NODE_ENV", "NODE_TEST_CONTEXT", "PORT"]) {
    Reflect.deleteProperty(env, name);
  }
  return { ...env, ...added };
}
