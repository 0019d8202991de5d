/** Writes a response to node's `ServerResponse`: one head with a content length, one end. */
import { ReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { declaresBody, type RawRequest } from "../request/raw-request.ts";
import type { Response } from "../response/response.ts";

/** Sends a response of text or bytes, all at once; answers false for a stream, of which nothing is sent. */
export function writeWhole(response: Response, req: IncomingMessage, res: ServerResponse): boolean {
  const { content = "", status } = response;
  if (typeof content === "object" && !(content instanceof Uint8Array)) return false;
  const length = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  // Text stays text: node then writes head and body in one piece, in the encoding of the body.
  const isAscii = length === content.length;
  const body = !isAscii && response.hasBytes ? Buffer.from(content) : content;
  const bodiless = isBodiless(status);
  response.frame(!bodiless ? length : status === 205 ? 0 : undefined);
  writeHead(response, req, res);
  if (bodiless || req.method === "HEAD" || length === 0) res.end();
  else if (isAscii && typeof body === "string") res.end(body, "latin1");
  else res.end(body);
  return true;
}

/**
 * Sends a response that is a stream, and calls `ended` once everything is in node's hands, or with what
 * kept the client from getting all of it: a body that broke, or the client's going away.
 */
export function writeStream(
  response: Response,
  req: IncomingMessage,
  res: ServerResponse,
  ended: (error?: Error) => void,
): void {
  const { content = [], status } = response;
  const stream = content instanceof Readable ? content : Readable.from(content);
  response.removeHeader("Transfer-Encoding");
  if (req.method !== "HEAD") checkLength(stream, response, res);
  writeHead(response, req, res);
  if (isBodiless(status) || req.method === "HEAD") {
    stream.destroy();
    res.end();
    ended();
    return;
  }
  pipeline(stream, res, (error) => ended(error ?? undefined));
}

/** Tells whether it was the client that went away. */
export function isHangUp(error: NodeJS.ErrnoException): boolean {
  return error.code === "ERR_STREAM_PREMATURE_CLOSE" || error.code === "ECONNRESET";
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** A length goes with files only, and a file that turns out shorter ends the connection. */
function checkLength(stream: Readable, response: Response, res: ServerResponse): void {
  const length = response.header("Content-Length");
  if (length === undefined) return;
  if (!(stream instanceof ReadStream)) {
    response.removeHeader("Content-Length");
    return;
  }
  stream.once("end", () => {
    if (stream.bytesRead !== Number(length)) res.destroy();
  });
}

function writeHead(
  response: Response,
  req: IncomingMessage & RawRequest,
  res: ServerResponse,
): void {
  if (!req.complete && req.isReceived !== true && declaresBody(req))
    response.setHeader("Connection", "close");
  const flat = response.flatHeaders;
  if (res.getHeaderNames().length === 0) {
    res.writeHead(response.status, flat as string[]);
    return;
  }
  // A flat array would drop what Connect middleware has set.
  const own = new Set<string>();
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? "";
    const key = name.toLowerCase();
    if (own.has(key) || key === "set-cookie" || key === "vary")
      res.appendHeader(name, flat[at + 1] ?? "");
    else res.setHeader(name, flat[at + 1] ?? "");
    own.add(key);
  }
  res.writeHead(response.status);
}
