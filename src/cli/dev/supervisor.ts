/** Keeps the app's port: the app serves it while it runs, and while it is down a page says why. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { loadAppConfig } from "../../app-options.ts";
import { ConfigError } from "../../errors.ts";
import type { AppEntry } from "../app-entry.ts";
import { CommandError } from "../command.ts";
import { AppProcess } from "./app-process.ts";
import { DownServer } from "./down-server.ts";

interface Address {
  readonly port: number;
  readonly server: string;
}

/** Runs an app, again and again, behind one port. */
export class Supervisor {
  readonly #entry: AppEntry;
  readonly #args: readonly string[];
  readonly #down: DownServer;
  /** Connections that came while the app was starting. */
  #held: Socket[] = [];
  #state: "starting" | "up" | "down" = "starting";
  /** One after the other: a start that overtakes another wants the same port. */
  #binding: Promise<unknown> = Promise.resolve();
  #bound: { readonly wanted: Address; readonly port: number; readonly server: Server } | undefined;
  #app: AppProcess | undefined;
  /** Counts starts, so that one that was overtaken gives way. */
  #turn = 0;

  constructor(entry: AppEntry, args: readonly string[]) {
    this.#entry = entry;
    this.#args = args;
    this.#down = new DownServer(entry.folder);
  }

  /**
   * Starts the app, in the place of the one that runs.
   *
   * @throws CommandError `port-in-use` when another program has the port.
   */
  async start(): Promise<void> {
    const turn = ++this.#turn;
    this.#state = "starting";
    await this.#app?.stop();
    if (turn !== this.#turn) return;
    const settings = this.#settings();
    const binding = this.#binding.then(() => this.#bind(settings));
    this.#binding = binding.catch(() => undefined);
    const port = await binding;
    if (turn !== this.#turn) return;
    if ("problem" in settings) {
      this.#fail("The settings are wrong", settings.problem);
      process.stderr.write(`${settings.problem}\nThe settings are wrong; waiting for a change\n`);
      return;
    }
    const app = new AppProcess(this.#entry, this.#args, port);
    this.#app = app;
    const isUp = await app.ready;
    if (turn !== this.#turn) return;
    if (isUp) this.#enter("up");
    const { how, output } = await app.ended;
    if (turn !== this.#turn) return;
    const title = isUp ? `The app ended ${how}` : `The app did not start`;
    this.#fail(title, output.trim() === "" ? `It ended ${how}, and said nothing.` : output);
    process.stderr.write(`${title}; waiting for a change\n`);
  }

  /** Stops the app and gives back the port. */
  async stop(): Promise<void> {
    this.#turn += 1;
    await this.#binding;
    this.#bound?.server.close();
    for (const socket of this.#held.splice(0)) socket.destroy();
    this.#down.close();
    await this.#app?.stop();
  }

  #enter(state: "up" | "down"): void {
    this.#state = state;
    for (const socket of this.#held.splice(0)) this.#take(socket);
  }

  #take(socket: Socket): void {
    if (this.#state === "up") this.#app?.serve(socket);
    else if (this.#state === "down") this.#down.serve(socket);
    else this.#held.push(socket);
  }

  #fail(title: string, text: string): void {
    this.#down.explain(title, text);
    this.#enter("down");
  }

  /** Where the app wants to listen; while its settings are broken, where it was or where they usually are. */
  #settings(): Address | (Address & { readonly problem: string }) {
    try {
      const { settings } = loadAppConfig({ appdir: this.#entry.folder, argv: this.#args });
      return { port: settings.port, server: settings.server };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const at = this.#args.indexOf("--port");
      const { QUICKSTEP_PORT, PORT } = process.env;
      const port = Number((at === -1 ? undefined : this.#args[at + 1]) ?? QUICKSTEP_PORT ?? PORT);
      const usual = { port: port || 3000, server: "127.0.0.1" };
      return { ...(this.#bound?.wanted ?? usual), problem: error.message };
    }
  }

  async #bind(wanted: Address): Promise<number> {
    const bound = this.#bound;
    if (bound?.wanted.port === wanted.port && bound.wanted.server === wanted.server) {
      return bound.port;
    }
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      this.#take(socket);
    });
    bound?.server.close();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, wanted)));
      server.listen(wanted.port, wanted.server, () => resolve());
    });
    const { port } = server.address() as AddressInfo;
    this.#bound = { wanted, port, server };
    return port;
  }
}

function explain(error: NodeJS.ErrnoException, { port, server }: Address): Error {
  if (error.code !== "EADDRINUSE") {
    return new CommandError(
      "listen-failed",
      `cannot listen on ${server}:${port}: ${error.message}`,
    );
  }
  return new CommandError(
    "port-in-use",
    `port ${port} is in use; stop the other program or choose another with --port`,
  );
}
