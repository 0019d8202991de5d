/** Listens for HTTP requests and stops in order. */
import type { RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ConfigError } from "../errors.ts";
import { createServer } from "../node-http.ts";
import { refusalOf } from "./message-check.ts";
import type { Settings } from "../config/settings.ts";

/** What a server needs of the app that it serves. */
export interface Servable {
  readonly listener: RequestListener;
  readonly settings: Settings;
  /** Lets go of engines; called once nothing is being answered any more. */
  close(): Promise<void>;
  log(level: "info" | "error", message: string, request?: undefined, error?: unknown): void;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens: `http://localhost:3000`. */
  readonly url: string;
  /** The port, also where the setting said `0`. */
  readonly port: number;
  /** Node's own server. */
  readonly server: Server;
  /**
   * Stops in order: no new connections, running requests are finished and told `Connection: close`,
   * idle connections end; after `shutdown_timeout` the rest is cut off.
   */
  stop(): Promise<void>;
}

/**
 * Listens on the app's `server` and `port` with its timeouts.
 *
 * @throws ConfigError `port-in-use` or `listen-failed`.
 */
export async function listen(app: Servable): Promise<RunningServer> {
  const { listener, settings } = app;
  const server = createServer(
    {
      requestTimeout: settings.request_timeout * 1000,
      headersTimeout: settings.headers_timeout * 1000,
      keepAliveTimeout: settings.keep_alive_timeout * 1000,
      // Node looks every half minute, which would make a timeout of a second one of thirty.
      connectionsCheckingInterval: 1000,
      // Node would refuse what has no Host, and then go on with what follows it.
      requireHostHeader: false,
    },
    (req, res) => {
      if (refused.has(req.socket)) return;
      const refusal = refusalOf(req);
      if (refusal !== undefined) {
        refused.add(req.socket);
        res.writeHead(refusal, ["Connection", "close", "Content-Length", "0"]).end();
        return;
      }
      if (stopping) res.setHeader("Connection", "close");
      listener(req, res);
      // What was answered at once needs nobody to wait for it.
      if (!res.writableEnded) connections.set(req.socket, res);
    },
  );
  const refused = new WeakSet<Socket>();
  // Each with the last response that was waited for.
  const connections = new Map<Socket, ServerResponse | undefined>();
  server.on("connection", (socket) => {
    connections.set(socket, undefined);
    socket.once("close", () => connections.delete(socket));
  });
  let stopping: Promise<void> | undefined;
  const port =
    process.env["QUICKSTEP_SUPERVISED"] === undefined
      ? await bind(server, settings)
      : (await import("./supervised.ts")).takeConnections(server);
  return {
    url: urlOf(settings, port),
    port,
    server,
    stop: () => (stopping ??= stop(server, app, connections)),
  };
}

/** Where a server with these settings is reached on this port. */
export function urlOf(settings: Settings, port: number): string {
  const host = /^(?:0\.0\.0\.0|::|127\.0\.0\.1|::1)$/.test(settings.server)
    ? "localhost"
    : settings.server.replace(/^.*:.*$/, "[$&]");
  return `http://${host}:${port}`;
}

function bind(server: Server, settings: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, settings)));
    server.listen(settings.port, settings.server, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

async function stop(
  server: Server,
  app: Servable,
  connections: ReadonlyMap<Socket, ServerResponse | undefined>,
): Promise<void> {
  const deadline = setTimeout(() => {
    app.log("error", "some requests did not finish in time; their connections were closed");
    server.closeAllConnections();
  }, app.settings.shutdown_timeout * 1000);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    for (const [socket, res] of connections) {
      // Node does not count those as idle that never asked for anything, as browsers open ahead.
      if (socket.bytesRead === 0) socket.destroy();
      if (res === undefined || res.writableFinished) continue;
      if (!res.headersSent) res.setHeader("Connection", "close");
      // What was promised to stay open before is idle, and so closed, afterwards.
      else res.once("close", () => setImmediate(() => server.closeIdleConnections()));
    }
  });
  // Node waits for them itself, but not where it never listened.
  await Promise.all([...connections.keys()].map(closing));
  clearTimeout(deadline);
  await app.close();
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

function explain(error: NodeJS.ErrnoException, settings: Settings): ConfigError {
  const where = `${settings.server}:${settings.port}`;
  if (error.code === "EADDRINUSE") {
    return new ConfigError(
      "port-in-use",
      `port ${settings.port} is in use (${where}); stop the other program or choose another with --port`,
      { cause: error },
    );
  }
  return new ConfigError("listen-failed", `cannot listen on ${where}: ${error.message}`, {
    cause: error,
  });
}
