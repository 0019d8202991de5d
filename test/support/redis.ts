/** Real Redis servers on loopback, each with a folder of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram, freePort, isMissing, startProgram, type RunningProgram } from "./programs.ts";

const server = findProgram("redis-server") ?? findProgram("valkey-server");
const cli = findProgram("redis-cli") ?? findProgram("valkey-cli");

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
  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const made = new RedisServer(await freePort(), args);
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

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A cluster of three nodes. */
export async function startRedisCluster(): Promise<readonly RedisServer[]> {
  const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
  const nodes = await Promise.all([1, 2, 3].map(() => RedisServer.start(args)));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const run = promisify(execFile);
  await run(String(cli), ["--cluster", "create", ...addresses, "--cluster-yes"]);
  for (const { port } of nodes) {
    for (;;) {
      const { stdout } = await run(String(cli), ["-p", String(port), "cluster", "info"]);
      if (stdout.includes("cluster_state:ok")) break;
    }
  }
  return nodes;
}
