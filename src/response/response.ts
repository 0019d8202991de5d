/** The response being made: status, headers in order, content. */
import { Readable } from "node:stream";
import { toHeaderValue } from "./header-value.ts";

/** What a body can be: text, bytes, or something that yields them. */
export type Content = string | Uint8Array | Readable | AsyncIterable<string | Uint8Array>;

/** A response being made. Headers keep their order; names are compared without regard to case. */
export class Response {
  /** The HTTP status; `200` to begin with. */
  status = 200;
  #content: Content | undefined;
  readonly #headers: string[] = [];
  #hasBytes = false;

  /** The body; `undefined` while there is none. A stream that gives way to text or bytes is let go. */
  get content(): Content | undefined {
    return this.#content;
  }

  set content(content: Content | undefined) {
    const before = this.#content;
    this.#content = content;
    if (before === undefined) return;
    // Another stream may well read from the one before it.
    const replaced = typeof content !== "object" || content instanceof Uint8Array;
    if (replaced && before instanceof Readable) before.destroy();
  }

  /** The first value of a header. */
  header(name: string): string | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : this.#headers[at + 1];
  }

  /** All values of a header. */
  headerValues(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#headers.filter(
      (_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === wanted,
    );
  }

  /** Replaces a header. @throws ResponseError `header-invalid` on control characters in name or value. */
  setHeader(name: string, value: string): void {
    this.putHeader(name, this.#encode(name, value));
  }

  /** For the app: as `setHeader`, for what is known to be fit to be sent. */
  putHeader(name: string, text: string): void {
    const at = this.#find(name);
    if (at < 0) {
      this.#headers.push(name, text);
      return;
    }
    this.#headers[at + 1] = text;
    for (let next = this.#find(name, at + 2); next >= 0; next = this.#find(name, at + 2)) {
      this.#headers.splice(next, 2);
    }
  }

  /** Adds one more value of a header. @throws ResponseError `header-invalid`, as `setHeader`. */
  appendHeader(name: string, value: string): void {
    this.#headers.push(name, this.#encode(name, value));
  }

  /** Removes a header. */
  removeHeader(name: string): void {
    for (let at = this.#find(name); at >= 0; at = this.#find(name)) this.#headers.splice(at, 2);
  }

  /** Adds a name to Vary unless it is there in any letter case; `*` stays. */
  vary(name: string): void {
    if (this.#find("Vary") < 0) {
      this.setHeader("Vary", name);
      return;
    }
    const listed = this.headerValues("Vary").join(", ");
    const names = listed.split(",").map((part) => part.trim().toLowerCase());
    if (names.includes("*") || names.includes(name.toLowerCase())) return;
    this.setHeader("Vary", listed === "" ? name : `${listed}, ${name}`);
  }

  /**
   * Says how the message is framed: by this length, or by none. A Transfer-Encoding is for node to say;
   * a second opinion would let one answer hide another.
   */
  frame(length: number | undefined): void {
    const headers = this.#headers;
    for (let at = headers.length - 2; at >= 0; at -= 2) {
      const name = headers[at] ?? "";
      // Text of other lengths is not worth looking at.
      if (name.length !== 14 && name.length !== 17) continue;
      if (/^(?:content-length|transfer-encoding)$/i.test(name)) headers.splice(at, 2);
    }
    if (length !== undefined) this.#headers.push("Content-Length", String(length));
  }

  /** The headers as node's `writeHead` takes them: name, value, name, value… */
  get flatHeaders(): readonly string[] {
    return this.#headers;
  }

  /** True once a header beyond ASCII was set: it is bytes then, and may not be encoded once more. */
  get hasBytes(): boolean {
    return this.#hasBytes;
  }

  #encode(name: string, value: string): string {
    const text = toHeaderValue(name, value);
    if (text !== value) this.#hasBytes = true;
    return text;
  }

  #find(name: string, from = 0): number {
    const headers = this.#headers;
    for (let at = from; at < headers.length; at += 2) {
      const known = headers[at];
      if (known === name) return at;
      if (known?.length === name.length && known.toLowerCase() === name.toLowerCase()) return at;
    }
    return -1;
  }
}
