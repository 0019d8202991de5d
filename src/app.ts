/** An app: its routes, hooks, settings and engines, and the doors through which requests come in. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadAppConfig, type AppOptions } from "./app-options.ts";
import { AppLog, createAccessLog } from "./app-log.ts";
import type { AppParts } from "./app-parts.ts";
import type { Awaitable } from "./awaitable.ts";
import type { Config } from "./config/config.ts";
import type { ConnectMiddleware, ForeignMiddleware } from "./server/connect.ts";
import type { Context, ContextHost } from "./context.ts";
import { currentContext } from "./current-context.ts";
import { FrontDoor } from "./server/front-door.ts";
import { createRegistries, type EngineRegistries } from "./engines/built-in.ts";
import type { LogLevel } from "./engines/logger/logger.ts";
import type { TemplateCallOptions, Tokens } from "./engines/template/template.ts";
import { EngineError, RouteError } from "./errors.ts";
import { assembled } from "./inspection.ts";
import { HookTable, type HookName, type Hooks } from "./hooks.ts";
import type { Request } from "./request/request.ts";
import { MimeTypes } from "./response/mime-types.ts";
import type { Route } from "./routing/route.ts";
import { RouteTable, type AnyWord, type RouteWord } from "./routing/route-table.ts";
import { Router } from "./routing/router.ts";
import { SecurityEvents } from "./security-events.ts";
import type { RunningServer } from "./server/server.ts";
import type {
  SessionSchema,
  SessionSchemaOptions,
  SessionShape,
} from "./session/session-schema.ts";
import type { SessionLifeCycle } from "./session/session-life-cycle.ts";
import type { Session } from "./session/session.ts";
import type { Settings } from "./config/settings.ts";

/** How another app is taken in by `loadApp`. */
export interface LoadAppOptions {
  /** Put before all its paths. */
  readonly prefix?: string;
  /** Settings that count for its routes only. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A Quickstep app. Its words are those that `import { get, session } from "quickstep"` offers. */
export class App implements ContextHost {
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
  #options: AppOptions;
  readonly #parent: App | undefined;
  readonly #registries: EngineRegistries = createRegistries();
  readonly #hooks: HookTable<Context>;
  readonly #router = new Router<Route>();
  readonly #children: App[] = [];
  readonly #routes: RouteTable;
  readonly #door: FrontDoor;
  readonly #middlewares: ConnectMiddleware[] = [];
  #mimeTypes: MimeTypes | undefined;
  #securityEvents: SecurityEvents | undefined;
  readonly #log = new AppLog();
  #sessionShape: SessionShape | undefined;
  readonly #overlay: Record<string, unknown> = {};
  #config: Config | undefined;
  #parts: AppParts | undefined;
  #starting: Promise<AppParts> | undefined;

  constructor(options: AppOptions = {}, family: { parent?: App; prefix?: string } = {}) {
    this.#options = options;
    this.#parent = family.parent;
    this.#hooks = new HookTable(family.parent === undefined ? undefined : family.parent.#hooks);
    const routes = new RouteTable(this, family.prefix ?? "", (route) => this.#router.add(route));
    this.#routes = routes;
    this.get = routes.word("GET");
    this.post = routes.word("POST");
    this.put = routes.word("PUT");
    this.patch = routes.word("PATCH");
    this.del = routes.word("DELETE");
    this.options = routes.word("OPTIONS");
    this.any = routes.anyWord;
    this.#door = new FrontDoor({
      host: this,
      middlewares: this.#middlewares,
      ambient: options.ambient ?? true,
      start: () => this.start(),
      log: (message, error) => this.log("error", message, undefined, error),
    });
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
    this.#root.#middlewares.push(middleware as ConnectMiddleware);
  }

  /** Holds sessions to a schema (Standard Schema: Zod, Valibot, ArkType); see docs/sessions.md. */
  sessionSchema(schema: SessionSchema, options: SessionSchemaOptions = {}): void {
    this.#root.#sessionShape = { ...options, schema };
  }

  /**
   * Ends all sessions bound to this user (`session().bind(user)`) that began before now, in every
   * process that shares the revocation list.
   *
   * @throws SessionError `session-revocation-off` without `session_revocation`.
   */
  async endSessions(user: string): Promise<void> {
    await this.#root.start();
    await this.#sessions.endSessions(user);
  }

  /** Ends everybody's sessions that began before now; otherwise as `endSessions`. */
  async endAllSessions(): Promise<void> {
    await this.#root.start();
    await this.#sessions.endAllSessions();
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
    const child = new App(this.#options, { parent: this, prefix: this.#routes.base + prefix });
    Object.assign(child.#overlay, this.config.check(settings, `loadApp("${prefix}")`));
    define(child);
    this.#children.push(child);
  }

  /**
   * For `quickstep/testing`: changes how the app is made. It counts until the settings are read, the
   * clock until the app starts.
   */
  configure(change: (options: AppOptions) => AppOptions): void {
    this.#root.#options = change(this.#root.#options);
  }

  /** For `quickstep/testing`: what the app runs on, once it has started. */
  get parts(): AppParts | undefined {
    return this.#root.#parts;
  }

  /** The settings in force and where each came from; the files are read when this is first asked for. */
  get config(): Config {
    return this.#parent?.config ?? (this.#config ??= loadAppConfig(this.#options));
  }

  /** The settings in force. */
  get settings(): Settings {
    if (this.#parent === undefined) return this.config.settings;
    // The prototype is what keeps secrets out of sight when settings are printed.
    const { settings } = this.#parent;
    const own = Object.create(Object.getPrototypeOf(settings) as object) as object;
    return Object.assign(own, settings, this.#overlay);
  }

  /** The value of a setting; `undefined` for a name that nothing has set. */
  setting<K extends keyof Settings>(name: K): Settings[K];
  setting(name: string): unknown;
  setting(name: string): unknown {
    return Object.hasOwn(this.#overlay, name) ? this.#overlay[name] : this.config.get(name);
  }

  /**
   * Changes a setting, above all files, and returns the value.
   *
   * @throws ConfigError on an unknown name, a wrong type, or a setting that is read at start when that is over.
   */
  set<K extends keyof Settings>(name: K, value: Settings[K]): Settings[K] {
    if (this.#parent !== undefined) {
      const values = Object.fromEntries([[name, value]]);
      Object.assign(this.#overlay, this.config.check(values, "set() in code"));
      return value;
    }
    this.config.set(name, value);
    return value;
  }

  /** The names under which engines are known; `engine("session").register("mine", factory)` adds one. */
  engine<K extends keyof EngineRegistries>(kind: K): EngineRegistries[K] {
    return this.#parent?.engine(kind) ?? this.#registries[kind];
  }

  /** Logs a line, secrets in the settings masked; the level decides with the `log` setting who sees it. */
  log(level: LogLevel, message: string, request?: Request, error?: unknown): void {
    this.#root.#log.log(this.config, level, message, request, error);
  }

  /** Makes the engines and closes the list of routes; done by `dance` and by the first request. */
  async start(): Promise<void> {
    await (this.#starting ??= this.#start());
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
    const { endInOrder, giveUp, shareWork } = await import("./server/process.ts");
    const openLog = () => this.#log.open(this.config, this.#registries);
    const worker = await shareWork(this, openLog).catch(giveUp);
    this.#log.worker = worker;
    const running = await this.listen().catch(giveUp);
    endInOrder(running, this, worker !== undefined);
    if (this.settings.startup_info && worker === undefined) {
      process.stdout.write(`${this.config.environment}: dancing at ${running.url}\n`);
    }
    return running;
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
    const fresh = loadAppConfig(this.#root.#options);
    await (await import("./config/production.ts")).refuseRisks(fresh);
    return this.config.adopt(fresh);
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
    await this.#parts?.close();
    await this.#log.close();
  }

  /** For the context: the session of its request. */
  session(ctx: Context<unknown>): Session {
    return this.#sessions.current(ctx.request, ctx.progress);
  }

  /** For the context: a rendered page; `kind` says whether `source` is a view's name or markup. */
  page(
    kind: "render" | "renderWithLayout",
    ctx: Context<unknown>,
    source: string,
    tokens: Tokens,
    options: TemplateCallOptions,
  ): Awaitable<string> {
    const pages = this.#root.#parts?.pages;
    if (pages !== undefined) {
      return pages[kind](ctx as Context, this.settings, source, tokens, options);
    }
    throw new EngineError(
      "template-not-found",
      `view not found: there was no folder "${this.settings.views}" for "${source}" when the app started`,
    );
  }

  /** The media types of names and files; `app.mimeTypes.addType("foo", "text/foo")` adds one. */
  get mimeTypes(): MimeTypes {
    return (this.#root.#mimeTypes ??= new MimeTypes(this.config.settings.default_mime_type));
  }

  /** For the context: the media type of a name such as `json`. */
  mediaType(name: string): string {
    return this.#root.mimeTypes.forName(name);
  }

  /** Security events: how many there were, and a way to report one, which logs it in a fixed shape. */
  get securityEvents(): SecurityEvents {
    return (this.#root.#securityEvents ??= new SecurityEvents((message, security) => {
      const request = currentContext.getStore()?.request;
      this.#root.#log.log(this.config, "warning", message, request, undefined, { security });
    }, this.#options.now ?? Date.now));
  }

  get #root(): App {
    return this.#parent === undefined ? this : this.#parent.#root;
  }

  get #sessions(): SessionLifeCycle {
    const sessions = this.#root.#parts?.sessions;
    if (sessions !== undefined) return sessions;
    throw new EngineError(
      "session-off",
      'sessions are off; choose an engine with "session: cookie" in config.yml',
    );
  }

  async #start(): Promise<AppParts> {
    for (const child of this.#children) child.#mergeInto(this);
    this.#router.freeze();
    this.#hooks.freeze();
    if (assembled.hasSubscribers) {
      assembled.publish({ routes: this.#router.routes, hooks: this.#hooks.all });
    }
    const { config } = this;
    await this.#log.open(config, this.#registries);
    const access = await createAccessLog(config, this.#log);
    for (const entry of config.settings.middlewares) {
      const { loadMiddleware } = await import("./server/load-middleware.ts");
      this.#middlewares.push(await loadMiddleware(entry, config.appdir));
    }
    const { createParts } = await import("./app-parts.ts");
    this.#parts = await createParts({
      config,
      registries: this.#registries,
      hooks: this.#hooks,
      router: this.#router,
      mimeTypes: this.mimeTypes,
      now: this.#options.now ?? Date.now,
      report: this.securityEvents.report,
      shape: this.#sessionShape,
      log: (...entry) => this.log(...entry),
    });
    config.freeze();
    this.#door.open(this.#parts.cycle, access);
    return this.#parts;
  }

  #mergeInto(root: App): void {
    for (const route of this.#router.routes) root.#router.add(route);
    root.#hooks.addAll(this.#hooks);
    for (const child of this.#children) child.#mergeInto(root);
    this.#router.freeze();
    this.#hooks.freeze();
  }
}
