/** A visitor: sends requests, keeps cookies as RFC 6265bis tells browsers to. */

/** What is sent. */
export interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** What comes back, before it is put into a `Reply`. */
export interface Received {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Buffer;
}

/** How a request differs from a plain one. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; a map is sent as a form. */
  readonly body?: string | Readonly<Record<string, string>>;
}

/** An answer. */
export class Reply {
  readonly status: number;
  readonly pairs: readonly (readonly [string, string])[];
  readonly bytes: Buffer;

  constructor({ status, headers, bytes }: Received) {
    this.status = status;
    this.pairs = headers;
    this.bytes = bytes;
  }

  get text(): string {
    return this.bytes.toString("utf8");
  }

  get json(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** All Set-Cookie headers. */
  get setCookies(): string[] {
    return this.pairs.filter(([name]) => name.toLowerCase() === "set-cookie").map(([, v]) => v);
  }

  /** The value of a header; several are joined by `, `. */
  header(name: string): string | undefined {
    const found = this.pairs.filter(([known]) => known.toLowerCase() === name.toLowerCase());
    return found.length === 0 ? undefined : found.map(([, value]) => value).join(", ");
  }
}

/** A visitor with a cookie jar. Redirects are not followed unless `follow` is asked to. */
export class Client {
  readonly jar: CookieJar;
  readonly #origin: string;
  readonly #send: (url: string, sent: Sent) => Promise<Received>;

  constructor(
    origin: string,
    now: (() => number) | undefined,
    send: (url: string, sent: Sent) => Promise<Received>,
  ) {
    this.#origin = origin;
    this.#send = send;
    this.jar = new CookieJar(now);
  }

  get(path: string, asked?: Asked): Promise<Reply> {
    return this.request("GET", path, asked);
  }

  head(path: string, asked?: Asked): Promise<Reply> {
    return this.request("HEAD", path, asked);
  }

  post(path: string, body: Asked["body"] = "", asked: Asked = {}): Promise<Reply> {
    return this.request("POST", path, { ...asked, body });
  }

  /** Sends a request; a Cookie header that is given goes out instead of the jar's. */
  async request(method: string, path: string, asked: Asked = {}): Promise<Reply> {
    const url = new URL(path, this.#origin).href;
    const headers: Record<string, string> = { ...asked.headers };
    const cookies = this.jar.header(url);
    if (cookies !== "" && headers["cookie"] === undefined) headers["cookie"] = cookies;
    let body = asked.body;
    if (typeof body === "object") {
      headers["content-type"] ??= "application/x-www-form-urlencoded";
      body = new URLSearchParams(body).toString();
    }
    const reply = new Reply(await this.#send(url, { method, headers, body }));
    for (const text of reply.setCookies) this.jar.store(url, text);
    return reply;
  }

  /** Follows the redirects that start at this reply, as a browser does, and gives the last answer. */
  async follow(reply: Reply): Promise<Reply> {
    let last = reply;
    for (let count = 0; count < 20; count += 1) {
      const location = last.header("location");
      if (location === undefined || last.status < 300 || last.status > 399) return last;
      last = await this.get(location);
    }
    throw new Error("too many redirects");
  }
}

/** A cookie in a jar. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string;
  /** Milliseconds since 1970; `undefined` for one that ends with the browser. */
  readonly expires: number | undefined;
}

const LONGEST = 400 * 86_400_000;

/** The storage model of RFC 6265bis, with `localhost` and `127.0.0.1` trusted as browsers do. */
export class CookieJar {
  readonly #now: () => number;
  readonly #cookies = new Map<string, StoredCookie>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The cookies that are alive, oldest first. */
  get cookies(): StoredCookie[] {
    const now = this.#now();
    return [...this.#cookies.values()].filter(
      ({ expires }) => expires === undefined || expires > now,
    );
  }

  /** The names of the cookies that are alive. */
  get names(): string[] {
    return this.cookies.map(({ name }) => name);
  }

  /** The value of a cookie, by its whole name. */
  value(name: string): string | undefined {
    return this.cookies.find((cookie) => cookie.name === name)?.value;
  }

  /** The same cookies in another jar: another tab of the browser, or a thief's copy. */
  copy(): CookieJar {
    const copy = new CookieJar(this.#now);
    for (const [key, cookie] of this.#cookies) copy.#cookies.set(key, cookie);
    return copy;
  }

  /** Puts in what another jar holds, in place of everything. */
  replaceBy(other: CookieJar): void {
    this.#cookies.clear();
    for (const [key, cookie] of other.#cookies) this.#cookies.set(key, cookie);
  }

  /** Ends the browser: cookies without an end of their own are gone. */
  endBrowser(): void {
    for (const [key, { expires }] of this.#cookies) {
      if (expires === undefined) this.#cookies.delete(key);
    }
  }

  /** The Cookie header for this URL; empty for none. */
  header(url: string): string {
    const { hostname, pathname } = new URL(url);
    return this.cookies
      .filter((one) => domainMatches(hostname, one) && pathMatches(pathname, one.path))
      .filter((one) => !one.secure || isTrusted(url))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  /** Takes a Set-Cookie text and tells whether it was kept (or, when expired, obeyed). */
  store(url: string, text: string): boolean {
    const cookie = this.#parse(url, text);
    if (cookie === undefined) return false;
    const key = `${cookie.name};${cookie.domain};${String(cookie.hostOnly)};${cookie.path}`;
    if (cookie.expires !== undefined && cookie.expires <= this.#now()) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
    return true;
  }

  #parse(url: string, text: string): StoredCookie | undefined {
    const { hostname, pathname } = new URL(url);
    // eslint-disable-next-line no-control-regex -- that is what the RFC refuses
    if (/[\0-\x08\x0A-\x1F\x7F]/.test(text)) return undefined;
    const [pair = "", ...parts] = text.split(";");
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    const value = pair.slice(equals + 1).trim();
    if (Buffer.byteLength(name + value) > 4096 || name + value === "") return undefined;
    const is = new Map(
      parts
        .map((part) => part.split("="))
        .map(([key = "", ...rest]): [string, string] => [key.trim(), rest.join("=").trim()])
        .filter(([, rest]) => Buffer.byteLength(rest) <= 1024)
        .map(([key, rest]) => [key.toLowerCase(), rest]),
    );
    const domain = is.get("domain")?.replace(/^\./, "").toLowerCase() ?? "";
    const path = is.get("path") ?? "";
    const cookie: StoredCookie = {
      name,
      value,
      domain: domain === "" ? hostname : domain,
      hostOnly: domain === "",
      path: path.startsWith("/") ? path : (/^(\/.*)\/[^/]*$/.exec(pathname)?.[1] ?? "/"),
      secure: is.has("secure"),
      httpOnly: is.has("httponly"),
      sameSite: is.get("samesite")?.toLowerCase() ?? "",
      expires: this.#expiry(is.get("max-age"), is.get("expires")),
    };
    return domainMatches(hostname, cookie) && isAllowed(url, cookie, is) ? cookie : undefined;
  }

  #expiry(maxAge: string | undefined, expires: string | undefined): number | undefined {
    const now = this.#now();
    if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
      return Number(maxAge) <= 0 ? 0 : now + Math.min(Number(maxAge) * 1000, LONGEST);
    }
    const date = expires === undefined ? NaN : Date.parse(expires);
    return Number.isNaN(date) ? undefined : Math.min(date, now + LONGEST);
  }
}

/** The rules under which browsers drop a cookie without a word. */
function isAllowed(url: string, cookie: StoredCookie, is: ReadonlyMap<string, string>): boolean {
  const prefix = /^__(host-http|host|secure|http)-/i.exec(cookie.name)?.[1]?.toLowerCase() ?? "";
  if (cookie.secure && !isTrusted(url)) return false;
  if (!cookie.secure && (prefix !== "" || cookie.sameSite === "none")) return false;
  if (prefix.endsWith("http") && !cookie.httpOnly) return false;
  return !prefix.startsWith("host") || (is.get("path") === "/" && cookie.hostOnly);
}

function isTrusted(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || hostname === "localhost" || hostname === "127.0.0.1";
}

function domainMatches(host: string, cookie: { domain: string; hostOnly: boolean }): boolean {
  return host === cookie.domain || (!cookie.hostOnly && host.endsWith(`.${cookie.domain}`));
}

function pathMatches(path: string, prefix: string): boolean {
  if (path === prefix) return true;
  return path.startsWith(prefix) && (prefix.endsWith("/") || path[prefix.length] === "/");
}
