/** Every setting there is: its name, its kind and what it means. Types, checks and schema come from here. */
import { keyAdvice } from "../sealing/sealing-key.ts";
import {
  boolean,
  duration,
  either,
  freeMap,
  integer,
  list,
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
  /** One sentence for the reference page and for editors. */
  readonly description: string;
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

/** The table of settings. Their defaults stand in the shipped `config.yml`. */
export const settingTable = {
  server: row(text(), "Address to listen on; 0.0.0.0 is every IPv4 address of the machine."),
  port: row(integer(0, 65_535), "Port to listen on; 0 lets the system choose a free one."),
  environment: early(
    text("the name of an environment", environmentName),
    "Which file of environments/ is read on top of config.yml.",
  ),
  require_environment: row(boolean, "Refuse an environment that has no file and is not built in."),
  appdir: early(text(), "The app's folder; worked out at start from the main script."),
  confdir: early(text(), "The folder of config.yml and environments/; the app's folder at first."),
  strict_config: row(boolean, "Refuse settings that nobody defined."),
  production_allows: row(
    list(oneOf("session_secure", "show_errors", "behind_proxy")),
    "Settings that may be unsafe outside development and test.",
  ),
  startup_info: live(boolean, "Print a line with address and environment at start."),

  charset: row(text("the name of a character set", token), "Character set of text responses."),
  content_type: row(text(), "Content type of responses that do not set their own."),
  default_mime_type: row(text(), "Content type of files whose ending is unknown."),
  auto_page: row(boolean, "Answer paths that no route matches with the view of that name."),
  public: row(text(), "Folder of static files, relative to the app's folder."),

  views: row(text(), "Folder of views, relative to the app's folder."),
  template: row(text(), "Name of the template engine."),
  layout: live(nullable(text()), "Layout around every view; null for none."),
  layout_dir: row(text(), "Folder of layouts, inside the folder of views."),
  serializer: row(nullable(text()), "Name of the serializer of response and request bodies."),

  session: row(nullable(text()), "Name of the session engine; null switches sessions off."),
  session_cookie_key: {
    ...row(
      nullable(either(text(), list(text(), 1))),
      "Secret that seals cookie sessions; of a list the first seals and all of them open.",
    ),
    secret: true,
    advice: keyAdvice,
  },
  session_name: row(
    nullable(text("a cookie name", token)),
    "Name of the session cookie, used to the letter; null for quickstep.session.",
  ),
  session_cookie_path: row(
    text('a path that begins with "/"', cookiePath),
    "Path of the session cookie.",
  ),
  session_domain: row(
    nullable(text("a domain name", hostName)),
    "Domain of the session cookie; null for the host that set it.",
  ),
  session_secure: row(
    nullable(either(boolean, oneOf("auto"))),
    "Send the session cookie over https only; null means everywhere but in development.",
  ),
  session_is_http_only: row(boolean, "Hide the session cookie from the page's scripts."),
  session_same_site: row(
    oneOf("Strict", "Lax", "None"),
    "Whether the session cookie comes along from other sites.",
  ),
  session_expires: row(
    nullable(duration(1)),
    "Longest time between two uses of a session; null: until the browser closes, 24 hours at most.",
  ),
  session_lifetime: row(duration(1), "Longest life of a session, however much it is used."),
  session_max_entries: row(integer(1), "Most sessions that the simple engine keeps in memory."),
  session_timeout: row(
    duration(),
    "Longest time a session engine may take to answer before the request gets 503; 0 for no limit.",
  ),
  session_dir: row(text(), "Folder of the yaml engine's files, relative to the app's folder."),

  logger: row(text(), "Name of the logger engine."),
  log: live(oneOf("core", "debug", "info", "warning", "error"), "Lowest level that is logged."),
  log_path: row(text(), "Folder of log files, relative to the app's folder."),
  log_file: row(nullable(text()), "Name of the log file; null for the environment's name."),
  show_errors: live(nullable(boolean), "Show errors in full; null means in development only."),
  error_template: live(
    nullable(text()),
    "View that renders error pages; null for the built-in one.",
  ),

  behind_proxy: {
    ...row(
      list(text("the address of a proxy")),
      "Proxies whose X-Forwarded-For, -Host and -Proto headers are believed.",
    ),
    advice: 'name them: "10.0.0.7", "10.0.0.0/8", or loopback, linklocal, uniquelocal',
  },
  allowed_hosts: row(
    list(text("a host name", hostName)),
    "Host names that requests may name; .shop.test is shop.test and all below it; none for any.",
  ),
  max_body_size: row(size, "Largest request body that is received."),
  max_parameters: row(integer(1), "Most parameters that a query or form may have."),
  request_timeout: row(duration(), "Longest time for a whole request to arrive; 0 for no limit."),
  headers_timeout: row(
    duration(),
    "Longest time for a request's headers to arrive; 0 for no limit.",
  ),
  keep_alive_timeout: row(duration(), "How long an idle connection is kept open."),
  handler_timeout: row(
    duration(),
    "Longest time that a handler, or the hooks before or after it, may take; 0 for no limit.",
  ),
  shutdown_timeout: live(duration(), "How long running requests may take to finish at shutdown."),

  middlewares: row(
    list(either(text(), oneKeyMap)),
    "Connect middlewares by module name, or {module: options}, in order.",
  ),
  engines: row(freeMap, "Options of engines, by engine name; the engines' own."),
  route_cache: row(boolean, "Taken for Dancer's sake; routes are found by an index."),
  route_cache_size_limit: row(size, "Taken for Dancer's sake, as route_cache is."),
  route_cache_path_limit: row(integer(0), "Taken for Dancer's sake, as route_cache is."),
  plugins: live(freeMap, "Options of plugins, by plugin name; the plugins' own."),
  app: live(freeMap, "The app's own settings."),
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

function row<T>(kind: Kind<T>, description: string): SettingDefinition<T> {
  return { kind, description, secret: false, read: "start" };
}

function early<T>(kind: Kind<T>, description: string): SettingDefinition<T> {
  return { ...row(kind, description), read: "files" };
}

function live<T>(kind: Kind<T>, description: string): SettingDefinition<T> {
  return { ...row(kind, description), read: "use" };
}
