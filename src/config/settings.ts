/** Every setting there is: its name and its kind. Types, checks and schema come from here. */
import { keyAdvice } from "../sealing/key-advice.ts";
import {
  boolean,
  duration,
  either,
  freeMap,
  integer,
  list,
  lowerCase,
  nullable,
  oneKeyMap,
  oneOf,
  size,
  text,
  type Kind,
} from "./setting-kinds.ts";

/** One row of the table. */
export interface SettingDefinition<T> {
  readonly kind: Kind<T>;
  /** How to come by a good value, for messages about a bad one. */
  readonly advice?: string;
  /** True when the value must never be shown. */
  readonly secret: boolean;
  /**
   * When the value is read: `files`, to decide which files are read, so that only what comes before
   * them may set it; once at `start`; or at each `use`, so that it may change while the app serves.
   */
  readonly read: "files" | "start" | "use";
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const environmentName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const hostName = /^\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const cookiePath = /^\/[!-:<-~]*$/;

/** The table of settings. Their defaults, and what they mean, stand in the shipped `config.yml`. */
export const settingTable = {
  server: row(text()),
  port: row(integer(0, 65_535)),
  workers: row(either(integer(0, 1024), oneOf("auto"))),
  environment: early(text("the name of an environment", environmentName)),
  require_environment: row(boolean),
  appdir: early(text()),
  confdir: early(text()),
  strict_config: row(boolean),
  production_allows: row(list(oneOf("session_secure", "show_errors", "behind_proxy"))),
  startup_info: live(boolean),
  appname: row(nullable(text())),

  charset: row(lowerCase(text("the name of a character set", token))),
  content_type: row(text()),
  default_mime_type: row(text()),
  auto_page: row(nullable(boolean)),
  public: row(text()),

  views: row(text()),
  template: row(text()),
  layout: live(nullable(text())),
  layout_dir: row(text()),
  serializer: row(nullable(text())),

  session: row(nullable(text())),
  session_cookie_key: {
    ...row(nullable(either(text(), list(text(), 1)))),
    secret: true,
    advice: keyAdvice,
  },
  session_name: row(nullable(text("a cookie name", token))),
  session_cookie_path: row(text('a path that begins with "/"', cookiePath)),
  session_domain: row(nullable(text("a domain name", hostName))),
  session_secure: row(nullable(either(boolean, oneOf("auto")))),
  session_is_http_only: row(boolean),
  session_same_site: row(oneOf("Strict", "Lax", "None")),
  session_expires: row(nullable(duration(1))),
  session_lifetime: row(duration(1)),
  session_max_entries: row(integer(1)),
  session_timeout: row(duration()),
  session_dir: row(text()),
  session_revocation: row(nullable(text())),
  session_revocation_max_entries: row(integer(1)),
  session_revocation_outage: row(oneOf("refuse", "allow")),
  session_cookie_overflow: row(nullable(text())),

  logger: row(text()),
  log: live(nullable(oneOf("core", "debug", "info", "warning", "error"))),
  log_path: row(text()),
  log_file: row(nullable(text())),
  logger_format: row(nullable(text())),
  log_requests: row(nullable(boolean)),
  show_errors: live(nullable(boolean)),
  error_template: live(nullable(text())),

  behind_proxy: {
    ...row(list(text("the address of a proxy"))),
    advice: 'name them: "10.0.0.7", "10.0.0.0/8", or loopback, linklocal, uniquelocal',
  },
  allowed_hosts: row(list(text("a host name", hostName))),
  max_body_size: row(size),
  max_upload_size: row(size),
  max_uploads: row(integer(0)),
  upload_memory: row(size),
  upload_dir: row(nullable(text())),
  max_parameters: row(integer(1)),
  request_timeout: row(duration()),
  headers_timeout: row(duration()),
  keep_alive_timeout: row(duration()),
  handler_timeout: row(duration()),
  shutdown_timeout: live(duration()),

  middlewares: row(list(either(text(), oneKeyMap))),
  engines: row(freeMap),
  warnings: row(either(integer(0, 1), boolean)),
  route_cache: row(boolean),
  route_cache_size_limit: row(size),
  route_cache_path_limit: row(integer(0)),
  plugins: live(freeMap),
  app: live(freeMap),
} satisfies Readonly<Record<string, SettingDefinition<unknown>>>;

type Table = typeof settingTable;
type ValueOf<Row> = Row extends { readonly kind: Kind<infer T> } ? T : never;

/** The settings that Quickstep itself defines, as they are in force: durations in seconds, sizes in bytes. */
export type BuiltInSettings = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/**
 * The settings in force. An app may extend this interface with settings of its own, or narrow the
 * type of `app`.
 *
 * @example
 * declare module "quickstep" {
 *   interface Settings { readonly app: { readonly pageSize: number } }
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only an interface can be extended
export interface Settings extends BuiltInSettings {}

/** The names of the built-in settings. */
export const settingNames: readonly string[] = Object.keys(settingTable);

/** The row of this name, if Quickstep defines such a setting. */
export function findSetting(name: string): SettingDefinition<unknown> | undefined {
  const table: Readonly<Record<string, SettingDefinition<unknown>>> = settingTable;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function row<T>(kind: Kind<T>): SettingDefinition<T> {
  return { kind, secret: false, read: "start" };
}

function early<T>(kind: Kind<T>): SettingDefinition<T> {
  return { ...row(kind), read: "files" };
}

function live<T>(kind: Kind<T>): SettingDefinition<T> {
  return { ...row(kind), read: "use" };
}
