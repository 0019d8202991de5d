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
  const client = cluster
    ? redis.createCluster({
        rootNodes: urls.map((one) => ({ ...common, ...one })),
        defaults: forEveryNode(urls[0]?.url, common),
      })
    : redis.createClient({ ...common, ...urls[0] });
  const outage = new Outage(options.warn);
  client.on("error", (error: unknown) => outage.begin(error));
  client.on("ready", () => outage.end());

  let closed = false;
  const connect = async (): Promise<void> => {
    for (let tries = 0; !closed; tries += 1) {
      try {
        await client.connect();
        if (cluster) outage.end();
        return;
      } catch (error) {
        outage.begin(error);
        await new Promise((resolve) =>
          setTimeout(resolve, Math.min(20 * 2 ** tries, longestPause)),
        );
      }
    }
  };
  const close = (): void => {
    closed = true;
    client.destroy();
  };
  const refused = new Promise<string>((resolve) => {
    client.on("error", (error: unknown) => {
      const message = messageOf(error);
      if (refusal.test(message)) resolve(message);
    });
  });
  const patience = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
  const answer = await Promise.race([connect(), refused, patience]);
  if (answer !== undefined) {
    close();
    throw new EngineError("engine-broken", `session: redis: the server refuses us: ${answer}`);
  }
  return { client: client as unknown as RedisClient, prefix, close };
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

/** Says once that the connection is lost, and once that it is back. */
class Outage {
  readonly #warn: (message: string) => void;
  #isOut = false;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  begin(error: unknown): void {
    if (!this.#isOut) this.#warn(`session: redis: ${messageOf(error)}; trying again`);
    this.#isOut = true;
  }

  end(): void {
    if (this.#isOut) this.#warn("session: redis: connected again");
    this.#isOut = false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
