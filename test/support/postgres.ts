/** A real PostgreSQL server on loopback, in a folder of its own, as a user that is not root. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { findProgram, freePort, isMissing, startProgram, type RunningProgram } from "./programs.ts";

const debian = "/usr/lib/postgresql";
const folders = existsSync(debian)
  ? readdirSync(debian).map((version) => join(debian, version, "bin"))
  : [];
const server = findProgram("postgres", folders);
const initdb = findProgram("initdb", folders);

/** True when the machine has no PostgreSQL; then the tests that need it are skipped, and it says so. */
export const lacksPostgres = isMissing("postgresql", server);

/** PostgreSQL refuses to run as root; then it runs as nobody. */
const user = userInfo().uid === 0 ? idsOf("nobody") : {};

/** A server that can be killed and started again. */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  #running: RunningProgram | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "quickstep-postgres-"));
    if (user.uid !== undefined) execFileSync("chown", [`${user.uid}:${user.gid}`, folder]);
    chmodSync(folder, 0o700);
    const args = ["-D", folder, "-U", "quickstep", "--auth=trust", "--no-sync", "-E", "UTF8"];
    execFileSync(String(initdb), args, { ...user, cwd: folder, stdio: "ignore" });
    const made = new PostgresServer(await freePort(), folder);
    await made.start();
    return made;
  }

  get url(): string {
    return `postgres://quickstep@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const args = ["-D", this.#folder, "-p", String(this.port), "-k", this.#folder];
    args.push("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off");
    const ready = /database system is ready to accept connections/;
    const options = { ...user, cwd: this.#folder };
    this.#running = await startProgram(String(server), args, ready, options);
  }

  /** Stops at once, with every connection, as if the machine had lost power. */
  async kill(): Promise<void> {
    await this.#running?.kill("SIGQUIT");
  }

  /** Stops answering, with connections open, until `SIGCONT`: each connection has a process of its own. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    const pid = Number(this.#running?.child.pid);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    for (const one of [pid, ...children.map(Number)]) if (one > 0) process.kill(one, signal);
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function idsOf(name: string): { uid?: number; gid?: number } {
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
