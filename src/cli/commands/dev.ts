/** `quickstep dev`. */
import { relative } from "node:path";
import { loadAppConfig } from "../../app-options.ts";
import { ConfigError } from "../../errors.ts";
import { appArguments, appOptions, findSource, type AppEntry } from "../app-entry.ts";
import type { Command } from "../command.ts";
import { createKey } from "../../sealing/create-key.ts";
import { ensureKeyFile, KEY_VARIABLE } from "../session-key.ts";

export const command: Command = {
  usage: "quickstep dev [FOLDER or FILE] [options]",
  description: `
Runs the app, start.ts or app.ts, and runs it again when its code, settings or .env change; views and
public files it reads anew by itself. While the app cannot run, the browser shows why, and shows the
app as soon as it runs again. In development a missing .env is made, with a key for session cookies.

  npx quickstep dev
  npx quickstep dev --port 8080 --log debug`,
  options: appOptions,
  arguments: 1,
  async run(input) {
    const entry = findSource(input.positionals[0]);
    const args = appArguments(input);
    const [{ Supervisor }, { watchFolder }] = await Promise.all([
      import("../dev/supervisor.ts"),
      import("../dev/watcher.ts"),
    ]);
    const supervisor = new Supervisor(entry, args);
    const stopped = new Promise<NodeJS.Signals>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
    });
    let unwatch: (() => Promise<void>) | undefined;
    let readsViewsAnew = false;
    const failed = new Promise<never>((_resolve, reject) => {
      const start = (): void => {
        const environment = prepare(entry, args);
        if (environment !== undefined) readsViewsAnew = environment === "development";
        void supervisor.start().catch(reject);
      };
      start();
      unwatch = watchFolder(entry.folder, (changed) => {
        const files = changed.filter((file) => !readsViewsAnew || !/\.(?:eta|tt)$/.test(file));
        if (files.length === 0) return;
        process.stdout.write(`${files.join(", ")} changed, starting again\n`);
        start();
      });
    });
    try {
      await Promise.race([stopped, failed]);
    } finally {
      await unwatch?.();
      await supervisor.stop();
    }
    process.exit(0);
  },
};

/**
 * Makes a missing key, on a developer's machine only, and gives the environment; `undefined` when
 * something is wrong with the settings, which is for the app to say.
 */
function prepare({ folder }: AppEntry, argv: readonly string[]): string | undefined {
  try {
    const env = { [KEY_VARIABLE]: createKey(), ...process.env };
    const { environment } = loadAppConfig({ appdir: folder, argv, env });
    if (environment === "development" && ensureKeyFile(folder)) {
      const file = relative(process.cwd(), `${folder}/.env`);
      process.stdout.write(`made ${file} with a new key for the session cookies\n`);
    }
    return environment;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return undefined;
  }
}
