/** Apps for tests: each in a fresh, empty folder, with a key of its own and a log that can be read. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Pool } from "undici";
import { afterAll } from "vitest";
import { App } from "../../src/app.ts";
import type { AppOptions } from "../../src/app-options.ts";
import { createCaptureLogger, type CaptureLogger } from "../../src/engines/logger/capture.ts";
import { Client } from "./client.ts";

/** The session engines that need nothing installed. */
export const engines = ["cookie", "simple"] as const;

/** The name of the session cookie in every environment but development, unless settings change it. */
export const cookieName = "__Host-quickstep.session";

/** The name of the cookie beside it that carries the moment of last use. */
export const seenName = `${cookieName}-seen`;

const folders: string[] = [];
const logs = new WeakMap<App, CaptureLogger>();

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A key as `session_cookie_key` takes it. */
export function newKey(): string {
  return `base64:${randomBytes(32).toString("base64")}`;
}

/** A folder of its own, gone after the test file; `files` are written below it, by name. */
export function tempFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "quickstep-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/**
 * An app in an empty folder and the environment `test`, with cookie sessions under a throw-away key.
 *
 * @param settings over those; `session: "simple"` or `null` are ordinary
 * @param define declares its routes and hooks
 * @param options everything else, such as `now`, `appdir` or another `environment`
 */
export function createApp(
  settings: Readonly<Record<string, unknown>> = {},
  define: (app: App) => void = () => undefined,
  options: Omit<AppOptions, "settings"> = {},
): App {
  const app = new App({
    appdir: options.appdir ?? tempFolder(),
    environment: "test",
    env: {},
    ...options,
    settings: {
      server: "127.0.0.1",
      port: 0,
      session: "cookie",
      session_cookie_key: newKey(),
      logger: "capture",
      ...settings,
    },
  });
  const log = createCaptureLogger();
  app.engine("logger").register("capture", () => log);
  logs.set(app, log);
  define(app);
  return app;
}

/** What the app has logged so far: `logOf(app).entries`, or `read()` to empty it too. */
export function logOf(app: App): CaptureLogger {
  const log = logs.get(app);
  if (log === undefined) throw new Error("this app was not made by createApp");
  return log;
}

/** The messages of one level that the app has logged so far. */
export function logged(app: App, level = "warning"): string[] {
  return logOf(app)
    .entries.filter((entry) => entry.level === level)
    .map((entry) => entry.message);
}

/** A visitor who reaches the app through `app.fetch`, over https unless `origin` says otherwise. */
export function visit(app: App, origin = "https://app.test", now?: () => number): Client {
  return new Client(origin, now, async (url, { method, headers, body }) => {
    const response = await app.fetch(
      new Request(url, { method, headers, body: body ?? null, redirect: "manual" }),
    );
    return {
      status: response.status,
      headers: [...response.headers],
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  });
}

/** An app that listens on a free port of 127.0.0.1, and a visitor who reaches it over sockets. */
export interface Served {
  readonly url: string;
  readonly port: number;
  /** A visitor with a cookie jar. */
  readonly client: Client;
  /** One more visitor, with a jar of their own. */
  readonly newClient: () => Client;
  stop(): Promise<void>;
}

/** Serves the app until `stop` is called; `connections` is how many requests may overlap. */
export async function serve(app: App, connections = 64): Promise<Served> {
  const running = await app.listen();
  const url = `http://127.0.0.1:${running.port}`;
  const pool = new Pool(url, { connections });
  const newClient = (): Client =>
    new Client(url, undefined, async (target, { method, headers, body }) => {
      const { pathname, search } = new URL(target);
      const path = `${pathname}${search}`;
      const response = await pool.request({ method, path, headers, body: body ?? null });
      const pairs = Object.entries(response.headers).flatMap(([name, value = []]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      );
      const bytes = Buffer.from(await response.body.arrayBuffer());
      return { status: response.statusCode, headers: pairs, bytes };
    });
  return {
    url,
    port: running.port,
    client: newClient(),
    newClient,
    stop: async () => {
      await pool.close();
      await running.stop();
    },
  };
}
