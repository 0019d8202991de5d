/** `quickstep/redis`: sessions, and the list of those that were ended, in Redis over a client of your own. */
export { createRedisRevocationList } from "./engines/revocation/redis.ts";
export { createRedisStore } from "./engines/session/redis.ts";
export type {
  RedisClient,
  RedisConnection,
  RedisScriptCall,
} from "./engines/session/redis-client.ts";
