/** Connects to Redis or Valkey, to one server or to a cluster, and keeps connected. */
import { boolean, text } from "../../config/setting-kinds.ts";
import { EngineError } from "../../errors.ts";
import { loadLibrary } from "../../optional-library.ts";
import { readEngineSettings } from "../engine-settings.ts";
import type { SessionStoreOptions } from "./store.ts";

/** What is needed of a client or cluster of the package `redis`. */
export interface RedisClient {
  get(key: string): Promise<string | null>;
  hGetAll(key: string): Promise<Readonly<Record<string, string>>>;
  eval(script: string, call: RedisScriptCall): Promise<unknown>;
  evalSha(sha1: string, call: RedisScriptCall): Promise<unknown>;
}

/** The keys and arguments that a script runs with. */
export interface RedisScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}

/** A client that was made here, and has to be let go of here. */
export interface RedisConnection {
  readonly client: RedisClient;
  readonly prefix: string;
  close(): void;
}

const table = {
  url: { kind: text(), fallback: "redis://127.0.0.1:6379" },
  cluster: { kind: boolean, fallback: false },
  prefix: { kind: text(), fallback: "quickstep:session:" },
};

/** What `redis` says when it will never let us in, however often we ask. */
const refusal = /^(?:NOAUTH|WRONGPASS|NOPERM)/;
const longestPause = 500;
/** How long a connection may take to come about at least, in milliseconds. */
const connectPatience = 2000;

/**
 * Connects as `engines: { redis: … }` says: `url`, several with commas between them where `cluster` is
 * true; `prefix` of the keys.
 *
 * A server that is down is no reason not to start: it is tried again until it is there.
 *
 * @throws EngineError `library-missing`, or `engine-broken` when Redis refuses user or password.
 */
export async function connectRedis(
  options: Pick<SessionStoreOptions, "setting" | "warn">,
): Promise<RedisConnection> {
  const { url, cluster, prefix } = readEngineSettings(options.setting, "redis", table);
  const redis = await loadLibrary("redis", () => import("redis"), "session: redis");
  const timeout = Number(options.setting("session_timeout") ?? 1) * 1000 || 1000;
  const common = {
    disableOfflineQueue: true,
    socket: {
      connectTimeout: timeout,
      reconnectStrategy: (retries: number) => Math.min(20 * 2 ** retries, longestPause),
    },
  };
  const urls = url.split(",").map((one) => ({ url: one.trim() }));
  const make = (): LibraryClient =>
    cluster
      ? redis.createCluster({
          rootNodes: urls.map((one) => ({ ...common, ...one })),
          defaults: forEveryNode(urls[0]?.url, common),
          // So often it is looked for who has the place of a node that is gone.
          topologyRefreshOnReconnectionAttemptStrategy: longestPause,
        })
      : redis.createClient({ ...common, ...urls[0] });
  const link = new Link(make, cluster, options.warn, timeout * 2);
  const patience = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
  const answer = await Promise.race([link.ready, link.refused, patience]);
  if (typeof answer === "string") {
    link.close();
    throw new EngineError("engine-broken", `session: redis: the server refuses us: ${answer}`);
  }
  return { client: link, prefix, close: () => link.close() };
}

/** A client or cluster as the library makes them. */
interface LibraryClient extends RedisClient {
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: "error" | "ready", hear: (error: unknown) => void): unknown;
  on(event: "node-error", hear: (error: unknown, node: ClusterNode) => void): unknown;
  on(event: "node-ready" | "node-disconnect", hear: (node: ClusterNode) => void): unknown;
}

interface ClusterNode {
  readonly host: string;
  readonly port: number;
}

/**
 * Keeps a client that answers. One that leaves a command without an answer for too long is replaced:
 * a machine that has vanished closes no connection, and a cluster has somebody else in its place in
 * time. Until then the old client of a cluster still serves what its other nodes have.
 */
class Link implements RedisClient {
  /** Settles once there is a connection. */
  readonly ready: Promise<void>;
  /** Settles with the reason when Redis will not let us in. */
  readonly refused: Promise<string>;
  readonly #make: () => LibraryClient;
  readonly #isCluster: boolean;
  readonly #patience: number;
  readonly #outage: Outage;
  #refuse: (reason: string) => void = () => undefined;
  /** The one that is asked. */
  #client: LibraryClient | undefined;
  /** The one that is to take its place. */
  #coming: LibraryClient | undefined;
  #closed = false;

  constructor(
    make: () => LibraryClient,
    isCluster: boolean,
    warn: (message: string) => void,
    patience: number,
  ) {
    this.#make = make;
    this.#isCluster = isCluster;
    this.#patience = patience;
    this.#outage = new Outage(warn);
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
    this.ready = this.#connect();
  }

  get(key: string): Promise<string | null> {
    return this.#ask((client) => client.get(key));
  }

  hGetAll(key: string): Promise<Readonly<Record<string, string>>> {
    return this.#ask((client) => client.hGetAll(key));
  }

  eval(script: string, call: RedisScriptCall): Promise<unknown> {
    return this.#ask((client) => client.eval(script, call));
  }

  evalSha(sha1: string, call: RedisScriptCall): Promise<unknown> {
    return this.#ask((client) => client.evalSha(sha1, call));
  }

  close(): void {
    this.#closed = true;
    for (const client of [this.#client, this.#coming]) letGo(client);
    this.#coming = undefined;
  }

  async #ask<T>(command: (client: LibraryClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client === undefined) throw new Error(lacking);
    const timer = setTimeout(() => this.#replace(client), this.#patience).unref();
    try {
      return await command(client);
    } finally {
      clearTimeout(timer);
    }
  }

  #replace(silent: LibraryClient): void {
    if (this.#closed || silent !== this.#client || this.#coming !== undefined) return;
    this.#outage.begin(new Error(`no answer within ${this.#patience} ms`));
    if (!this.#isCluster) {
      this.#client = undefined;
      letGo(silent);
    }
    void this.#connect();
  }

  async #connect(): Promise<void> {
    for (let tries = 0; !this.#closed; tries += 1) {
      const client = this.#next();
      this.#coming = client;
      try {
        await within(Math.max(connectPatience, this.#patience), client.connect());
        const old = this.#client;
        this.#client = client;
        this.#coming = undefined;
        letGo(old);
        this.#outage.end();
        return;
      } catch (error) {
        if (client !== this.#coming) return;
        this.#outage.begin(error);
        letGo(client);
        await new Promise((resolve) =>
          setTimeout(resolve, Math.min(20 * 2 ** tries, longestPause)),
        );
      }
    }
  }

  #next(): LibraryClient {
    const client = this.#make();
    const isAsked = (): boolean => client === this.#client && !this.#closed;
    client.on("error", (error) => {
      if (client !== this.#client && client !== this.#coming) return;
      this.#outage.begin(error);
      if (refusal.test(messageOf(error))) this.#refuse(messageOf(error));
    });
    client.on("ready", () => {
      if (isAsked()) this.#outage.end();
    });
    client.on("node-error", (error, node) => {
      if (isAsked()) this.#outage.begin(error, node);
    });
    // One that leaves has been replaced by another.
    for (const event of ["node-ready", "node-disconnect"] as const) {
      client.on(event, (node) => {
        if (isAsked()) this.#outage.end(node);
      });
    }
    return client;
  }
}

const lacking = "no connection yet";

function letGo(client: LibraryClient | undefined): void {
  try {
    client?.destroy();
  } catch {
    // It says so when it was not open any more.
  }
}

/** What the work gives, or an error when it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(lacking)), milliseconds).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the first address says counts for the nodes that a cluster tells about, too. */
function forEveryNode<T extends { socket: object }>(url: string | undefined, common: T): T {
  if (url === undefined || !URL.canParse(url)) return common;
  const { protocol, username, password } = new URL(url);
  return {
    ...common,
    socket: { ...common.socket, ...(protocol === "rediss:" && { tls: true }) },
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}

/** Says once that a connection is lost, and once that it is back; in a cluster, of each node. */
class Outage {
  readonly #warn: (message: string) => void;
  readonly #out = new Set<string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  begin(error: unknown, node?: ClusterNode): void {
    const where = whereIs(node);
    if (!this.#out.has(where))
      this.#warn(`session: redis: ${where}${messageOf(error)}; trying again`);
    this.#out.add(where);
  }

  /** Without a node: all is well. */
  end(node?: ClusterNode): void {
    if (node === undefined ? this.#out.size === 0 : !this.#out.delete(whereIs(node))) return;
    if (node === undefined) this.#out.clear();
    this.#warn("session: redis: connected again");
  }
}

function whereIs(node: ClusterNode | undefined): string {
  return node === undefined ? "" : `${node.host}:${node.port}: `;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
