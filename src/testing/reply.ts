/** An answer as a test looks at it. */

/** What came back over the socket. */
export interface ReplyParts {
  /** Where it came from, query included. */
  readonly url: string;
  readonly status: number;
  /** Names and values in the order sent. */
  readonly pairs: readonly (readonly [string, string])[];
  readonly bytes: Buffer;
}

/** An answer, received whole. */
export class Reply {
  /** Where it came from; after redirects, the last place. */
  readonly url: string;
  readonly status: number;
  /** The headers, name and value, in the order sent. */
  readonly pairs: readonly (readonly [string, string])[];
  /** The body as it came. */
  readonly bytes: Buffer;

  constructor({ url, status, pairs, bytes }: ReplyParts) {
    this.url = url;
    this.status = status;
    this.pairs = pairs;
    this.bytes = bytes;
  }

  /** The body as UTF-8 text. */
  get text(): string {
    return this.bytes.toString("utf8");
  }

  /** What the JSON in the body says. @throws SyntaxError when it is no JSON. */
  get json(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** All Set-Cookie headers. */
  get setCookies(): string[] {
    return this.pairs.filter(([name]) => name.toLowerCase() === "set-cookie").map(([, v]) => v);
  }

  /** The value of a header, whatever its case; several are joined by `, `. */
  header(name: string): string | undefined {
    const found = this.pairs.filter(([known]) => known.toLowerCase() === name.toLowerCase());
    return found.length === 0 ? undefined : found.map(([, value]) => value).join(", ");
  }
}
