/** Apps for tests: each in a fresh, empty folder, with a key of its own and a log that can be read. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { App } from "../../src/app.ts";
import type { AppOptions } from "../../src/app-options.ts";
import type { CaptureLogger } from "../../src/engines/logger/capture.ts";
import type { LogLevel } from "../../src/engines/logger/logger.ts";
import { AppUnderTest } from "../../src/testing/app-under-test.ts";
import { createClient, type Client } from "../../src/testing/index.ts";

/** The session engines that need nothing installed. */
export const engines = ["cookie", "simple"] as const;

/** The name of the session cookie in every environment but development, unless settings change it. */
export const cookieName = "__Host-quickstep.session";

/** The name of the cookie beside it that carries the moment of last use. */
export const seenName = `${cookieName}-seen`;

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A key as `session_cookie_key` takes it. */
export function newKey(): string {
  return `base64:${randomBytes(32).toString("base64")}`;
}

/** A folder of its own, gone after the test file; `files` are written below it, by name. */
export function tempFolder(
  files: Readonly<Record<string, string>> = {},
  parent = tmpdir(),
): string {
  const folder = mkdtempSync(join(parent, "tmp-quickstep-"));
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
  AppUnderTest.of(app);
  define(app);
  return app;
}

/** What the app has logged so far: `logOf(app).entries`, or `read()` to empty it too. */
export function logOf(app: App): CaptureLogger {
  return AppUnderTest.of(app).log;
}

/** The messages of one level that the app has logged so far. */
export function logged(app: App, level: LogLevel = "warning"): string[] {
  return logOf(app).messages(level);
}

/** A visitor of the app, over https unless `origin` says otherwise. */
export function visit(app: App, origin?: string): Client {
  return createClient(app, origin === undefined ? {} : { origin });
}

/** An app that listens on a free port of 127.0.0.1, and a visitor who reaches it over plain http. */
export interface Served {
  readonly url: string;
  readonly port: number;
  /** A visitor with a cookie jar. */
  readonly client: Client;
  /** One more visitor, with a jar of their own. */
  readonly newClient: () => Client;
  stop(): Promise<void>;
}

/** Serves the app until `stop` is called. */
export async function serve(app: App): Promise<Served> {
  const port = await createClient(app, { origin: "http://127.0.0.1" }).port();
  const url = `http://127.0.0.1:${port}`;
  const client = createClient(app, { origin: url });
  return {
    url,
    port,
    client,
    newClient: () => createClient(app, { origin: url }),
    stop: () => client.close(),
  };
}
