/** An app: its routes, hooks, settings and engines, and the doors through which requests come in. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { AppHost } from "./app-host.ts";
import type { AppOptions } from "./app-options.ts";
import { AppRuntime } from "./app-runtime.ts";
import type { Awaitable } from "./awaitable.ts";
import type { Config } from "./config/config.ts";
import type { ConnectMiddleware, ForeignMiddleware } from "./server/connect.ts";
import type { Context } from "./context.ts";
import { FrontDoor } from "./server/front-door.ts";
import type { EngineRegistries } from "./engines/built-in.ts";
import type { LogLevel } from "./engines/logger/logger.ts";
import { RouteError } from "./errors.ts";
import { assembled } from "./inspection.ts";
import { HookTable, type HookName, type Hooks } from "./hooks.ts";
import type { Request } from "./request/request.ts";
import type { MimeTypes } from "./response/mime-types.ts";
import type { Route } from "./routing/route.ts";
import { RouteTable, type AnyWord, type RouteWord } from "./routing/route-table.ts";
import { Router } from "./routing/router.ts";
import type { SecurityEvents } from "./security-events.ts";
import type { RunningServer } from "./server/server.ts";
import type { SessionSchema, SessionSchemaOptions } from "./session/session-schema.ts";
import type { Settings } from "./config/settings.ts";

/** How another app is taken in by `loadApp`. */
export interface LoadAppOptions {
  /** Put before all its paths. */
  readonly prefix?: string;
  /** Settings that count for its routes only. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A Quickstep app. Its words are those that `import { get, session } from "quickstep"` offers. */
export class App {
  /** Answers GET, and HEAD with the same head. */
  readonly get: RouteWord;
  /** Answers POST. */
  readonly post: RouteWord;
  /** Answers PUT. */
  readonly put: RouteWord;
  /** Answers PATCH. */
  readonly patch: RouteWord;
  /** Answers DELETE. */
  readonly del: RouteWord;
  /** Answers OPTIONS. */
  readonly options: RouteWord;
  /** Answers every method, or those of a list: `any(["get", "post"], "/form", handler)`. */
  readonly any: AnyWord;
  readonly #root: App;
  readonly #runtime: AppRuntime;
  readonly #host: AppHost;
  readonly #hooks: HookTable<Context>;
  readonly #router = new Router<Route>();
  readonly #routes: RouteTable;
  readonly #children: App[] = [];
  readonly #door: FrontDoor;
  #starting: Promise<void> | undefined;

  constructor(options: AppOptions = {}, family: { parent?: App; prefix?: string } = {}) {
    const { parent, prefix = "" } = family;
    this.#root = parent === undefined ? this : parent.#root;
    this.#runtime = parent === undefined ? new AppRuntime(options) : parent.#runtime;
    this.#host = new AppHost(this.#runtime, parent === undefined ? undefined : parent.#host);
    this.#hooks = new HookTable(parent === undefined ? undefined : parent.#hooks);
    this.#routes = new RouteTable(this.#host, prefix, (route) => this.#router.add(route));
    this.get = this.#routes.word("GET");
    this.post = this.#routes.word("POST");
    this.put = this.#routes.word("PUT");
    this.patch = this.#routes.word("PATCH");
    this.del = this.#routes.word("DELETE");
    this.options = this.#routes.word("OPTIONS");
    this.any = this.#routes.anyWord;
    this.#door =
      parent === undefined
        ? new FrontDoor(this.#runtime, this.#host, () => this.start())
        : parent.#door;
  }

  /** Puts a prefix before the routes that follow, or before those of the block; `null` or `/` ends it. */
  prefix(path: string | null, block?: () => void): void {
    this.#routes.prefix(path, block);
  }

  /** Adds a hook; see `Hooks` for the names and what each is given. */
  hook<N extends HookName>(name: N, hook: Hooks<Context>[N]): void {
    this.#hooks.add(name, hook);
  }

  /**
   * For plugins: makes a hook's name known, and gives what runs the hooks that were added under it.
   * Extend the interface `Hooks` to say what they are given.
   */
  defineHook<N extends HookName>(
    name: N,
  ): (...args: Parameters<Hooks<Context>[N]>) => Awaitable<void> {
    this.#hooks.declare(name);
    return (...args) => this.#root.#hooks.run(name, ...args);
  }

  /** Puts Connect middleware ahead of everything: `app.use(helmet())`. Under `fetch` there is none. */
  use(middleware: ConnectMiddleware): void;
  // Apart from the one above, so that an inline middleware gets node's types.
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- see above
  use(middleware: ForeignMiddleware): void;
  use(middleware: ConnectMiddleware | ForeignMiddleware): void {
    this.#runtime.middlewares.push(middleware as ConnectMiddleware);
  }

  /** Holds sessions to a schema (Standard Schema: Zod, Valibot, ArkType); see docs/sessions.md. */
  sessionSchema(schema: SessionSchema, options: SessionSchemaOptions = {}): void {
    this.#runtime.sessionShape = { ...options, schema };
  }

  /**
   * Ends all sessions bound to this user (`session().bind(user)`) that began before now, in every
   * process that shares the revocation list.
   *
   * @throws SessionError `session-revocation-off` without `session_revocation`.
   */
  async endSessions(user: string): Promise<void> {
    await this.start();
    await this.#runtime.sessions.endSessions(user);
  }

  /** Ends everybody's sessions that began before now; otherwise as `endSessions`. */
  async endAllSessions(): Promise<void> {
    await this.start();
    await this.#runtime.sessions.endAllSessions();
  }

  /** Runs a module of the app, which declares more routes: `await load("routes/admin.ts")`. */
  async load(...files: readonly string[]): Promise<void> {
    for (const file of files) {
      const path = isAbsolute(file) ? file : join(this.config.appdir, file);
      await import(pathToFileURL(path).href);
    }
  }

  /**
   * Takes in another app: `define` declares its routes and hooks. Its routes come after this app's
   * own, in the order of loading; its hooks run for all routes; its settings count for its routes only.
   */
  loadApp(define: (app: App) => void, options: LoadAppOptions = {}): void {
    const { prefix = "", settings = {} } = options;
    if (this.#root.#starting !== undefined) {
      throw new RouteError(
        "route-too-late",
        `loadApp("${prefix}") comes too late, the app is serving; load apps before dance()`,
      );
    }
    const child = new App({}, { parent: this, prefix: this.#routes.base + prefix });
    child.#host.overlay(settings, `loadApp("${prefix}")`);
    define(child);
    this.#children.push(child);
  }

  /** For `quickstep/testing`: what the app runs on. */
  get runtime(): AppRuntime {
    return this.#runtime;
  }

  /** The settings in force and where each came from; the files are read when this is first asked for. */
  get config(): Config {
    return this.#runtime.config;
  }

  /** The settings in force. */
  get settings(): Settings {
    return this.#host.settings;
  }

  /** The value of a setting; `undefined` for a name that nothing has set. */
  setting<K extends keyof Settings>(name: K): Settings[K];
  setting(name: string): unknown;
  setting(name: string): unknown {
    return this.#host.setting(name);
  }

  /**
   * Changes a setting, above all files, and returns the value.
   *
   * @throws ConfigError on an unknown name, a wrong type, or a setting that is read at start when that is over.
   */
  set<K extends keyof Settings>(name: K, value: Settings[K]): Settings[K] {
    this.#host.set(name, value);
    return value;
  }

  /** The names under which engines are known; `engine("session").register("mine", factory)` adds one. */
  engine<K extends keyof EngineRegistries>(kind: K): EngineRegistries[K] {
    return this.#runtime.registries[kind];
  }

  /** Logs a line, secrets in the settings masked; the level decides with the `log` setting who sees it. */
  log(level: LogLevel, message: string, request?: Request, error?: unknown): void {
    this.#runtime.log.log(level, message, request, error);
  }

  /** Makes the engines and closes the list of routes; done by `dance` and by the first request. */
  async start(): Promise<void> {
    await (this.#root.#starting ??= this.#root.#start());
  }

  /**
   * Starts the app and listens: reads the command line, says where it listens, and stops in order on
   * SIGTERM and SIGINT. What nobody has caught, thrown or rejected, is logged; then the app stops in
   * order too and the process ends with status 1, as it does, with the reason, when the start fails.
   *
   * With `workers` there are several processes; the promise is kept in those that serve, and never in
   * the first one, which watches over them.
   */
  async dance(): Promise<RunningServer> {
    const { dance } = await import("./server/process.ts");
    return dance(this, this.#runtime.log);
  }

  /** Starts the app and listens; unlike `dance` it says nothing and leaves signals alone. */
  async listen(): Promise<RunningServer> {
    await this.start();
    const { listen } = await import("./server/server.ts");
    return listen(this);
  }

  /**
   * Reads the configuration anew, all or nothing, as SIGHUP does under `dance`; what is wrong with it
   * leaves the running settings in place. Only settings that are read at each use change.
   *
   * @returns the names of changed settings that need a new start
   * @throws ConfigError with everything that is wrong.
   */
  async reload(): Promise<string[]> {
    return this.#runtime.reload();
  }

  /** Answers node's requests; mounts under Express, Connect or a plain `http.createServer`. */
  get listener(): (req: IncomingMessage, res: ServerResponse) => void {
    return (req, res) => this.#door.answer(req, res);
  }

  /** Answers a Web request, for other runtimes and for embedding. @throws EngineError when `use` was called. */
  get fetch(): (request: globalThis.Request) => Promise<globalThis.Response> {
    return (request) => this.#door.fetch(request);
  }

  /** Lets go of engines, so that the process can end. */
  async close(): Promise<void> {
    await this.#runtime.parts?.close();
    await this.#runtime.log.close();
  }

  /** The media types of names and files; `app.mimeTypes.addType("foo", "text/foo")` adds one. */
  get mimeTypes(): MimeTypes {
    return this.#runtime.mimeTypes;
  }

  /** Security events: how many there were, and a way to report one, which logs it in a fixed shape. */
  get securityEvents(): SecurityEvents {
    return this.#runtime.securityEvents;
  }

  async #start(): Promise<void> {
    this.#closeTables();
    if (assembled.hasSubscribers) {
      assembled.publish({ routes: this.#router.routes, hooks: this.#hooks.all });
    }
    const { createParts } = await import("./app-parts.ts");
    const parts = await createParts(this.#runtime, this.#hooks, this.#router);
    this.config.freeze();
    this.#runtime.parts = parts;
    this.#door.open(parts.cycle, parts.access);
  }

  /** Takes over what the loaded apps have declared; from now on nothing is added. */
  #closeTables(): void {
    for (const child of this.#children) {
      child.#closeTables();
      for (const route of child.#router.routes) this.#router.add(route);
      this.#hooks.addAll(child.#hooks);
    }
    this.#router.freeze();
    this.#hooks.freeze();
  }
}
