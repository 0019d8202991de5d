/** One run of the app under `quickstep dev`. */
import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { stripVTControlCharacters } from "node:util";
import { SUPERVISED } from "../../server/supervised.ts";
import { nodeArguments, type AppEntry } from "../app-entry.ts";

/** How a run ended. */
export interface AppEnding {
  /** `with status 1`, `by SIGKILL`. */
  readonly how: string;
  /** The end of what it wrote to its standard error. */
  readonly output: string;
}

const keptOutput = 64 * 1024;
/** How long a run may take to finish its requests, in milliseconds, before it is killed. */
const patience = 2000;

/** A process that runs the app and serves the connections that it is given. */
export class AppProcess {
  /** Whether the app came to serve; `false` when it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<AppEnding>;
  readonly #child: ChildProcess;

  constructor(entry: AppEntry, args: readonly string[], port: number) {
    const child = fork(entry.script, args, {
      cwd: process.cwd(),
      env: { ...process.env, ...colors(), [SUPERVISED]: String(port) },
      execArgv: nodeArguments(entry),
      stdio: ["inherit", "inherit", "pipe", "ipc"],
      // Ctrl-C is for the supervisor, which stops the app in order.
      detached: true,
    });
    this.#child = child;
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      process.stderr.write(text);
      output = (output + stripVTControlCharacters(text)).slice(-keptOutput);
    });
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve({ how: "before it began", output: error.message }));
      child.once("close", (code, signal) =>
        resolve({ how: signal === null ? `with status ${String(code)}` : `by ${signal}`, output }),
      );
    });
    this.ready = Promise.race([
      new Promise<true>((resolve) => {
        child.once("message", () => resolve(true));
      }),
      this.ended.then(() => false),
    ]);
  }

  /** Lets the app serve a connection from which nothing has been read. */
  serve(socket: Socket): void {
    if (this.#child.connected) this.#child.send("connection", socket);
    else socket.destroy();
  }

  /** Lets it finish its requests, or ends it by force where that takes too long. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => {
      process.stderr.write(
        `some requests ran for more than ${patience / 1000} s and were cut off\n`,
      );
      this.#child.kill("SIGKILL");
    }, patience);
    await this.ended;
    clearTimeout(force);
  }
}

/** The app writes into a pipe, and cannot see that a terminal stands behind it. */
function colors(): NodeJS.ProcessEnv {
  const shown = process.stderr.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return shown ? { FORCE_COLOR: process.env["FORCE_COLOR"] ?? "1" } : {};
}
