/** What the tests of the request path share: raw sockets, and one reply by its parts. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../../src/app.ts";
import type { AppOptions } from "../../src/app-options.ts";
import { createApp, serve, tempFolder } from "../support/app.ts";

/** An answer as it came over the socket. */
export interface RawReply {
  readonly status: number;
  /** Names in lower case; several values are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends the text as it is, waits until the server closes, and gives everything it said. */
export async function sendRaw(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => (answer += text));
  // A server that refuses a body may reset the connection while it is still being sent.
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  for (const part of parts) await write(socket, part);
  await Promise.race([
    closed,
    pause(10_000, undefined, { ref: false }).then(() => {
      socket.destroy();
      throw new Error(`the server did not close the connection; it said: ${answer}`);
    }),
  ]);
  return answer;
}

function write(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(Buffer.from(text, "latin1"), () => resolve()));
}

/** The first answer in what came over a socket. */
export function parseRaw(text: string): RawReply {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const value = line.slice(line.indexOf(":") + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(end + 4) };
}

/** Asks for a target that is sent byte for byte, and closes the connection afterwards. */
export async function ask(port: number, target: string, method = "GET"): Promise<RawReply> {
  const head = `${method} ${target} HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n`;
  return parseRaw(await sendRaw(port, head));
}

/** The status line's number, or 0 when nothing came. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** Serves an app on a free port while `use` runs. */
export async function whileServing<T>(
  app: App,
  use: (port: number, url: string) => Promise<T>,
): Promise<T> {
  const served = await serve(app);
  try {
    return await use(served.port, served.url);
  } finally {
    await served.stop();
  }
}

/** An app without sessions in a folder that holds these files. */
export function appWith(
  files: Readonly<Record<string, string>>,
  define: (app: App) => void,
  settings: Readonly<Record<string, unknown>> = {},
  options: Omit<AppOptions, "settings"> = {},
): App {
  const appdir = tempFolder(files);
  return createApp({ session: null, ...settings }, define, { appdir, ...options });
}
