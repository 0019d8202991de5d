/** The engines that need no installing, by kind and name; each is loaded when one is made. */
import { Registry } from "../registry.ts";
import type { Logger, LoggerOptions } from "./logger/logger.ts";
import type { Serializer, SerializerOptions } from "./serializer/serializer.ts";
import type { RevocationList, RevocationListOptions } from "./revocation/revocation-list.ts";
import type { SessionStore, SessionStoreOptions } from "./session/store.ts";
import type { TemplateEngine, TemplateOptions } from "./template/template.ts";

/** The registries of one app, one for each kind of engine. */
export interface EngineRegistries {
  readonly session: Registry<SessionStore, SessionStoreOptions>;
  readonly revocation: Registry<RevocationList, RevocationListOptions>;
  readonly template: Registry<TemplateEngine, TemplateOptions>;
  readonly serializer: Registry<Serializer, SerializerOptions>;
  readonly logger: Registry<Logger, LoggerOptions>;
}

/** New registries that know the built-in engines. */
export function createRegistries(): EngineRegistries {
  return {
    session: new Registry("session", {
      cookie: async (options) => (await import("./session/cookie.ts")).createCookieStore(options),
      simple: async (options) => (await import("./session/simple.ts")).createSimpleStore(options),
      yaml: async (options) => (await import("./session/yaml.ts")).createYamlStore(options),
      postgres: async (options) =>
        (await import("./session/postgres.ts")).createPostgresStore(options),
      redis: async (options) => (await import("./session/redis.ts")).createRedisStore(options),
    }),
    revocation: new Registry("revocation", {
      memory: async (options) =>
        (await import("./revocation/memory.ts")).createMemoryRevocationList(options),
      redis: async (options) =>
        (await import("./revocation/redis.ts")).createRedisRevocationList(options),
    }),
    template: new Registry("template", {
      simple: async (options) =>
        (await import("./template/simple.ts")).createSimpleTemplate(options),
      eta: async (options) => (await import("./template/eta.ts")).createEtaTemplate(options),
    }),
    serializer: new Registry("serializer", {
      json: async (options) => (await import("./serializer/json.ts")).createJsonSerializer(options),
      jsonp: async (options) =>
        (await import("./serializer/jsonp.ts")).createJsonpSerializer(options),
      mutable: async (options) =>
        (await import("./serializer/mutable.ts")).createMutableSerializer(options),
      xml: async () => (await import("./serializer/xml.ts")).createXmlSerializer(),
      yaml: async () => (await import("./serializer/yaml.ts")).createYamlSerializer(),
    }),
    logger: new Registry("logger", {
      console: async (options) =>
        (await import("./logger/console.ts")).createConsoleLogger(options),
      json: async (options) => (await import("./logger/json.ts")).createJsonLogger(options),
      file: async (options) => (await import("./logger/file.ts")).createFileLogger(options),
      null: async () => (await import("./logger/null.ts")).createNullLogger(),
      capture: async () => (await import("./logger/capture.ts")).createCaptureLogger(),
    }),
  };
}
