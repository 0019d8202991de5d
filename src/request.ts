/** The request being served: a thin view over node's, every part worked out when it is first asked for. */
import type { IncomingHttpHeaders } from "node:http";
import { hasBody, parseFormBody, parseJsonBody } from "./body.ts";
import { parseCookies } from "./cookies.ts";
import { HTTPError } from "./errors.ts";
import { parseMediaType } from "./media-type.ts";
import { parseQuery, type ParameterLists } from "./query.ts";
import { parseTarget } from "./request-path.ts";

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
}

/** Limits on what is parsed. */
export interface RequestLimits {
  readonly maxParameters: number;
}

/** Where a parameter came from. */
export type ParamSource = "route" | "query" | "body";

const NO_BODY = Buffer.alloc(0);
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
  /** The query as it was sent, without `?`. */
  readonly queryString: string;
  /** The parameters of the route that is running. */
  routeParams: Readonly<Record<string, string>> = {};
  /** True when `forward` led here. */
  readonly isForward: boolean;
  readonly #limits: RequestLimits;
  #bytes: Buffer = NO_BODY;
  #id: string | undefined;
  #query: ParameterLists | undefined;
  #form: ParameterLists | undefined;
  #data: { value: unknown } | undefined;
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
  ) {
    const target = parseTarget(forwarded?.target ?? raw.url ?? "/");
    this.raw = raw;
    this.#limits = limits;
    this.path = target.path;
    this.isForward = forwarded !== undefined;
    if (forwarded === undefined) {
      this.method = raw.method ?? "GET";
      this.queryString = target.query;
      return;
    }
    const { from, params } = forwarded;
    this.method = forwarded.method?.toUpperCase() ?? from.method;
    this.#bytes = from.#bytes;
    this.#id = from.id;
    const given = parseQuery(target.query, limits);
    this.#query = Object.assign(
      Object.create(null) as Record<string, readonly string[]>,
      from.query,
      given,
      lists(params),
    );
    this.queryString = [from.queryString, target.query].filter((text) => text !== "").join("&");
  }

  /** A name for this request in the log. */
  get id(): string {
    return (this.#id ??= `${process.pid.toString(36)}-${(++lastId).toString(36)}`);
  }

  /** The request target as it was sent: path and query, still encoded. */
  get uri(): string {
    return this.raw.url ?? "/";
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

  /** The Host header. @throws HTTPError 400 when it holds anything but a host and a port. */
  get host(): string {
    const host = this.raw.headers.host ?? "localhost";
    if (!HOST.test(host)) {
      throw new HTTPError(400, "the Host header is not a host name", { code: "host-invalid" });
    }
    return host;
  }

  /** `http` or `https`. */
  get scheme(): "http" | "https" {
    return this.secure ? "https" : "http";
  }

  /** True over TLS. */
  get secure(): boolean {
    return this.raw.socket?.encrypted === true;
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

  /** `uriBase` with a slash at the end. */
  get base(): string {
    return `${this.uriBase}/`;
  }

  /** The client's address. */
  get address(): string | undefined {
    return this.raw.socket?.remoteAddress;
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

  /** The values of an HTML form in the body, by name; none for other bodies. */
  get form(): ParameterLists {
    return (this.#form ??=
      this.contentType === "application/x-www-form-urlencoded"
        ? parseFormBody(this.#bytes, this.#limits)
        : NO_PARAMETERS);
  }

  /** The data in the body: what JSON says, or a form's values. @throws HTTPError 400 on malformed JSON. */
  get data(): unknown {
    return (this.#data ??= { value: this.#parseData() }).value;
  }

  /**
   * The parameters from one source, or from all: route before body before query, the last value of a
   * repeated name. Values are text, except for data from a JSON body.
   */
  params(source?: ParamSource): Record<string, unknown> {
    const all = Object.create(null) as Record<string, unknown>;
    if (source === undefined || source === "query") assignLast(all, this.query);
    if (source === undefined || source === "body") {
      assignLast(all, this.form);
      Object.assign(all, this.#jsonParams());
    }
    if (source === undefined || source === "route") Object.assign(all, this.routeParams);
    return all;
  }

  /**
   * One parameter as text, from the route, the body or the query, in this order; the last value of
   * a repeated name.
   *
   * @throws HTTPError 400 when a JSON body holds an object or a list under this name.
   */
  param(name: string): string | undefined {
    if (Object.hasOwn(this.routeParams, name)) return this.routeParams[name];
    const form = this.form[name]?.at(-1);
    if (form !== undefined) return form;
    const json = this.#jsonParams();
    if (json !== undefined && Object.hasOwn(json, name)) return scalarText(json[name], name);
    return this.query[name]?.at(-1);
  }

  /** All values of a parameter, from the first source that has it: route, body, query. */
  paramArray(name: string): string[] {
    const route = Object.hasOwn(this.routeParams, name) ? this.routeParams[name] : undefined;
    if (route !== undefined) return [route];
    const form = this.form[name];
    if (form !== undefined) return [...form];
    const json = this.#jsonParams();
    if (json !== undefined && Object.hasOwn(json, name)) {
      const values: readonly unknown[] = Array.isArray(json[name]) ? json[name] : [json[name]];
      return values.map((value) => scalarText(value, name)).filter((text) => text !== undefined);
    }
    return [...(this.query[name] ?? [])];
  }

  /** Keeps the body that the server received. */
  receive(bytes: Buffer): void {
    this.#bytes = bytes;
  }

  /** True when a body has to be received before the hooks run. */
  get hasBody(): boolean {
    return hasBody(this.raw.headers);
  }

  #parseData(): unknown {
    const type = this.contentType;
    if (type === undefined || this.#bytes.length === 0) return undefined;
    if (type === "application/json" || type.endsWith("+json")) return parseJsonBody(this.#bytes);
    if (type !== "application/x-www-form-urlencoded") return undefined;
    return assignLast(Object.create(null) as Record<string, unknown>, this.form);
  }

  #jsonParams(): Record<string, unknown> | undefined {
    // As in Dancer, the JSON body of a GET request makes no parameters.
    if (this.#bytes.length === 0 || this.method === "GET" || this.method === "HEAD")
      return undefined;
    if (this.contentType === "application/x-www-form-urlencoded") return undefined;
    const data = this.data;
    return typeof data === "object" && data !== null && !Array.isArray(data)
      ? (data as Record<string, unknown>)
      : undefined;
  }
}

function assignLast(
  target: Record<string, unknown>,
  values: ParameterLists,
): Record<string, unknown> {
  for (const name of Object.keys(values)) target[name] = values[name]?.at(-1);
  return target;
}

function lists(params: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [value]]));
}

function scalarText(value: unknown, name: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new HTTPError(
    400,
    `the parameter "${name}" must be text; params("body") gives data as it was sent`,
    {
      code: "param-not-text",
    },
  );
}
