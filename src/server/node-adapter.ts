/** Writes a response to node's `ServerResponse`: one head with a content length, one end. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import type { Response } from "../response/response.ts";

/**
 * Sends the response, and calls `ended` once everything is in node's hands, or with what kept the client
 * from getting all of it: a body that broke, or the client's going away.
 */
export function writeResponse(
  response: Response,
  req: IncomingMessage,
  res: ServerResponse,
  ended: (error?: Error) => void,
): void {
  const { content, status } = response;
  if (res.headersSent || res.destroyed) {
    if (content instanceof Readable) content.destroy();
    ended(Object.assign(new Error("the client has gone"), { code: "ECONNRESET" }));
    return;
  }
  // How a message is framed is for node to say; a second opinion would let one answer hide another.
  response.removeHeader("Transfer-Encoding");
  const bodiless = status === 204 || status === 205 || status === 304;
  if (!req.complete && hasUnreadBody(req)) response.setHeader("Connection", "close");
  if (typeof content === "object" && !(content instanceof Uint8Array)) {
    const stream = content instanceof Readable ? content : Readable.from(content);
    if (req.method !== "HEAD") checkLength(stream, response, res);
    writeHead(response, res);
    if (bodiless || req.method === "HEAD") {
      stream.destroy();
      res.end();
      ended();
      return;
    }
    pipeline(stream, res, (error) => ended(error ?? undefined));
    return;
  }
  // Text stays text: node then writes head and body in one piece, in the encoding of the body.
  const body =
    typeof content === "string" && response.hasBytes ? Buffer.from(content) : (content ?? "");
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  if (!bodiless) response.setHeader("Content-Length", String(length));
  else if (status === 205) response.setHeader("Content-Length", "0");
  else response.removeHeader("Content-Length");
  writeHead(response, res);
  if (bodiless || req.method === "HEAD" || length === 0) res.end();
  else res.end(body);
  ended();
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

function writeHead(response: Response, res: ServerResponse): void {
  if (res.getHeaderNames().length === 0) {
    res.writeHead(response.status, response.flatHeaders as string[]);
    return;
  }
  // A flat array would drop what Connect middleware has set.
  const flat = response.flatHeaders;
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

function hasUnreadBody(req: IncomingMessage): boolean {
  return (
    req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0
  );
}

/** Tells whether it was the client that went away. */
export function isHangUp(error: NodeJS.ErrnoException): boolean {
  return error.code === "ERR_STREAM_PREMATURE_CLOSE" || error.code === "ECONNRESET";
}
