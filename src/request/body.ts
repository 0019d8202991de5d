/** Request bodies: receiving them within a limit, and reading forms and JSON out of them. */
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Awaitable } from "../awaitable.ts";
import { HTTPError } from "../errors.ts";
import { invalidJson, parseJson } from "../json.ts";
import { parseMediaType } from "./media-type.ts";
import { parsePairs, type ParameterLimits, type ParameterLists } from "./query.ts";

const EMPTY = Buffer.alloc(0);

/**
 * Makes sure that a body is what its headers say, so that no two readers can understand it differently.
 *
 * @throws HTTPError 415 `media-type-invalid` for a Content-Type that cannot be read exactly, and
 *   `encoding-unsupported` for a compressed body; 501 `transfer-unsupported` for one that is compressed
 *   on the way.
 */
export function checkBodyHeaders(headers: IncomingHttpHeaders): void {
  const type = headers["content-type"];
  if (type !== undefined && type !== "" && parseMediaType(type) === undefined) {
    throw new HTTPError(415, "the Content-Type header is malformed", {
      code: "media-type-invalid",
    });
  }
  const transfer = headers["transfer-encoding"];
  // Whatever does not end in chunked is for node's parser to refuse.
  if (transfer !== undefined && /, *chunked$/i.test(transfer)) {
    throw new HTTPError(501, "chunked is the only transfer coding that is read", {
      code: "transfer-unsupported",
    });
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && !/^(?:identity)?$/i.test(encoding)) {
    throw new HTTPError(415, "compressed request bodies are not read", {
      code: "encoding-unsupported",
      headers: { "Accept-Encoding": "identity" },
    });
  }
}

/**
 * Receives a whole body and answers what `keep` makes of it; at once, if all of it has come already.
 *
 * The limit counts bytes received; a `contentLength` over it is refused before any is read. After a
 * failure the stream is paused and not read on: close the connection.
 *
 * @throws HTTPError 413 `body-too-large`; 400 `body-aborted`, which nobody will hear.
 */
export function receiveBody<T>(
  stream: Readable,
  limit: number,
  contentLength: string | undefined,
  keep: (body: Buffer) => T,
): Awaitable<T> {
  if (contentLength !== undefined && Number(contentLength) > limit) throw tooLarge(limit);
  if (stream.readableEnded) return keep(EMPTY);
  if (stream.destroyed) throw aborted();
  // Where somebody listens, the stream is theirs as much as ours.
  const isThere = stream.readableLength === Number(contentLength);
  if (!isThere || stream.readableFlowing !== null) return gather(stream, limit, keep);
  const body = stream.read() as Buffer;
  // Nothing more comes, but streams notice their end only while they flow.
  stream.resume();
  return keep(body);
}

function gather<T>(stream: Readable, limit: number, keep: (body: Buffer) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const fail = (error: HTTPError): void => {
      stream.off("data", onData).off("end", onEnd).off("close", onBroken).off("error", onBroken);
      // A stream that breaks after we stopped listening must not take the process down.
      stream.on("error", ignore);
      stream.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [first = EMPTY] = chunks;
      resolve(keep(chunks.length > 1 ? Buffer.concat(chunks, received) : first));
    };
    // Every stream closes after its end.
    const onBroken = (cause?: Error): void => {
      if (!stream.readableEnded) fail(aborted(cause));
    };
    stream.on("data", onData).on("end", onEnd).on("close", onBroken).on("error", onBroken);
  });
}

/**
 * Reads a body of the type `application/x-www-form-urlencoded`, by the rules of `parseQuery`.
 *
 * @throws HTTPError 400 `form-invalid` or `too-many-parameters`.
 */
export function parseFormBody(body: Buffer, limits: ParameterLimits): ParameterLists {
  return parsePairs(body.toString(), limits, "form");
}

/**
 * Reads a JSON body; one without a byte is `undefined`. A byte order mark is ignored.
 *
 * @throws HTTPError 400 `json-invalid` for bytes that are not UTF-8, and for what `parseJson` refuses.
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw invalidJson("is not UTF-8");
  const text = body.toString();
  return parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text);
}

/** The answer to a body beyond its limit, in bytes. */
export function tooLarge(limit: number): HTTPError {
  return new HTTPError(413, `the request body is larger than ${limit} bytes`, {
    code: "body-too-large",
  });
}

/** The answer, which nobody will hear, to a body that never ended. */
export function aborted(cause?: Error): HTTPError {
  return new HTTPError(400, "the client went away before the body was complete", {
    code: "body-aborted",
    cause,
  });
}

function ignore(): void {
  // Heard on purpose, so that node does not throw it.
}
