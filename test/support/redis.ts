/** Real Redis servers on loopback, each with a folder of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram, freePort, isMissing, startProgram, type RunningProgram } from "./programs.ts";

const server = findProgram("redis-server") ?? findProgram("valkey-server");
const cli = findProgram("redis-cli") ?? findProgram("valkey-cli");
const run = promisify(execFile);

/** True when the machine has no Redis; then the tests that need one are skipped, and it says so. */
export const lacksRedis = isMissing("redis-server", server);

/** A server that can be killed and started again with the data that it had written. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "quickstep-redis-"));
  readonly #args: readonly string[];
  #running: RunningProgram | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /** Starts one that writes each change to disk before it answers, unless `args` say otherwise. */
  static async start(args: readonly string[] = [], port?: number): Promise<RedisServer> {
    const made = new RedisServer(port ?? (await freePort()), args);
    await made.start();
    return made;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const where = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder];
    const kept = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
    const args = [...where, ...kept, ...this.#args];
    this.#running = await startProgram(String(server), args, /Ready to accept connections/);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#running?.kill("SIGKILL");
  }

  /** Stops answering, with connections open, until `SIGCONT`. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#running?.child.kill(signal);
  }

  /** What `redis-cli` prints for this server's answer, be it an error. */
  async ask(...command: readonly string[]): Promise<string> {
    return (await redisCli("-p", String(this.port), ...command)).trim();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What `redis-cli` prints. */
export async function redisCli(...args: readonly string[]): Promise<string> {
  return (await run(String(cli), args)).stdout;
}
