/** A small model of a shared cache after RFC 9111: what may be stored, and for whom it may be used. */
import type { Reply, RequestOptions } from "../../src/testing/index.ts";

interface Stored {
  readonly reply: Reply;
  readonly until: number;
  /** The request headers that Vary names, with the values they had. */
  readonly selected: readonly (readonly [string, string | undefined])[];
}

/** Asks the server behind the cache. */
export type Origin = (method: string, path: string, asked: RequestOptions) => Promise<Reply>;

/** A cache in front of an app; every visitor goes through the same one. */
export class SharedCache {
  readonly #origin: Origin;
  readonly #now: () => number;
  readonly #stored = new Map<string, Stored[]>();
  /** How many answers came from the cache. */
  hits = 0;

  constructor(origin: Origin, now: () => number) {
    this.#origin = origin;
    this.#now = now;
  }

  async request(method: string, path: string, asked: RequestOptions): Promise<Reply> {
    const known = this.#stored.get(path) ?? [];
    const headers = asked.headers ?? {};
    const usable = known.find(
      ({ until, selected }) =>
        until > this.#now() && selected.every(([name, value]) => headers[name] === value),
    );
    if (usable !== undefined && (method === "GET" || method === "HEAD")) {
      this.hits += 1;
      return usable.reply;
    }
    const reply = await this.#origin(method, path, asked);
    const entry = method === "GET" ? this.#toStore(reply, headers) : undefined;
    if (entry !== undefined) this.#stored.set(path, [entry, ...known]);
    return reply;
  }

  /** RFC 9111, section 3; a fresh answer is stored with its Set-Cookie, as the RFC lets a cache do. */
  #toStore(reply: Reply, headers: Readonly<Record<string, string>>): Stored | undefined {
    const directives = parse(reply.header("cache-control") ?? "");
    if (directives.has("no-store") || directives.has("private") || directives.has("no-cache")) {
      return undefined;
    }
    const seconds = directives.get("s-maxage") ?? directives.get("max-age") ?? heuristic(reply);
    const names = (reply.header("vary") ?? "")
      .toLowerCase()
      .split(/\s*,\s*/)
      .filter(Boolean);
    if (seconds === undefined || names.includes("*")) return undefined;
    const selected = names.map((name): [string, string | undefined] => [name, headers[name]]);
    return { reply, until: this.#now() + Number(seconds) * 1000, selected };
  }
}

function parse(text: string): Map<string, string> {
  const pairs = text.split(",").map((part) => part.trim().toLowerCase().split("="));
  return new Map(pairs.map(([name = "", value = ""]) => [name, value]));
}

/** What a cache may guess when nobody said anything: section 4.2.2. */
function heuristic({ status }: Reply): string | undefined {
  return [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501].includes(status)
    ? "60"
    : undefined;
}
