/** `quickstep start`. */
import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { appArguments, appOptions, findBuilt, type AppEntry } from "../app-entry.ts";
import type { Command } from "../command.ts";

export const command: Command = {
  usage: "quickstep start [FOLDER or FILE] [options]",
  description: `
Runs the app in the environment "production" unless NODE_ENV, QUICKSTEP_ENVIRONMENT or --environment
name another. It runs what "npm run build" has compiled, dist/start.js or dist/app.js, in this very
process: SIGTERM reaches the app, which finishes running requests and ends with status 0.

  npm run build && npx quickstep start
  npx quickstep start --port 8080`,
  options: appOptions,
  arguments: 1,
  async run(input) {
    const entry = findBuilt(input.positionals[0]);
    const newer = findNewerSource(entry);
    if (newer !== undefined) {
      const built = relative(entry.folder, entry.script);
      process.stderr.write(`${newer} is newer than ${built}; npm run build compiles it\n`);
    }
    const { env } = process;
    if (!env["QUICKSTEP_ENVIRONMENT"] && !env["NODE_ENV"]) env["NODE_ENV"] = "production";
    process.setSourceMapsEnabled(true);
    // As if node had been started with it: the app finds its folder and its arguments there.
    process.argv.splice(1, process.argv.length, entry.script, ...appArguments(input));
    await import(pathToFileURL(entry.script).href);
    return undefined;
  },
};

/** A source that was changed after the app was compiled; files of the app's folder only. */
function findNewerSource({ folder, script }: AppEntry): string | undefined {
  if (relative(folder, script).split(sep)[0] !== "dist") return undefined;
  const compiled = statSync(script).mtimeMs;
  return readdirSync(folder, { withFileTypes: true })
    .filter((file) => file.isFile() && /(?<!\.d)\.ts$/.test(file.name))
    .map(({ name }) => name)
    .find((name) => statSync(join(folder, name)).mtimeMs > compiled);
}
