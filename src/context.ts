/** What a handler and a hook are handed: the request, the response, and every request word. */
import { Readable } from "node:stream";
import type { Awaitable } from "./awaitable.ts";
import type { LogLevel } from "./engines/logger/logger.ts";
import type { ContextHost, Entry } from "./context-host.ts";
import type { Page } from "./engines/template/template.ts";
import { pushHeader, replaceHeader, type HeaderValue } from "./response/header-word.ts";
import { toLogText } from "./log-text.ts";
import type { CookieValue } from "./request/cookies.ts";
import type { ParamSource } from "./request/params.ts";
import type { Request } from "./request/request.ts";
import type { Upload, UploadLists } from "./request/upload.ts";
import { Response } from "./response/response.ts";
import { localTarget, setRedirect } from "./response/redirect.ts";
import { setCookie, type CookieWord, type CookieWordOptions } from "./response/response-cookie.ts";
import { NO_VALUES, type PathMatch } from "./routing/route-pattern.ts";
import { RequestProgress } from "./request-progress.ts";
import type { SessionKey } from "./session/session-data.ts";
import type { SessionWord } from "./session/session-word.ts";
import type { Settings } from "./config/settings.ts";
import { forward, halt, pass, sendError, sendFile } from "./signals.ts";
import { toStatus } from "./response/status.ts";
import { buildUri, type UriParams } from "./response/uri.ts";

/**
 * One request's context. Members may be taken apart, `({ params, session }) => …`; the words work
 * without `this`.
 */
export class Context<Params = Readonly<Record<string, string | undefined>>> {
  #host: ContextHost<Context<unknown>>;
  #request: Request;
  #response = new Response();
  #match: PathMatch = NO_VALUES;
  #route: Entry<Context<unknown>>["route"] | undefined;
  #vars: Record<string, unknown> | undefined;
  #cookies: Map<string, string> | undefined;
  #layout: string | null | undefined;
  /** For the app: how far the request has come. */
  readonly progress = new RequestProgress();

  constructor(host: ContextHost<Context<unknown>>, request: Request) {
    this.#host = host;
    this.#request = request;
  }

  /** The request. */
  get request(): Request {
    return this.#request;
  }

  /** The response being made. */
  get response(): Response {
    return this.#response;
  }

  /** The route that matched, as it was declared, prefix included; `undefined` when none did. */
  get route(): { readonly method: string; readonly pattern: string } | undefined {
    const route = this.#route;
    return route && { method: route.method, pattern: route.pattern.source };
  }

  /** The route's parameters, typed from its path. */
  get params(): Params {
    return this.#match.params as Params;
  }

  /** What the wildcards of the route, or the groups of its regular expression, matched. */
  get splat(): PathMatch["splat"] {
    return this.#match.splat;
  }

  /** The named groups of the route's regular expression. */
  get captures(): Readonly<Record<string, string | undefined>> {
    return this.#match.captures ?? {};
  }

  /** Values that hooks, routes and templates of this request share. */
  get vars(): Record<string, unknown> {
    return (this.#vars ??= Object.create(null) as Record<string, unknown>);
  }

  /** The cookies that came along. */
  get cookies(): Readonly<Record<string, string>> {
    return this.#request.cookies;
  }

  /** The settings in force. */
  get settings(): Settings {
    return this.#host.settings;
  }

  /** `param("name")`: one parameter as text; see `Request.param`. */
  get param(): (name: string) => string | undefined {
    return (name) => this.#request.param(name);
  }

  /** `paramArray("name")`: all values of a parameter. */
  get paramArray(): (name: string) => string[] {
    return (name) => this.#request.paramArray(name);
  }

  /** `allParams()`: the merged parameters; `allParams("query")`: those of one source. */
  get allParams(): (source?: ParamSource) => Record<string, unknown> {
    return (source) => this.#request.params(source);
  }

  /** `upload("photo")`: a file from a form; see `Request.upload`. */
  get upload(): (name: string) => Upload | undefined {
    return (name) => this.#request.upload(name);
  }

  /** `uploads("photos")`: all files of a name; `uploads()`: those of every name. */
  get uploads(): { (): UploadLists; (name: string): readonly Upload[] } {
    return (...args: [] | [string]) => this.#request.uploads(...(args as [string])) as never;
  }

  /** `var("user")` reads and `var("user", value)` writes a value of `vars`. */
  get var(): { (name: string): unknown; <V>(name: string, value: V): V } {
    return (name: string, ...rest: [] | [unknown]) => {
      if (rest.length === 1) this.vars[name] = rest[0];
      return Object.hasOwn(this.vars, name) ? (this.vars[name] as never) : (undefined as never);
    };
  }

  /** `session("k")` reads, `session("k", v)` writes and returns `v`, `session()` is the session itself. */
  get session(): SessionWord {
    return ((...args: [] | [SessionKey] | [SessionKey, never]) => {
      const session = this.#host.session(this);
      if (args.length === 0) return session;
      return args.length === 1 ? session.get(args[0]) : session.set(args[0], args[1]);
    }) as SessionWord;
  }

  /** `status(404)` or `status("not_found")` sets the status; `status()` tells it. */
  get status(): (value?: number | string) => number {
    return (value) => {
      if (value !== undefined) {
        const status = toStatus(value);
        if (status === undefined)
          this.warning(`unknown status "${value}"; the status stays ${this.#response.status}`);
        else this.#response.status = status;
      }
      return this.#response.status;
    };
  }

  /** `header("X-Name", value)` replaces a response header; `null` removes it, a list sets several. */
  get header(): (name: string, value: HeaderValue | readonly HeaderValue[] | null) => void {
    return (name, value) => replaceHeader(this.#response, name, value);
  }

  /** `headers({ "X-A": 1, "X-B": 2 })` replaces several response headers. */
  get headers(): (headers: Readonly<Record<string, HeaderValue>>) => void {
    return (headers) => {
      for (const [name, value] of Object.entries(headers)) this.header(name, value);
    };
  }

  /** `pushHeader("X-Name", value, …)` adds values of a response header. */
  get pushHeader(): (name: string, ...values: HeaderValue[]) => void {
    return (name, ...values) => pushHeader(this.#response, name, values);
  }

  /** `contentType("json")` or `contentType("text/csv")` sets the type; `contentType()` tells it. */
  get contentType(): (type?: string) => string | undefined {
    return (type) => {
      if (type !== undefined) this.#response.setHeader("Content-Type", this.#host.mediaType(type));
      return this.#response.header("Content-Type");
    };
  }

  /** `cookie("a")` reads a cookie, `cookie("a", "one", options)` sets one, `null` deletes it. */
  get cookie(): CookieWord {
    return (name: string, value?: CookieValue | null, options?: CookieWordOptions) => {
      if (value === undefined) return this.#cookies?.get(name) ?? this.#request.cookies[name];
      (this.#cookies ??= new Map()).set(name, setCookie(this.#response, name, value, options));
      return undefined;
    };
  }

  /** Sets status (302) and Location and returns: what the handler says afterwards still counts. */
  get redirect(): (target: string, status?: number | string) => void {
    return (target, status = 302) => {
      setRedirect(this.#response, this.#request.uriBase, target, status);
      this.progress.redirected = true;
    };
  }

  /**
   * As `redirect`, for a target that came from the client: it must be a path of this app, such as
   * `/cart?page=2`. @throws HTTPError 400 `redirect-not-local` for one that leads elsewhere.
   */
  get redirectLocal(): (target: string, status?: number | string) => void {
    return (target, status) => this.redirect(localTarget(target), status);
  }

  /** The absolute URL of a path of this app: `uriFor("/cart", { page: 2 })`. */
  get uriFor(): (path: string, params?: UriParams) => string {
    return (path, params) => buildUri(this.#request.uriBase, path, params);
  }

  /** Renders a view, within the layout if there is one. The tokens `settings params request session vars` are always there. */
  get template(): (...page: Page) => Awaitable<string> {
    return (...page) => this.#page("render", page);
  }

  /** Markup of your own within the layout: `renderWithLayout("<p>hello</p>", { title: "Hello" })`. */
  get renderWithLayout(): (...page: Page) => Awaitable<string> {
    return (...page) => this.#page("renderWithLayout", page);
  }

  /** `layout("print")` or `layout(null)`: the layout for the rest of this request. */
  get layout(): (name: string | null) => void {
    return (name) => {
      this.#layout = name;
    };
  }

  /** Leaves the handler: answers with this, and neither later hooks nor routes run. */
  get halt(): typeof halt {
    return halt;
  }

  /** Leaves the handler: the next route that matches answers. */
  get pass(): typeof pass {
    return pass;
  }

  /** Leaves the handler: starts over as if `target` had been asked for. */
  get forward(): typeof forward {
    return forward;
  }

  /**
   * Leaves the handler: answers with an error page, which shows the message only where errors are
   * shown; data instead of a message is sent as it is, by the serializer.
   */
  get sendError(): typeof sendError {
    return sendError;
  }

  /** Leaves the handler: answers with a file below `public`, or with `options.data` as one. */
  get sendFile(): typeof sendFile {
    return sendFile;
  }

  /** Logs at level debug. */
  get debug(): (...message: unknown[]) => void {
    return (...message) => this.#log("debug", message);
  }

  /** Logs at level info. */
  get info(): (...message: unknown[]) => void {
    return (...message) => this.#log("info", message);
  }

  /** Logs at level warning. */
  get warning(): (...message: unknown[]) => void {
    return (...message) => this.#log("warning", message);
  }

  /** Logs at level error. */
  get error(): (...message: unknown[]) => void {
    return (...message) => this.#log("error", message);
  }

  /** For the app: the route that matched, or that none did. */
  enter(found: Entry<Context<unknown>> | undefined): void {
    this.#route = found?.route;
    this.#match = found?.match ?? NO_VALUES;
    if (found !== undefined) this.#host = found.route.host;
    this.#request.routeParams = this.#match.params;
  }

  /** For the app: starts over with another request, or with a clean response. */
  restart(request: Request = this.#request): void {
    const { content } = this.#response;
    if (content instanceof Readable) content.destroy();
    this.#request = request;
    this.#response.content = undefined;
    this.#response = new Response();
    this.#match = NO_VALUES;
    this.#route = undefined;
    this.progress.redirected = false;
  }

  #page(
    word: "render" | "renderWithLayout",
    [source, tokens = {}, options = {}]: Page,
  ): Awaitable<string> {
    const layout = this.#layout === undefined ? options : { layout: this.#layout, ...options };
    return this.#host.page(word, this, source, tokens, layout);
  }

  #log(level: LogLevel, message: readonly unknown[]): void {
    this.#host.log(level, toLogText(message), this.#request);
  }
}
