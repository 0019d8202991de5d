/** Requests byte for byte over a socket, and what came back. */
import { connect } from "node:net";

/** What goes over the socket. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | undefined;
}

/** What comes back over it; names are in lower case. */
export interface RawResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

const TIMEOUT = 15_000;

/** Sends one request and reads until the server closes. */
export function exchange(port: number, request: RawRequest): Promise<RawResponse> {
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `${request.method} ${request.path} HTTP/1.1\r\n${lines}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error("the server did not answer")));
    socket.on("connect", () => {
      socket.write(Buffer.concat([Buffer.from(head), request.body ?? Buffer.alloc(0)]));
    });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", (hadError) => {
      if (!hadError) resolve(parseResponse(Buffer.concat(chunks), request.method));
    });
  });
}

function parseResponse(bytes: Buffer, method: string): RawResponse {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) throw new Error(`no response head in ${JSON.stringify(bytes.toString("latin1"))}`);
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    const value = Buffer.from(line.slice(colon + 1).trim(), "latin1").toString("utf8");
    return [line.slice(0, colon).toLowerCase(), value];
  });
  const header = (name: string): string | undefined => headers.find(([key]) => key === name)?.[1];
  let body = bytes.subarray(end + 4);
  const length = header("content-length");
  if (header("transfer-encoding") === "chunked") body = unchunk(body);
  else if (length !== undefined && method !== "HEAD") body = body.subarray(0, Number(length));
  return { status: Number(statusLine.split(" ")[1]), headers, body };
}

function unchunk(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
