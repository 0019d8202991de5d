/** The revocation list `redis`: shared by all processes that use one Redis or Valkey, or a cluster. */
import { connectRedis, type RedisConnection } from "../session/redis-client.ts";
import type { RevocationList, RevocationListOptions } from "./revocation-list.ts";

/** Notes a later moment and says so; one script, so that of two callers one is the first. */
const END = `
local known = redis.call("GET", KEYS[1])
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`;

/**
 * Makes the list that lives in Redis; `session_revocation: redis` does it by itself. Each entry is one
 * key, the prefix and `ended:HASH`, that Redis lets go at the end of the session. Give Redis the policy
 * `noeviction`: an entry that is evicted brings ended sessions back.
 *
 * @param connection a client of your own, as for `createRedisStore`; by default one is made as
 *   `engines: { redis: … }` says
 * @throws EngineError `library-missing`, or `engine-broken` when Redis refuses user or password.
 */
export async function createRedisRevocationList(
  options: RevocationListOptions,
  connection?: RedisConnection,
): Promise<RevocationList> {
  return new RedisRevocationList(connection ?? (await connectRedis(options)), options.now);
}

class RedisRevocationList implements RevocationList {
  readonly waits = true;
  readonly #connection: RedisConnection;
  readonly #now: () => number;

  constructor(connection: RedisConnection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  async end(key: string, before: number, until: number): Promise<boolean> {
    const lifetime = Math.max(1, Math.ceil(until - this.#now()));
    const call = { keys: [this.#name(key)], arguments: [String(before), String(lifetime)] };
    return Number(await this.#connection.client.eval(END, call)) === 1;
  }

  async endedBefore(key: string): Promise<number> {
    return Number((await this.#connection.client.get(this.#name(key))) ?? 0);
  }

  close(): void {
    this.#connection.close();
  }

  #name(key: string): string {
    return `${this.#connection.prefix}ended:${key}`;
  }
}
