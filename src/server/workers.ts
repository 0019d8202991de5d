/** Several processes on one machine: node's cluster, under a primary that watches over it. */
import cluster, { type Worker } from "node:cluster";
import { availableParallelism } from "node:os";
import { ConfigError } from "../errors.ts";
import type { Settings } from "../config/settings.ts";
import { urlOf, type Servable } from "./server.ts";

/** What the primary needs of its app. */
export type Watched = Pick<Servable, "settings" | "log">;

/** A worker that ends this often within a minute is not started again: something is wrong with the app. */
const MOST_RESTARTS = 5;
const MINUTE = 60_000;
/** The variable that tells a worker which one it is. */
const NUMBER = "QUICKSTEP_CLUSTER_NUMBER";
/** How long a worker may take to end after `shutdown_timeout` before it is killed. */
const GRACE = 2_000;

/** Engines that keep in one process what the others would have to know, by setting. */
const inOneProcess: readonly (readonly [keyof Settings, string, string])[] = [
  ["session", "simple", "cookie, redis or postgres"],
  ["session_cookie_overflow", "simple", "redis or postgres"],
  ["session_revocation", "memory", "redis"],
];

/**
 * In the first process: starts the workers and never comes back, for they do the work. In a worker:
 * gives its number, from 1 on, at once.
 *
 * A worker that ends by itself is replaced, five times a minute at most; then everything stops, with
 * status 1. SIGTERM and SIGINT stop all workers in order; SIGHUP is handed on to them.
 *
 * @throws ConfigError `workers-need-shared-sessions` for engines that keep sessions in one process.
 */
export function becomeWorker(app: Watched): number | undefined | Promise<never> {
  if (cluster.isWorker) {
    // Without one it is a worker of a cluster that the app itself has made.
    const number = process.env[NUMBER];
    Reflect.deleteProperty(process.env, NUMBER);
    return number === undefined ? undefined : Number(number);
  }
  refuseUnshared(app.settings);
  const { workers } = app.settings;
  const primary = new Primary(app, workers === "auto" ? availableParallelism() : workers);
  primary.start();
  return new Promise<never>(() => undefined);
}

function refuseUnshared(settings: Settings): void {
  for (const [setting, engine, others] of inOneProcess) {
    if (settings[setting] !== engine) continue;
    throw new ConfigError(
      "workers-need-shared-sessions",
      `"${setting}: ${engine}" keeps what it knows in the memory of one process, and with "workers: ` +
        `${settings.workers}" the next request of a visitor may reach another; use ${others}, or set workers to 1`,
    );
  }
}

class Primary {
  readonly #app: Watched;
  readonly #count: number;
  readonly #alive = new Map<Worker, number>();
  readonly #restarts = new Map<number, number[]>();
  /** The numbers of those that have listened. */
  readonly #listening = new Set<number>();
  #ending: number | undefined;

  constructor(app: Watched, count: number) {
    this.#app = app;
    this.#count = count;
  }

  /** The first worker alone: what keeps it from starting is said once, not by each. */
  start(): void {
    cluster.on("listening", (worker, { port }) => this.#listens(worker, port));
    cluster.on("exit", (worker, code, signal: string | null) => this.#ended(worker, code, signal));
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (this.#ending !== undefined && signal === "SIGINT") this.#killAll();
        else this.#stop(0, signal);
      });
    }
    process.on("SIGHUP", () => this.#send("SIGHUP"));
    this.#fork(1);
  }

  #fork(number: number): void {
    const worker = cluster.fork({ [NUMBER]: String(number) });
    this.#alive.set(worker, number);
  }

  #listens(worker: Worker, port: number): void {
    const { settings } = this.#app;
    const number = this.#alive.get(worker);
    // The app may listen elsewhere too.
    if (number === undefined || (settings.port !== 0 && settings.port !== port)) return;
    if (this.#listening.has(number)) return;
    this.#listening.add(number);
    if (number === 1) for (let n = 2; n <= this.#count; n += 1) this.#fork(n);
    if (this.#listening.size !== this.#count || !settings.startup_info) return;
    process.stdout.write(
      `${settings.environment}: dancing at ${urlOf(settings, port)} with ${this.#count} workers\n`,
    );
  }

  #ended(worker: Worker, code: number, signal: string | null): void {
    const number = this.#alive.get(worker) ?? 0;
    this.#alive.delete(worker);
    if (this.#ending !== undefined) {
      if (code !== 0) this.#ending = 1;
      if (this.#alive.size === 0) process.exit(this.#ending);
      return;
    }
    const how = signal === null ? `with status ${code}` : `by ${signal}`;
    const told = `worker ${number} (process ${worker.process.pid ?? 0}) ended ${how}`;
    // It has said itself why it could not start.
    if (this.#listening.size === 0) process.exit(1);
    const now = Date.now();
    const recent = (this.#restarts.get(number) ?? []).filter((time) => now - time < MINUTE);
    this.#restarts.set(number, [...recent, now]);
    if (recent.length < MOST_RESTARTS) {
      this.#app.log("error", `${told}; starting another`);
      this.#fork(number);
      return;
    }
    this.#app.log("error", `${told}, ${MOST_RESTARTS + 1} times within a minute: stopping`);
    this.#stop(1);
  }

  #stop(status: number, signal?: NodeJS.Signals): void {
    if (this.#ending !== undefined) return;
    this.#ending = status;
    if (signal !== undefined) this.#app.log("info", `${signal}: stopping all workers`);
    if (this.#alive.size === 0) process.exit(status);
    this.#send("SIGTERM");
    const patience = this.#app.settings.shutdown_timeout * 1000 + GRACE;
    setTimeout(() => this.#killAll(), patience).unref();
  }

  #killAll(): void {
    this.#ending = 1;
    this.#send("SIGKILL");
  }

  #send(signal: NodeJS.Signals): void {
    for (const worker of this.#alive.keys()) worker.process.kill(signal);
  }
}
