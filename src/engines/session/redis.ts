/** The session engine `redis`: sessions in Redis or Valkey, for many processes and machines. */
import { createHash } from "node:crypto";
import { isSessionId } from "../../session/session-id.ts";
import { hashSessionId } from "./id-hash.ts";
import { connectRedis, type RedisConnection } from "./redis-client.ts";
import { clockSkew, EXPIRES, isExpired } from "./store.ts";
import type { SessionChanges, SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

/**
 * Makes the engine that keeps sessions in Redis; `session: redis` does it by itself.
 *
 * Each session is one hash under one key, which is its own hash tag, so that a cluster keeps it in one
 * place. A field holds a key of the session as JSON, so that parallel requests merge by key. What
 * reads and writes is one Lua script: atomic in one round trip, where WATCH and MULTI would need a
 * connection for each request under way and start over whenever another request was quicker.
 *
 * @param connection a client of your own, from `createClient` or `createCluster` of the package
 *   `redis`, connected; by default one is made as `engines: { redis: … }` says
 * @throws EngineError `library-missing`, or `engine-broken` when Redis refuses user or password.
 */
export async function createRedisStore(
  options: SessionStoreOptions,
  connection?: RedisConnection,
): Promise<SessionStore> {
  return new RedisStore(options, connection ?? (await connectRedis(options)));
}

/**
 * What every script begins with. A record has the fields `version`, `created`, `seen` and its data; an
 * id that has ended for good has the field `ended` only.
 */
const prelude = `
local key, now, idle, absolute = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local function idleTime(own)
  local seconds = tonumber(own or '')
  return seconds and math.min(seconds * 1000, absolute) or idle
end
local created, seen, ended, own =
  unpack(redis.call('HMGET', key, 'created', 'seen', 'ended', ARGV[5]))
local live = created
  and now - seen <= idleTime(own)
  and now - created <= absolute
  and math.max(created, seen) - now <= tonumber(ARGV[4])
local function keep()
  local began, own = unpack(redis.call('HMGET', key, 'created', ARGV[5]))
  local left = math.min(idleTime(own), began + absolute - now) + tonumber(ARGV[4])
  redis.call('HSET', key, 'seen', ARGV[1])
  redis.call('PEXPIRE', key, string.format('%.0f', left))
end
`;

/** Further arguments: when it began, or '' to merge only; how many fields go, and which; fields with values. */
const saveScript = script(`
if not live then
  if created or ended or ARGV[6] == '' then return 0 end
  redis.call('HSET', key, 'created', ARGV[6])
end
local first = 8 + tonumber(ARGV[7])
for i = 8, first - 1 do redis.call('HDEL', key, ARGV[i]) end
for i = first, #ARGV, 2 do redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
redis.call('HINCRBY', key, 'version', 1)
keep()
return 1
`);

const touchScript = script(`
if live then keep() end
return 1
`);

const endScript = script(`
redis.call('DEL', key)
redis.call('HSET', key, 'ended', ARGV[1])
redis.call('PEXPIRE', key, ARGV[3])
return live and 1 or 0
`);

class RedisStore implements SessionStore {
  readonly waits = true;
  readonly #options: SessionStoreOptions;
  readonly #connection: RedisConnection;

  constructor(options: SessionStoreOptions, connection: RedisConnection) {
    this.#options = options;
    this.#connection = connection;
  }

  async open(cookie: string): Promise<SessionRecord | undefined> {
    if (!isSessionId(cookie)) return undefined;
    const fields = await this.#connection.client.hGetAll(this.#keyOf(cookie));
    const { created, seen, version, ...rest } = fields;
    if (created === undefined) return undefined;
    const data = Object.fromEntries(
      Object.entries(rest).map(([field, value]) => [
        keyOfField(field),
        JSON.parse(value) as unknown,
      ]),
    );
    const times = { createdAt: Number(created), lastSeen: Number(seen) };
    const record = { id: cookie, version: Number(version), ...times, data };
    return isExpired(record, this.#options.limits, this.#options.now()) ? undefined : record;
  }

  async save(record: SessionRecord, changes: SessionChanges): Promise<string> {
    const { id, version, createdAt, data } = record;
    const { replaces, deleted } = changes;
    if (replaces !== undefined && !(await this.#run(endScript, replaces))) return id;
    const isNew = version === 0;
    const written = (isNew ? Object.keys(data) : changes.written).filter((key) =>
      Object.hasOwn(data, key),
    );
    await this.#run(saveScript, id, [
      ...[isNew ? String(createdAt) : "", String(deleted.length), ...deleted.map(fieldOf)],
      ...written.flatMap((key) => [fieldOf(key), JSON.stringify(data[key])]),
    ]);
    return id;
  }

  async touch({ id }: SessionRecord): Promise<undefined> {
    await this.#run(touchScript, id);
  }

  async destroy(id: string): Promise<void> {
    await this.#run(endScript, id);
  }

  close(): void {
    this.#connection.close();
  }

  async #run({ text, sha1 }: Script, id: string, rest: readonly string[] = []): Promise<boolean> {
    const { limits, now } = this.#options;
    const numbers = [now(), limits.idle * 1000, limits.absolute * 1000, clockSkew].map(String);
    const call = { keys: [this.#keyOf(id)], arguments: [...numbers, fieldOf(EXPIRES), ...rest] };
    const { client } = this.#connection;
    const answer = await client.evalSha(sha1, call).catch((error: unknown) => {
      // Redis forgets scripts when it restarts; the text brings it back.
      if (error instanceof Error && error.message.startsWith("NOSCRIPT")) {
        return client.eval(text, call);
      }
      throw error;
    });
    return answer === 1;
  }

  /** All of a key that a cluster looks at stands in braces: one session, one place. */
  #keyOf(id: string): string {
    return `${this.#connection.prefix}{${hashSessionId(id)}}`;
  }
}

interface Script {
  readonly text: string;
  readonly sha1: string;
}

function script(body: string): Script {
  const text = prelude + body;
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/** As JSON, because half a surrogate pair has no spelling in UTF-8. */
function fieldOf(key: string): string {
  return `data:${JSON.stringify(key)}`;
}

function keyOfField(field: string): string {
  return JSON.parse(field.slice("data:".length)) as string;
}
