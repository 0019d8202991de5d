/** `quickstep routes`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findSource, nodeArguments, type AppEntry } from "../app-entry.ts";
import { columns, CommandError, type Command } from "../command.ts";
import { ANSWER, type Declaration, type Inspection } from "../routes-probe.ts";
import { createKey } from "../../sealing/create-key.ts";
import { KEY_VARIABLE } from "../session-key.ts";

export const command: Command = {
  usage: "quickstep routes [FOLDER or FILE]",
  description: `
Lists the app's routes in the order in which they are tried, each with the line that declares it, and
then its hooks. The app's main script is run for that, up to where it would begin to serve: engines
are not made and no port is opened.

  npx quickstep routes
  npx quickstep routes --json`,
  options: { json: { type: "boolean", help: "as JSON" } },
  arguments: 1,
  async run({ values, positionals }) {
    const entry = findSource(positionals[0]);
    const inspection = await inspect(entry);
    const shown = values["json"] === true ? toJson(inspection) : toText(inspection);
    process.stdout.write(shown);
    return 0;
  },
};

/** @throws CommandError `app-did-not-start` when the main script ended before. */
async function inspect(entry: AppEntry): Promise<Inspection> {
  const folder = mkdtempSync(join(tmpdir(), "quickstep-routes-"));
  const answer = join(folder, "answer.json");
  try {
    const own = import.meta.filename;
    const probe = new URL(
      own.endsWith(".ts") ? "../routes-probe.ts" : "../routes-probe.js",
      import.meta.url,
    );
    const args = [...nodeArguments(entry), "--import", probe.href, entry.script];
    const child = spawn(process.execPath, args, {
      // A key that seals nothing, where there is none yet.
      env: { [KEY_VARIABLE]: createKey(), ...process.env, [ANSWER]: answer },
      stdio: ["ignore", process.stderr, "inherit"],
    });
    await once(child, "close");
    if (existsSync(answer))
      return relativeTo(entry.folder, JSON.parse(readFileSync(answer, "utf8")) as Inspection);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const script = relative(process.cwd(), fileURLToPath(`file://${entry.script}`));
  throw new CommandError(
    "app-did-not-start",
    `${script} ended without dance(); nothing is known of its routes`,
  );
}

function relativeTo(folder: string, { routes, hooks }: Inspection): Inspection {
  const shorten = (one: Declaration): Declaration => ({
    ...one,
    place: relative(folder, one.place),
  });
  return { routes: routes.map(shorten), hooks: hooks.map(shorten) };
}

function toJson(inspection: Inspection): string {
  return `${JSON.stringify(inspection, undefined, 2)}\n`;
}

function toText({ routes, hooks }: Inspection): string {
  if (routes.length === 0) return "There are no routes.\n";
  const merged = merge(routes);
  const patterns = merged.map(({ pattern = "", notes = [] }) =>
    notes.length === 0 ? pattern : `${pattern}  (${notes.join(", ")})`,
  );
  const width = Math.max(...patterns.map((text) => text.length));
  const table = columns(
    merged.map(({ name, place }, at) => [name, `${String(patterns[at]).padEnd(width)}  ${place}`]),
  );
  if (hooks.length === 0) return table;
  return `${table}\nHooks:\n${columns(hooks.map(({ name, place }) => [name, place]))}`;
}

/** One line for a declaration that answers several methods. */
function merge(routes: readonly Declaration[]): Declaration[] {
  const merged: Declaration[] = [];
  for (const route of routes) {
    const last = merged.at(-1);
    if (last?.pattern === route.pattern && last?.place === route.place) {
      merged[merged.length - 1] = { ...route, name: `${last.name}, ${route.name}` };
    } else {
      merged.push(route);
    }
  }
  return merged.map((route) =>
    route.name.split(", ").length === 7 ? { ...route, name: "any" } : route,
  );
}
