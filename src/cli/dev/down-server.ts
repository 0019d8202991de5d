/** Answers while the app is down: with what went wrong, to a browser on this machine. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { parseEnv, stripVTControlCharacters } from "node:util";
import { createServer } from "../../node-http.ts";
import { isLocalRequest } from "../../response/local-request.ts";
import { maskSecrets, secretsOf } from "../../secrets.ts";
import { downPage, downPolicy } from "./down-page.ts";

/** A server without a port: it is handed connections. */
export class DownServer {
  readonly #folder: string;
  readonly #server = createServer({ keepAliveTimeout: 1 }, (req, res) => this.#answer(req, res));
  #failure = 0;
  #page = "";
  #text = "";

  /** @param folder the app's */
  constructor(folder: string) {
    this.#folder = folder;
    // Node's server watches over its connections from this event on.
    this.#server.emit("listening");
  }

  /** Says from now on that this went wrong; secrets of the app's `.env` are masked. */
  explain(title: string, output: string): void {
    const text = maskSecrets(stripVTControlCharacters(output).trim(), this.#secrets());
    this.#text = `${title}\n\n${text}\n`;
    this.#failure += 1;
    this.#page = downPage(title, text, String(this.#failure), this.#folder);
  }

  /** Answers what comes over this connection, from which nothing has been read. */
  serve(socket: Socket): void {
    this.#server.emit("connection", socket);
    socket.resume();
  }

  close(): void {
    this.#server.closeAllConnections();
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const shows = isLocalRequest(req.socket.remoteAddress ?? "", req.headers.host);
    const wantsPage = req.headers.accept?.includes("text/html") === true;
    const text = shows ? this.#text : "The app is down.\n";
    const body = shows && wantsPage ? this.#page : text;
    res.writeHead(503, {
      "Content-Type": `${body === text ? "text/plain" : "text/html"}; charset=utf-8`,
      "Content-Length": Buffer.byteLength(body),
      "Content-Security-Policy": downPolicy,
      "Cache-Control": "no-store",
      "Quickstep-Down": this.#failure,
      "Retry-After": "1",
      // The next request is for the app, if it runs by then.
      Connection: "close",
      "X-Content-Type-Options": "nosniff",
    });
    res.end(req.method === "HEAD" ? undefined : body);
  }

  #secrets(): readonly string[] {
    try {
      return secretsOf(parseEnv(readFileSync(join(this.#folder, ".env"), "utf8")));
    } catch {
      return [];
    }
  }
}
