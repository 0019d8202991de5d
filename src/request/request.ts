/** The request being served: a thin view over node's, every part worked out when it is first asked for. */
import type { IncomingHttpHeaders } from "node:http";
import { parseCookies, rawCookie, splitCookie } from "./cookies.ts";
import { forwardedQuery } from "./forward.ts";
import { allowedHost } from "./host.ts";
import { parseMediaType } from "./media-type.ts";
import { allValues, isJson, mergedParams, oneParam, type ParamSource } from "./params.ts";
import { parseQuery, type ParameterLists } from "./query.ts";
import {
  declaresBody,
  type Forwarded,
  type RawRequest,
  type RequestLimits,
} from "./raw-request.ts";
import type { ReceivedBody } from "./received-body.ts";
import { RequestAbort, type Exchange } from "./request-abort.ts";
import { parseTarget, plainTarget } from "./request-path.ts";
import type { Forward } from "../signals.ts";
import type { Upload, UploadLists } from "./upload.ts";

const NO_BODY = Buffer.alloc(0);
const NO_UPLOADS: UploadLists = Object.freeze(Object.create(null) as UploadLists);
const NO_PARAMETERS: ParameterLists = Object.freeze(Object.create(null) as ParameterLists);
const processId = process.pid.toString(36);
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
  routeParams: Readonly<Record<string, string | undefined>> = {};
  /** True when `forward` led here. */
  readonly isForward: boolean;
  /** For the app: the body, once it has come. */
  received: ReceivedBody | undefined;
  readonly #limits: RequestLimits;
  readonly #end: Exchange | undefined;
  #abort: RequestAbort | undefined;
  #id: string | undefined;
  #query: ParameterLists | undefined;
  #via: Forwarded | null | undefined;
  #cookies: Readonly<Record<string, string>> | undefined;

  /**
   * @param end what tells that the exchange is over
   * @throws HTTPError 400 when the request target cannot be decoded.
   */
  constructor(
    raw: RawRequest,
    limits: RequestLimits,
    forwarded?: Omit<Forward, "signal"> & { readonly from: Request },
    end?: Exchange,
  ) {
    const target =
      forwarded === undefined ? parseTarget(raw.url ?? "/") : plainTarget(forwarded.target);
    this.raw = raw;
    this.#limits = limits;
    this.#end = end;
    this.path = target.path;
    this.pathInfo = target.path;
    this.isForward = forwarded !== undefined;
    if (forwarded === undefined) {
      this.method = raw.method ?? "GET";
      this.queryString = target.query;
      return;
    }
    const { from, params } = forwarded;
    this.#abort = from.abort;
    this.method = forwarded.method?.toUpperCase() ?? from.method;
    this.received = from.received;
    this.#id = from.id;
    this.#query = forwardedQuery(from, parseQuery(target.query, limits), params);
    this.queryString = [from.queryString, target.query].filter((text) => text !== "").join("&");
  }

  /** A name for this request in the log. */
  get id(): string {
    return (this.#id ??= `${processId}-${(++lastId).toString(36)}`);
  }

  /**
   * Aborted when the client goes away before it has the whole answer, and when `handler_timeout` is
   * over; hand it to `fetch` and whatever else a handler waits for.
   */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** For the app: gives the request up. */
  get abort(): RequestAbort {
    return (this.#abort ??= new RequestAbort(this.#end));
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
    const value = this.raw.headers[key] ?? this.raw.headers[key.replace(/_/g, "-")];
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
    return allowedHost(this.#forwarded?.host ?? this.raw.headers.host ?? "localhost", this.#limits);
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

  /** The Content-Type header, with its parameters. */
  get contentType(): string | undefined {
    return this.raw.headers["content-type"];
  }

  /** The media type of the body, lower case and without parameters. */
  get mediaType(): string | undefined {
    const { contentType } = this;
    return contentType === undefined ? undefined : parseMediaType(contentType)?.type;
  }

  /** The length of the body in bytes, as its header says or as it came. */
  get contentLength(): number {
    return Number(this.raw.headers["content-length"] ?? this.bytes.length);
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
    return this.received?.bytes ?? NO_BODY;
  }

  /** The body as UTF-8 text. */
  get body(): string {
    return this.bytes.toString("utf8");
  }

  /** The values of the query by name. @throws HTTPError 400 on malformed escapes. */
  get query(): ParameterLists {
    return (this.#query ??=
      this.queryString === "" ? NO_PARAMETERS : parseQuery(this.queryString, this.#limits));
  }

  /** The values of an HTML form in the body, by name; of a file, its name; none for other bodies. */
  get form(): ParameterLists {
    return this.received?.form ?? NO_PARAMETERS;
  }

  /** The data in the body: what JSON or the app's serializer says, or a form's values. @throws HTTPError 400 on malformed JSON. */
  get data(): unknown {
    return this.received?.data;
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
    const all = this.received?.uploads ?? NO_UPLOADS;
    return name === undefined ? all : (all[name] ?? []);
  }

  /** True when the body holds data rather than a form: JSON, or what a serializer has read. */
  get hasData(): boolean {
    return this.received?.hasData ?? isJson(this.mediaType);
  }

  /** True when a body has to be received before the hooks run. */
  get hasBody(): boolean {
    return declaresBody(this.raw);
  }

  /** `[#id] GET /path`, for logs. */
  toString(): string {
    return `[#${this.id}] ${this.method} ${this.path}`;
  }

  get #forwarded(): Forwarded | null {
    return (this.#via ??= this.#limits.forwarded?.(this.raw) ?? null);
  }
}
