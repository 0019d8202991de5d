/** The cookie jars of the recorded suites: `Domain` and `Secure` do not count, `Path` is a prefix. */
import type { Case } from "./cases.ts";
import type { RawRequest } from "./exchange.ts";

/** The Host header of requests that do not set their own. */
const HOST = "app.test";

/** Cookies by name. */
export class Jar {
  readonly cookies = new Map<string, { value: string; path: string }>();

  /** Takes what a response set; a past date or `Max-Age` removes. */
  store(lines: readonly string[], now: number): void {
    for (const line of lines) {
      const [pair = "", ...parts] = line.split(/;\s*/);
      const [name, value] = splitOnce(pair);
      const is = new Map(parts.map(splitOnce).map(([key, text]) => [key.toLowerCase(), text]));
      const expires = cookieDate(is.get("expires") ?? "");
      const isPast = (expires !== undefined && expires <= now) || Number(is.get("max-age")) <= 0;
      if (isPast) this.cookies.delete(name);
      else this.cookies.set(name, { value, path: is.get("path") ?? "/" });
    }
  }

  /** The Cookie header for a target. */
  header(target: string): string {
    return [...this.cookies]
      .filter(([, { path }]) => target.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
  }
}

/** The jars of one suite, by name. */
export class Jars {
  readonly #jars = new Map<string, Jar>();

  /** The jar of this name, empty at first. */
  named(name: string): Jar {
    const jar = this.#jars.get(name) ?? new Jar();
    this.#jars.set(name, jar);
    return jar;
  }

  /**
   * The text with `{{JAR:COOKIE}}` replaced by the cookie's value; `|flip` changes a character in its
   * middle, `|cut` keeps its first half.
   */
  fill(text: string): string {
    return text.replace(
      /\{\{(\w+):([^}|]+)(\|\w+)?\}\}/g,
      (_all, jar: string, name: string, how: string | undefined) => {
        const value = this.named(jar).cookies.get(name)?.value ?? "";
        const middle = value.length >> 1;
        if (how === "|cut") return value.slice(0, middle);
        if (how !== "|flip") return value;
        const other = value[middle] === "a" ? "b" : "a";
        return value.slice(0, middle) + other + value.slice(middle + 1);
      },
    );
  }

  /** What to send for a case. */
  requestOf({ request }: Case): RawRequest {
    if (request === undefined) throw new Error("the case has no request");
    const given = Object.entries(request.headers ?? {}).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, this.fill(value)]),
    );
    const has = (name: string): boolean => given.some(([key]) => key.toLowerCase() === name);
    const headers: [string, string][] = [["Connection", "close"], ...given];
    if (!has("host")) headers.unshift(["Host", HOST]);
    if (request.jar !== undefined && !has("cookie")) {
      const line = this.named(request.jar).header(request.path);
      if (line !== "") headers.push(["Cookie", line]);
    }
    const body = this.#bodyOf(request);
    if (body !== undefined && !has("content-length")) {
      headers.push(["Content-Length", String(body.length)]);
    }
    return { method: request.method, path: this.fill(request.path), headers, body };
  }

  #bodyOf({ body, bodyBase64 }: NonNullable<Case["request"]>): Buffer | undefined {
    if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, "base64");
    return body === undefined ? undefined : Buffer.from(this.fill(body));
  }
}

/** The moment that a cookie's `Expires` names, in milliseconds. */
export function cookieDate(text: string): number | undefined {
  const time = Date.parse(text.replace(/^\w+, /, "").replaceAll("-", " "));
  return Number.isNaN(time) ? undefined : time;
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}
