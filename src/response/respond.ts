/** Turns what a handler returns into the content of the response. */
import { AsyncLocalStorage } from "node:async_hooks";
import { ReadStream } from "node:fs";
import { Readable } from "node:stream";
import { ResponseError } from "../errors.ts";
import { isPlainValue } from "./header-value.ts";
import { isText } from "./mime-types.ts";
import type { Response } from "./response.ts";

/** Streams that yield bytes and fail with Errors only. */
const safeStreams = new WeakSet<object>();

/** Headers of one hop (RFC 9110), and those that no longer fit once a body has been received. */
const NOT_FORWARDED =
  /^(?:connection|keep-alive|transfer-encoding|te|trailer|upgrade|proxy-.*|content-length)$/;

const LATIN_1 = /;\s*charset="?(?:iso-8859-1|latin-?1)\b/i;

/** How content is typed where the handler did not say. */
export interface ContentDefaults {
  /** The type of text, such as `text/html`. */
  readonly contentType: string;
  /** Added to text types that name none, such as `utf-8`; empty for none. */
  readonly charset: string;
}

/**
 * Fills the response with a handler's value: text, bytes, a stream or async iterable, a Web
 * `Response`, or nothing. Answers false for data, which a serializer has to write.
 */
export function respond(response: Response, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") {
    response.content = value;
  } else if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    response.content = String(value);
  } else if (typeof value !== "object") {
    throw new ResponseError(
      "content-invalid",
      `a handler returned a ${typeof value}; return text, data, a stream or a Web Response`,
    );
  } else if (value instanceof Uint8Array) {
    response.content = value;
    setType(response, "application/octet-stream");
  } else if (value instanceof globalThis.Response) {
    fillFromWeb(response, value);
  } else if (isStream(value)) {
    response.content = toStream(value);
    setType(response, "application/octet-stream");
  } else {
    return false;
  }
  return true;
}

/** Gives the response its Content-Type, with a charset where it is text. */
export function finishType(response: Response, defaults: ContentDefaults): void {
  const given = response.header("Content-Type");
  const type = finishedType(given ?? defaults.contentType, defaults.charset);
  const { finished, isLatin1 } = type;
  if (finished !== given) {
    if (type.isPlain) response.putHeader("Content-Type", finished);
    else response.setHeader("Content-Type", finished);
  }
  // As in Perl, what the character set has no sign for becomes a question mark.
  if (isLatin1 && typeof response.content === "string") {
    response.content = Buffer.from(response.content.replace(/[^\0-\xff]/gu, "?"), "latin1");
  }
}

let last = { type: "", charset: "", finished: "", isLatin1: false, isPlain: false };

/** Most answers of an app have the type of the one before. */
function finishedType(type: string, charset: string): typeof last {
  if (type === last.type && charset === last.charset) return last;
  const needsCharset = charset !== "" && isText(type) && !/;\s*charset=/i.test(type);
  const finished = needsCharset ? `${type}; charset=${charset}` : type;
  return (last = {
    type,
    charset,
    finished,
    isLatin1: LATIN_1.test(finished),
    isPlain: isPlainValue(finished),
  });
}

/** Makes sure that the content can be sent, whoever has set it. @throws ResponseError `content-invalid`. */
export function finishContent(response: Response): void {
  const content = response.content as unknown;
  if (content === undefined || content === null || typeof content === "string") return;
  if (content instanceof Uint8Array || content instanceof ReadStream) return;
  if (typeof content !== "object" || !isStream(content)) {
    throw new ResponseError(
      "content-invalid",
      `the response's content is ${typeof content}; set text, bytes or a stream`,
    );
  }
  if (!safeStreams.has(content)) response.content = toStream(content);
}

/** Gives a response without a Content-Type this one. */
export function setType(response: Response, type: string): void {
  if (response.header("Content-Type") === undefined) response.setHeader("Content-Type", type);
}

function isStream(value: object): value is AsyncIterable<string | Uint8Array> {
  return Symbol.asyncIterator in value;
}

/**
 * A stream of whatever yields text or bytes. It is read after the handler has returned, so ambient
 * words must still find their request; whatever is thrown meanwhile becomes an Error, because node's
 * streams trip over anything else.
 */
export function toStream(source: AsyncIterable<unknown>): Readable {
  const within = AsyncLocalStorage.snapshot();
  const iterator = within(() => source[Symbol.asyncIterator]());
  // A stream may fail before it is read; the iterator will tell of it then.
  if (source instanceof Readable) source.on("error", () => undefined);
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      const step = await within(() => iterator.next());
      return step.done === true ? { done: true, value: undefined } : chunk(step.value);
    } catch (cause) {
      throw new ResponseError("stream-failed", "the stream that a handler returned failed", {
        cause,
      });
    }
  };
  const stop = async (): Promise<IteratorResult<Uint8Array>> => {
    // An iterator that never began does not end its stream.
    if (source instanceof Readable) source.destroy();
    await within(async () => iterator.return?.()).catch(() => undefined);
    return { done: true, value: undefined };
  };
  const stream = Readable.from({ [Symbol.asyncIterator]: () => ({ next, return: stop }) });
  safeStreams.add(stream);
  return stream;
}

function chunk(value: unknown): IteratorResult<Uint8Array> {
  if (typeof value === "string") return { done: false, value: Buffer.from(value) };
  if (value instanceof Uint8Array) return { done: false, value };
  throw new ResponseError("content-invalid", `a stream yields text or bytes, not ${typeof value}`);
}

function fillFromWeb(response: Response, web: globalThis.Response): void {
  response.status = web.status;
  for (const [name, value] of web.headers) {
    // What fetch() gives is decoded already, whatever its header says.
    const stale = web.url !== "" && name === "content-encoding";
    if (stale || NOT_FORWARDED.test(name)) continue;
    if (name === "set-cookie") response.appendHeader("Set-Cookie", value);
    else response.setHeader(name, value);
  }
  response.content = web.body === null ? "" : toStream(web.body);
  if (web.body !== null) setType(response, "application/octet-stream");
}
