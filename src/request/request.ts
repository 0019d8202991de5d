/** The request being served: a thin view over node's, every part worked out when it is first asked for. */
import type { IncomingHttpHeaders } from "node:http";
import { hasBody, parseFormBody, parseJsonBody } from "./body.ts";
import { parseCookies, rawCookie, splitCookie } from "./cookies.ts";
import { HTTPError, QuickstepError } from "../errors.ts";
import { parseMediaType } from "./media-type.ts";
import {
  allValues,
  isJson,
  lastValues,
  mergedParams,
  oneParam,
  type ParamSource,
} from "./params.ts";
import { parseQuery, type ParameterLists } from "./query.ts";
import { RequestAbort } from "./request-abort.ts";
import { parseTarget } from "./request-path.ts";
import type { Upload, UploadLists } from "./upload.ts";

/** What a server hands over; node's `IncomingMessage` fits. */
export interface RawRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion?: string | undefined;
  readonly socket?:
    | {
        readonly remoteAddress?: string | undefined;
        readonly localPort?: number | undefined;
        readonly encrypted?: boolean | undefined;
      }
    | undefined;
  /** The path below which the app is mounted; Express and Connect set it. */
  readonly baseUrl?: string | undefined;
  /** True once somebody has read from the body. */
  readonly readableDidRead?: boolean | undefined;
  /** What Connect middleware has made of the body. */
  readonly body?: unknown;
}

/** What a request came through a proxy with. */
export interface Forwarded {
  /** The client's address. */
  readonly address: string | undefined;
  /** The host that the client asked for. */
  readonly host: string | undefined;
  /** How the client came to the proxy. */
  readonly scheme: "http" | "https" | undefined;
}

/** Limits on what is parsed, and whom to believe. */
export interface RequestLimits {
  readonly maxParameters: number;
  /** What a trusted proxy says about a request; `undefined` when it came through none. */
  readonly forwarded?: ((raw: RawRequest) => Forwarded | undefined) | undefined;
  /** Tells whether a host, without its port, is one of ours. */
  readonly allowsHost?: ((host: string) => boolean) | undefined;
}

const NO_BODY = Buffer.alloc(0);
const NO_UPLOADS: UploadLists = Object.freeze(Object.create(null) as UploadLists);
const NO_PARAMETERS: ParameterLists = Object.freeze(Object.create(null) as ParameterLists);
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
let lastId = 0;

/** One request. Accessors have Dancer's names in camelCase. */
export class Request {
  /** Node's request, or what the server's adapter made of it. */
  readonly raw: RawRequest;
  /** The method, upper case. */
  readonly method: string;
  /** The path, percent-decoded once, dot segments removed: the same for hooks, router and files. */
  readonly path: string;
  /** What the router matches: `path`, unless a before hook has set another one. */
  pathInfo: string;
  /** The query as it was sent, without `?`. */
  readonly queryString: string;
  /** The parameters of the route that is running. */
  routeParams: Readonly<Record<string, string>> = {};
  /** True when `forward` led here. */
  readonly isForward: boolean;
  /** For the app: gives the request up. */
  readonly abort: RequestAbort;
  readonly #limits: RequestLimits;
  #bytes: Buffer = NO_BODY;
  #id: string | undefined;
  #query: ParameterLists | undefined;
  #form: ParameterLists | undefined;
  #data: { value: unknown } | undefined;
  #via: Forwarded | null | undefined;
  #uploads: UploadLists | undefined;
  #hasData = false;
  #cookies: Readonly<Record<string, string>> | undefined;

  /** @throws HTTPError 400 when the request target cannot be decoded. */
  constructor(
    raw: RawRequest,
    limits: RequestLimits,
    forwarded?: {
      from: Request;
      method?: string | undefined;
      target: string;
      params: Readonly<Record<string, string>>;
    },
    abort = forwarded?.from.abort ?? new RequestAbort(),
  ) {
    const target = parseTarget(forwarded?.target ?? raw.url ?? "/");
    this.raw = raw;
    this.#limits = limits;
    this.abort = abort;
    this.path = target.path;
    this.pathInfo = target.path;
    this.isForward = forwarded !== undefined;
    if (forwarded === undefined) {
      this.method = raw.method ?? "GET";
      this.queryString = target.query;
      return;
    }
    const { from, params } = forwarded;
    this.method = forwarded.method?.toUpperCase() ?? from.method;
    this.#bytes = from.#bytes;
    this.#form = from.#form;
    this.#data = from.#data;
    this.#uploads = from.#uploads;
    this.#hasData = from.#hasData;
    this.#id = from.id;
    const given = parseQuery(target.query, limits);
    this.#query = Object.assign(
      Object.create(null) as Record<string, readonly string[]>,
      from.query,
      { ...lists(from.routeParams), ...given, ...lists(params) },
    );
    this.queryString = [from.queryString, target.query].filter((text) => text !== "").join("&");
  }

  /** A name for this request in the log. */
  get id(): string {
    return (this.#id ??= `${process.pid.toString(36)}-${(++lastId).toString(36)}`);
  }

  /**
   * Aborted when the client goes away before it has the whole answer, and when `handler_timeout` is
   * over; hand it to `fetch` and whatever else a handler waits for.
   */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** The request target as it was sent: path and query, still encoded. */
  get uri(): string {
    return this.scriptName + (this.raw.url ?? "/");
  }

  /** The headers, names in lower case. */
  get headers(): IncomingHttpHeaders {
    return this.raw.headers;
  }

  /** A header's value, several joined by `, `; `_` in the name may stand for `-`. */
  header(name: string): string | undefined {
    const key = name.toLowerCase();
    const value = this.raw.headers[key] ?? this.raw.headers[key.replaceAll("_", "-")];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /**
   * The host that the client asked for, with its port if it named one.
   *
   * @throws HTTPError 400 `host-invalid` for anything but a host and a port, `host-not-allowed` for
   * one that `allowed_hosts` does not name.
   */
  get host(): string {
    return this.checkHost();
  }

  /** For the app: `host`, for its errors. */
  checkHost(): string {
    const host = this.#forwarded?.host ?? this.raw.headers.host ?? "localhost";
    if (!HOST.test(host)) {
      throw new HTTPError(400, "the Host header is not a host name", { code: "host-invalid" });
    }
    if (this.#limits.allowsHost?.(host.toLowerCase().replace(/:\d+$/, "")) === false) {
      throw new HTTPError(400, `"allowed_hosts" does not name the host "${host}"`, {
        code: "host-not-allowed",
      });
    }
    return host;
  }

  /** `http` or `https`. */
  get scheme(): "http" | "https" {
    return this.secure ? "https" : "http";
  }

  /** True over TLS, to us or to a proxy that `behind_proxy` names. */
  get secure(): boolean {
    const scheme = this.#forwarded?.scheme;
    return scheme === undefined ? this.raw.socket?.encrypted === true : scheme === "https";
  }

  /** `HTTP/1.1`. */
  get protocol(): string {
    return `HTTP/${this.raw.httpVersion ?? "1.1"}`;
  }

  /** The path below which the app is mounted, `""` at the root. */
  get scriptName(): string {
    return this.raw.baseUrl ?? "";
  }

  /** Scheme, host and mount point, without a slash at the end: `http://shop.test:8080`. */
  get uriBase(): string {
    const host = this.host.toLowerCase().replace(this.secure ? /:443$/ : /:80$/, "");
    return `${this.scheme}://${host}${this.scriptName}`;
  }

  /** `uriBase`, at the root with a slash at the end. */
  get base(): string {
    return this.scriptName === "" ? `${this.uriBase}/` : this.uriBase;
  }

  /** The client's address. */
  get address(): string | undefined {
    return this.#forwarded?.address ?? this.raw.socket?.remoteAddress;
  }

  /** The port on which the server listens. */
  get port(): number | undefined {
    return this.raw.socket?.localPort;
  }

  /** The User-Agent header. */
  get userAgent(): string | undefined {
    return this.header("user-agent");
  }

  /** The Referer header. */
  get referer(): string | undefined {
    return this.header("referer");
  }

  /** The media type of the body, lower case and without parameters. */
  get contentType(): string | undefined {
    const header = this.raw.headers["content-type"];
    return header === undefined ? undefined : parseMediaType(header)?.type;
  }

  /** The length of the body in bytes. */
  get contentLength(): number {
    return this.#bytes.length;
  }

  /** True when the X-Requested-With header says so. */
  get isAjax(): boolean {
    return this.raw.headers["x-requested-with"] === "XMLHttpRequest";
  }

  /** The cookies that came along, decoded. */
  get cookies(): Readonly<Record<string, string>> {
    return (this.#cookies ??= parseCookies(this.raw.headers.cookie));
  }

  /** All values of a cookie that was set from a list, or from a map as names and values. */
  cookieArray(name: string): string[] {
    const value = rawCookie(this.raw.headers.cookie, name);
    return value === undefined ? [] : splitCookie(value);
  }

  /** The body as it was received. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The body as UTF-8 text. */
  get body(): string {
    return this.#bytes.toString("utf8");
  }

  /** The values of the query by name. @throws HTTPError 400 on malformed escapes. */
  get query(): ParameterLists {
    return (this.#query ??=
      this.queryString === "" ? NO_PARAMETERS : parseQuery(this.queryString, this.#limits));
  }

  /** The values of an HTML form in the body, by name; of a file, its name; none for other bodies. */
  get form(): ParameterLists {
    return (this.#form ??=
      this.contentType === "application/x-www-form-urlencoded"
        ? parseFormBody(this.#bytes, this.#limits)
        : NO_PARAMETERS);
  }

  /** The data in the body: what JSON or the app's serializer says, or a form's values. @throws HTTPError 400 on malformed JSON. */
  get data(): unknown {
    return (this.#data ??= { value: this.#parseData() }).value;
  }

  /** The parameters from one source, or from all merged; see `mergedParams`. */
  params(source?: ParamSource): Record<string, unknown> {
    return mergedParams(this, source);
  }

  /** One parameter as text; see `oneParam`. */
  param(name: string): string | undefined {
    return oneParam(this, name);
  }

  /** All values of a parameter; see `allValues`. */
  paramArray(name: string): string[] {
    return allValues(this, name);
  }

  /** The file of this name from a form; of several, the last. See `Upload`. */
  upload(name: string): Upload | undefined {
    return this.uploads(name).at(-1);
  }

  /** All files of one name, in the order sent; without a name, those of every name. */
  uploads(): UploadLists;
  uploads(name: string): readonly Upload[];
  uploads(name?: string): UploadLists | readonly Upload[] {
    const all = this.#uploads ?? NO_UPLOADS;
    return name === undefined ? all : (all[name] ?? []);
  }

  /** Keeps the form with files that the server received. */
  receiveForm(fields: ParameterLists, uploads: UploadLists): void {
    this.#form = fields;
    this.#data = { value: lastValues(fields) };
    this.#uploads = uploads;
  }

  /** Keeps the body that the server received. */
  receive(bytes: Buffer): void {
    this.#bytes = bytes;
  }

  /**
   * Keeps what Connect middleware, such as `express.json()`, has made of the body that it read.
   *
   * Text and bytes become the body itself; anything else is `data`, and its texts are the `form` where
   * the body is not JSON.
   *
   * @throws QuickstepError `body-consumed` when it left nothing in `req.body`.
   */
  adopt(body: unknown): void {
    if (body === undefined || body === null) {
      throw new QuickstepError(
        "body-consumed",
        "a middleware has read the request body and left no req.body; " +
          'let it set that, or declare the route with { body: "stream" }',
      );
    }
    if (typeof body === "string" || body instanceof Uint8Array) {
      this.#bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
      return;
    }
    this.#data = { value: body };
    this.#form = isJson(this.contentType) ? NO_PARAMETERS : textLists(body);
  }

  /** Keeps the data that a serializer read in the body. */
  receiveData(data: unknown): void {
    this.#data = { value: data };
    this.#hasData = true;
  }

  /** True when the body holds data rather than a form: JSON, or what a serializer has read. */
  get hasData(): boolean {
    return this.#hasData || isJson(this.contentType);
  }

  /** True when a body has to be received before the hooks run. */
  get hasBody(): boolean {
    return hasBody(this.raw.headers);
  }

  /** `[#id] GET /path`, for logs. */
  toString(): string {
    return `[#${this.id}] ${this.method} ${this.path}`;
  }

  get #forwarded(): Forwarded | null {
    return (this.#via ??= this.#limits.forwarded?.(this.raw) ?? null);
  }

  #parseData(): unknown {
    const type = this.contentType;
    if (type === undefined || this.#bytes.length === 0) return undefined;
    if (isJson(type)) return parseJsonBody(this.#bytes);
    if (type !== "application/x-www-form-urlencoded") return undefined;
    return lastValues(this.form);
  }
}

function lists(params: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [value]]));
}

function textLists(data: object): ParameterLists {
  const lists = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(data)) {
    const texts = [value].flat().filter((one) => typeof one === "string");
    if (texts.length > 0) lists[name] = texts;
  }
  return lists;
}
