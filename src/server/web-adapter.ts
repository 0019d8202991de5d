/** Lets an app answer Web requests: `app.fetch(new Request("http://x/"))`. */
import { EventEmitter } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { RawRequest } from "../request/raw-request.ts";
import type { Response } from "../response/response.ts";

/** A Web request in the shape that the app reads; its body is a stream, as node's is. */
export function fromWebRequest(web: globalThis.Request): RawRequest {
  const url = new URL(web.url);
  const headers: IncomingHttpHeaders = Object.create(null) as IncomingHttpHeaders;
  for (const [name, value] of web.headers) headers[name] = value;
  headers.host ??= url.host;
  if (web.body !== null && headers["content-length"] === undefined)
    headers["transfer-encoding"] = "chunked";
  const body = web.body === null ? Readable.from([]) : Readable.fromWeb(web.body);
  // A body that breaks is told to whoever reads it; nobody reading it is no reason to end the process.
  body.on("error", () => undefined);
  return Object.assign(body, {
    method: web.method,
    url: `${url.pathname}${url.search}`,
    headers,
    httpVersion: "1.1",
    socket: { encrypted: url.protocol === "https:" },
  });
}

/** Stands for node's response: tells when a Web request has been answered or given up. */
export class WebExchange extends EventEmitter {
  writableFinished = false;
  closed = false;

  /** @param signal that of the Web request */
  constructor(signal: AbortSignal) {
    super();
    if (signal.aborted) this.end(false);
    else signal.addEventListener("abort", () => this.end(false), { once: true });
  }

  /** The last byte has been read, or none will be. */
  end(finished: boolean): void {
    if (this.closed) return;
    this.writableFinished = finished;
    this.closed = true;
    this.emit("close");
  }
}

/** The response in the shape of the Web. */
export function toWebResponse(
  response: Response,
  method: string,
  exchange: WebExchange,
): globalThis.Response {
  const headers = new Headers();
  const flat = response.flatHeaders;
  for (let at = 0; at < flat.length; at += 2) headers.append(flat[at] ?? "", flat[at + 1] ?? "");
  const { content, status } = response;
  const bodiless = method === "HEAD" || [204, 205, 304].includes(status);
  if (typeof content === "object" && !(content instanceof Uint8Array)) {
    const stream = content instanceof Readable ? content : Readable.from(content);
    stream.once("close", () => exchange.end(bodiless || stream.readableEnded));
    if (bodiless) stream.destroy();
    const body = bodiless ? null : (Readable.toWeb(stream) as unknown as globalThis.ReadableStream);
    return new globalThis.Response(body, { status, headers });
  }
  exchange.end(true);
  const bytes = Buffer.from(content ?? "");
  if (status !== 204 && status !== 304) headers.set("content-length", String(bytes.length));
  return new globalThis.Response(bodiless ? null : bytes, { status, headers });
}
