/** A visitor of an app under test: real requests over a socket, with a browser's cookie jar. */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { App } from "../app.ts";
import type { CaptureLogger } from "../engines/logger/capture.ts";
import { QuickstepError } from "../errors.ts";
import { AppUnderTest } from "./app-under-test.ts";
import type { Clock } from "./clock.ts";
import { CookieJar } from "./cookie-jar.ts";
import { Reply } from "./reply.ts";

/** How a client differs from a plain one. */
export interface ClientOptions {
  /**
   * Where the visitor believes the app to be; by default `https://app.test`. Under `https:` requests
   * count as secure; there is no TLS on the way.
   */
  readonly origin?: string;
  /** Headers of every request, such as `user-agent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True to follow redirects, as browsers do; by default they are given as they come. */
  readonly follow?: boolean;
}

/** How a request differs from a plain one. Of `body`, `form` and `json` one may be given. */
export interface RequestOptions {
  /**
   * Over those of the client; a Cookie header goes out instead of the jar's. As browsers do, requests
   * other than GET, HEAD and OPTIONS carry the `Origin` of the page that causes them; `origin: ""` hides it.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. A `FormData` is sent as a browser sends a form with files. */
  readonly body?: string | Uint8Array | FormData;
  /** Sent as an HTML form. */
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Whether to follow redirects, over the client's choice. */
  readonly follow?: boolean;
  /** True for a request that another site's page causes: `SameSite` decides which cookies go along. */
  readonly crossSite?: boolean;
}

const MOST_REDIRECTS = 20;
/** The methods with which browsers name no Origin to the page's own site. */
const READS = new Set(["GET", "HEAD", "OPTIONS"]);
/** Whose page causes the requests that `crossSite` marks. */
const ELSEWHERE = "https://elsewhere.test";

/**
 * Makes a visitor of the app. The app is started and served when it is first asked for anything, on a
 * free port of 127.0.0.1; several clients of one app are several visitors of one server.
 *
 * The app gets a clock that can be moved, keeps its log in memory (unless code has set `logger`),
 * runs in the environment `test` and seals cookies with a throw-away key, unless it, or a variable, says
 * otherwise. Nothing keeps the process alive, so `close` may be left out.
 *
 * @throws QuickstepError `client-too-late` when the app has started.
 * @example
 * const client = createClient(app);
 * await client.setSession({ user: "ada" });
 * assert.equal((await client.get("/")).text, "Hello ada");
 */
export function createClient(app: App, options: ClientOptions = {}): Client {
  return new Client(AppUnderTest.of(app), options);
}

/** One visitor. */
export class Client {
  /** The visitor's cookies. */
  readonly jar: CookieJar;
  readonly #subject: AppUnderTest;
  readonly #options: ClientOptions;
  readonly #origin: string;
  readonly #agent = new Agent({ keepAlive: true });

  /** Use `createClient` to make one. */
  constructor(subject: AppUnderTest, options: ClientOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#origin = new URL(options.origin ?? "https://app.test").origin;
    this.jar = new CookieJar(subject.clock.now);
  }

  /** The clock of the app and of all its visitors: `client.clock.advance("25 hours")`. */
  get clock(): Clock {
    return this.#subject.clock;
  }

  /** What the app has logged: `client.log.entries`, or `client.log.read()` to empty it too. */
  get log(): CaptureLogger {
    return this.#subject.log;
  }

  /** Sends a GET. */
  get(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("GET", path, options);
  }

  /** Sends a HEAD. */
  head(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("HEAD", path, options);
  }

  /** Sends a POST. */
  post(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("POST", path, options);
  }

  /** Sends a PUT. */
  put(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("PUT", path, options);
  }

  /** Sends a PATCH. */
  patch(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("PATCH", path, options);
  }

  /** Sends a DELETE. */
  del(path: string, options?: RequestOptions): Promise<Reply> {
    return this.request("DELETE", path, options);
  }

  /** Sends a request. The path, with its query, goes out as it is written, if HTTP can carry it. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const reply = await this.#send(method, path, await encodeBody(options), options);
    return (options.follow ?? this.#options.follow) === true
      ? this.#follow(reply, method, options)
      : reply;
  }

  /** Follows the redirects that start at this reply, as a browser does, and gives the last answer. */
  follow(reply: Reply): Promise<Reply> {
    return this.#follow(reply, "GET", {});
  }

  /** What the visitor's session holds; the app must be one with sessions. */
  session(): Promise<Record<string, unknown>> {
    return this.#subject.readSession(this.jar, this.#origin);
  }

  /** Writes to the visitor's session, whatever its engine: logged in without the login page. */
  setSession(data: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#subject.writeSession(this.jar, this.#origin, data);
  }

  /** A client with a copy of the cookies as they are now: another tab, or a thief. */
  copy(): Client {
    const copy = new Client(this.#subject, this.#options);
    copy.jar.replaceBy(this.jar);
    return copy;
  }

  /** The port of 127.0.0.1 on which the app listens, for tests that need a socket of their own. */
  port(): Promise<number> {
    return this.#subject.port(this.#origin.startsWith("https:"));
  }

  /** Stops serving the app, for all its clients, and lets go of its engines. */
  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#subject.close();
  }

  async #follow(first: Reply, method: string, options: RequestOptions): Promise<Reply> {
    let reply = first;
    let verb = method;
    let body: Body = await encodeBody(options);
    for (let count = 0; count < MOST_REDIRECTS; count += 1) {
      const location = reply.header("location");
      if (location === undefined || ![301, 302, 303, 307, 308].includes(reply.status)) return reply;
      const url = new URL(location, reply.url);
      if (url.origin !== this.#origin) return reply;
      // As browsers do; only 307 and 308 promise to repeat the request.
      if ((reply.status === 303 && verb !== "HEAD") || (reply.status < 303 && verb === "POST")) {
        verb = "GET";
        body = {};
      }
      reply = await this.#send(verb, url.href, body, options);
    }
    throw new QuickstepError(
      "too-many-redirects",
      `"${first.url}" leads to more than ${MOST_REDIRECTS} redirects; the last went to "${reply.url}"`,
    );
  }

  async #send(method: string, path: string, body: Body, options: RequestOptions): Promise<Reply> {
    const url = new URL(path, this.#origin);
    const cookies = this.jar.header(url.href, { method, crossSite: options.crossSite === true });
    const headers: Record<string, string> = {
      host: url.host,
      ...(READS.has(method)
        ? {}
        : { origin: options.crossSite === true ? ELSEWHERE : this.#origin }),
      ...(cookies === "" ? {} : { cookie: cookies }),
      ...(body.type === undefined ? {} : { "content-type": body.type }),
      // Node would frame no body of a DELETE or OPTIONS.
      ...(body.bytes === undefined
        ? {}
        : { "content-length": String(Buffer.byteLength(body.bytes)) }),
      ...lowerCase(this.#options.headers),
      ...lowerCase(options.headers),
    };
    const port = await this.port();
    const target =
      /^\/[!-~]*$/.test(path) && !path.includes("#") ? path : url.pathname + url.search;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = httpRequest({
        agent: this.#agent,
        host: "127.0.0.1",
        port,
        method,
        path: target,
        headers,
        setHost: false,
      });
      sent.once("response", resolve).once("error", reject).end(body.bytes);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const raw = response.rawHeaders;
    const pairs = raw.flatMap((name, at): [string, string][] =>
      at % 2 === 0 ? [[name, raw[at + 1] ?? ""]] : [],
    );
    const status = response.statusCode ?? 0;
    const reply = new Reply({ url: url.href, status, pairs, bytes: Buffer.concat(chunks) });
    for (const text of reply.setCookies) this.jar.store(url.href, text);
    return reply;
  }
}

interface Body {
  readonly bytes?: string | Uint8Array;
  readonly type?: string;
}

async function encodeBody({ body, form, json }: RequestOptions): Promise<Body> {
  if (form !== undefined) {
    const pairs = Object.entries(form).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    );
    const bytes = new URLSearchParams(pairs).toString();
    return { bytes, type: "application/x-www-form-urlencoded" };
  }
  if (json !== undefined) return { bytes: JSON.stringify(json), type: "application/json" };
  if (!(body instanceof FormData)) return body === undefined ? {} : { bytes: body };
  const encoded = new globalThis.Response(body);
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return { bytes, type: encoded.headers.get("content-type") ?? "multipart/form-data" };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
