/** Starts a suite's app, in a throw-away copy of its folder and in this process, on a free port. */
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "../../../src/app.ts";
import { fixtures, type ServerSpec } from "./cases.ts";

/** The variables of a suite's server: `QS_*` as `cases.json` describes them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What `test/dancer/apps/SUITE.ts` exports. */
export interface SuiteApp {
  /** Declares routes, hooks and settings. */
  readonly default: (app: App, env: Env) => void | Promise<void>;
  /** The path below which a foreign server mounts the app. */
  readonly mount?: string;
}

/** A suite's app that serves, or that did not start. */
export interface SuiteServer {
  readonly appdir: string;
  readonly port: number;
  /** Why it did not start. */
  readonly failure: Error | undefined;
  /** The app's clock, in milliseconds; `wait` moves it on. */
  now(): number;
  wait(milliseconds: number): void;
  stop(): Promise<void>;
}

/** Starts the app of a suite. An app that cannot start is no error but has a `failure`. */
export async function startSuite(
  suite: string,
  spec: ServerSpec,
  { default: define, mount }: SuiteApp,
): Promise<SuiteServer> {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "quickstep-"));
  const appdir = join(root, "app");
  cpSync(join(fixtures, suite), appdir, { recursive: true });
  const env = Object.fromEntries(
    Object.entries(spec.env ?? {}).map(([name, value]) => [
      name.replace(/^DANCER_/, "QUICKSTEP_").replace(/^PLACK_ENV$/, "NODE_ENV"),
      value.replaceAll("<appdir>", appdir),
    ]),
  );
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const app = new App({
    appdir,
    env,
    now,
    // The name that the recorded requests use.
    settings: { logger: "null", session_name: "dancer.session" },
  });
  const common = {
    appdir,
    now,
    wait: (milliseconds: number): void => {
      ahead += milliseconds;
    },
  };
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    await define(app, env);
    const running = await serve(app, mount);
    const stop = async (): Promise<void> => {
      await running.stop();
      remove();
    };
    return { ...common, port: running.port, failure: undefined, stop };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { ...common, port: 0, failure, stop: () => Promise.resolve(remove()) };
  }
}

/**
 * Serves an app on a free port, so that its own `server` and `port` stay as they are; below a mount
 * point as Express and Connect do, which take it off `url` and put it into `baseUrl`.
 */
async function serve(
  app: App,
  mount: string | undefined,
): Promise<{ port: number; stop: () => Promise<void> }> {
  await app.start();
  const mounted =
    (mount: string): RequestListener =>
    (req, res) => {
      const url = req.url ?? "/";
      if (url !== mount && !url.startsWith(`${mount}/`) && !url.startsWith(`${mount}?`)) {
        res.writeHead(404, { "Content-Type": "text/plain" }).end("outside");
        return;
      }
      const rest = url.slice(mount.length);
      Object.assign(req, { baseUrl: mount, originalUrl: url });
      req.url = rest.startsWith("/") ? rest : `/${rest}`;
      app.listener(req, res);
    };
  const server = createServer(mount === undefined ? app.listener : mounted(mount)).listen(
    0,
    "127.0.0.1",
  );
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}
