/** Request bodies: receiving them within a limit, and reading forms and JSON out of them. */
import { AsyncResource } from "node:async_hooks";
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { HTTPError } from "../errors.ts";
import { parsePairs, type ParameterLimits, type ParameterLists } from "./query.ts";

const EMPTY = Buffer.alloc(0);
const MAX_JSON_DEPTH = 200;

/** Tells whether a request comes with a body. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? "0") > 0;
}

/**
 * Receives a whole body and calls `done` once, in the async context of the caller.
 *
 * The limit counts bytes received; a `contentLength` over it is refused before any is read. After a
 * failure the stream is paused and not read on: close the connection. `done` may be called at once.
 * The errors are HTTPError 413 `body-too-large` and 400 `body-aborted`, which nobody will hear.
 */
export function receiveBody(
  stream: Readable,
  limit: number,
  contentLength: string | undefined,
  done: (error: HTTPError | undefined, body: Buffer) => void,
): void {
  if (contentLength !== undefined && Number(contentLength) > limit) {
    done(tooLarge(limit), EMPTY);
    return;
  }
  if (stream.readableEnded) {
    done(undefined, EMPTY);
    return;
  }
  if (stream.destroyed) {
    done(aborted(), EMPTY);
    return;
  }
  // The socket's events run in a context of their own; only `done` needs the caller's.
  const resource = new AsyncResource("QuickstepBody");
  const chunks: Buffer[] = [];
  let received = 0;

  const finish = (error: HTTPError | undefined, body: Buffer) => {
    stream.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onError);
    if (error !== undefined) {
      // A stream that breaks after we stopped listening must not take the process down.
      stream.on("error", ignore);
      stream.pause();
    }
    resource.runInAsyncScope(done, undefined, error, body);
  };
  const onData = (chunk: Buffer) => {
    received += chunk.length;
    if (received > limit) finish(tooLarge(limit), EMPTY);
    else chunks.push(chunk);
  };
  const onEnd = () =>
    finish(undefined, chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks, received));
  const onClose = () => finish(aborted(), EMPTY);
  const onError = (cause: Error) => finish(aborted(cause), EMPTY);
  stream.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onError);
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
 * @throws HTTPError 400 `json-invalid` for a syntax error (naming its position, never the content),
 * bytes that are not UTF-8, keys that reach for a prototype, and nesting deeper than 200.
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw invalidJson("is not UTF-8");
  const raw = body.toString();
  const text = raw.startsWith("\uFEFF") ? raw.slice(1) : raw;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // V8's message shows a piece of the content and often no position.
    throw invalidJson(`is malformed at position ${findSyntaxError(text)}`);
  }
  if (needsChecking(text)) checkTree(value);
  return value;
}

/** Most bodies are shallow and name no prototype, which is cheaper to see in the text. */
function needsChecking(text: string): boolean {
  if (text.includes("proto") || text.includes("\\u")) return true;
  let openings = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code === 0x5b || code === 0x7b) && ++openings > MAX_JSON_DEPTH) return true;
  }
  return false;
}

// Level by level instead of by recursion: no depth of nesting reaches the stack.
function checkTree(root: unknown): void {
  let level = isObject(root) ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_JSON_DEPTH) throw invalidJson(`is nested deeper than ${MAX_JSON_DEPTH}`);
    const next: object[] = [];
    for (const node of level) {
      if (Object.hasOwn(node, "__proto__")) throw invalidJson('has a key "__proto__"');
      for (const [key, child] of Object.entries(node) as [string, unknown][]) {
        if (!isObject(child)) continue;
        if (key === "constructor" && Object.hasOwn(child, "prototype")) {
          throw invalidJson('has a key "constructor.prototype"');
        }
        next.push(child);
      }
    }
    level = next;
  }
}

type Expected = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end";

/** Finds the first character at which a text stops being JSON. */
function findSyntaxError(text: string): number {
  const closers: string[] = [];
  let expected: Expected = "value";
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const char = text.charAt(at);
    const closer = closers.at(-1);
    let end = at + 1;
    if (char === closer && expected.endsWith("-or-end")) {
      closers.pop();
      expected = "comma-or-end";
    } else if (expected === "comma-or-end") {
      if (char !== "," || closer === undefined) return at;
      expected = closer === "}" ? "key" : "value";
    } else if (expected === "colon") {
      if (char !== ":") return at;
      expected = "value";
    } else if (expected === "key" || expected === "key-or-end") {
      if (char !== '"') return at;
      end = endOfString(text, at);
      expected = "colon";
    } else if (char === "{" || char === "[") {
      closers.push(char === "{" ? "}" : "]");
      expected = char === "{" ? "key-or-end" : "value-or-end";
    } else {
      end = char === '"' ? endOfString(text, at) : endOfScalar(text, at);
      expected = "comma-or-end";
    }
    if (end < 0) return ~end;
    at = skipSpace(text, end);
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}

/** The position behind the string, or the complement of where it goes wrong. */
function endOfString(text: string, from: number): number {
  const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
  let at = from + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char < " ") return ~at;
    escape.lastIndex = at;
    if (char !== "\\") at++;
    else if (escape.test(text)) at = escape.lastIndex;
    else return ~at;
  }
  return ~at;
}

/** The position behind the number or word, or the complement of where it goes wrong. */
function endOfScalar(text: string, from: number): number {
  const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  scalar.lastIndex = from;
  return scalar.test(text) ? scalar.lastIndex : ~from;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function tooLarge(limit: number): HTTPError {
  return new HTTPError(413, `the request body is larger than ${limit} bytes`, {
    code: "body-too-large",
  });
}

function aborted(cause?: Error): HTTPError {
  return new HTTPError(400, "the client went away before the body was complete", {
    code: "body-aborted",
    cause,
  });
}

function invalidJson(what: string): HTTPError {
  return new HTTPError(400, `the JSON body ${what}`, { code: "json-invalid" });
}

function ignore(): void {
  // Heard on purpose, so that node does not throw it.
}
