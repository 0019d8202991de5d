#!/usr/bin/env node
/**
 * The command line, `quickstep`: finds the command and loads nothing else. Inside an app that has its own
 * Quickstep it hands over to that one, so that an app is served by the version that it was written for.
 */
import { pathToFileURL } from "node:url";
import { QuickstepError } from "../errors.ts";
import { findLocalCommand } from "./local-install.ts";
import { columns, CommandError, runCommand, type Command } from "./command.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** By name; one of two words, such as "session open", is one of a group. */
const commands: Readonly<Record<string, Entry>> = {
  new: {
    summary: "make a new app in a folder of its own",
    load: () => import("./commands/new.ts"),
  },
  dev: {
    summary: "run the app and start it again at every change",
    load: () => import("./commands/dev.ts"),
  },
  start: {
    summary: "run the app in production",
    load: () => import("./commands/start.ts"),
  },
  routes: {
    summary: "list the routes, and where each is declared",
    load: () => import("./commands/routes.ts"),
  },
  config: {
    summary: "show the settings in force, and which line decided each",
    load: () => import("./commands/config.ts"),
  },
  secret: {
    summary: "make a key for session cookies",
    load: () => import("./commands/secret.ts"),
  },
  "session keys": {
    summary: "list the keys for session cookies by id, and which one seals",
    load: () => import("./commands/session-keys.ts"),
  },
  "session open": {
    summary: "show what is in a session cookie",
    load: () => import("./commands/session-open.ts"),
  },
  version: {
    summary: "tell the versions of Quickstep and Node",
    load: () => import("./commands/version.ts"),
  },
};

const local = findLocalCommand();
if (local !== undefined) {
  await import(pathToFileURL(local).href);
} else {
  const status = await main(process.argv.slice(2));
  if (status !== 0) process.exitCode = status;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  try {
    if (name === undefined || name === "help" || isHelp(name)) {
      if (name === "help" && args.length > 0) return await main([...args, "--help"]);
      process.stdout.write(overview());
      return name === undefined ? 2 : 0;
    }
    if (isGroup(name)) {
      const [word, ...rest] = args;
      if (word !== undefined && !isHelp(word)) return await run(`${name} ${word}`, rest);
      process.stdout.write(groupOverview(name));
      return word === undefined ? 2 : 0;
    }
    return await run(name === "--version" || name === "-v" ? "version" : name, args);
  } catch (error) {
    if (!(error instanceof QuickstepError)) throw error;
    process.stderr.write(`quickstep: ${error.message}\n`);
    return error.code === "usage" ? 2 : 1;
  }
}

async function run(name: string, args: readonly string[]): Promise<number> {
  const { command } = await (await find(name)).load();
  return await runCommand(command, args);
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

function isGroup(name: string): boolean {
  return Object.keys(commands).some((known) => known.startsWith(`${name} `));
}

async function find(name: string): Promise<Entry> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry !== undefined) return entry;
  const { nearest } = await import("../nearest.ts");
  const known = Object.keys(commands);
  const groups = known.flatMap((one) => one.split(" ").slice(0, -1));
  const guess = nearest(name, [...known, ...groups]);
  const hint = guess === undefined ? "" : `; did you mean "quickstep ${guess}"?`;
  throw new CommandError("usage", `there is no command "${name}"${hint}\nTry: quickstep --help`);
}

function overview(): string {
  return `Usage: quickstep COMMAND [arguments]

${summaries("")}
From nothing to a page in your browser:

  quickstep new my-app
  cd my-app
  npm run dev

"quickstep COMMAND --help" tells more about a command.
`;
}

function groupOverview(group: string): string {
  return `Usage: quickstep ${group} COMMAND [arguments]

${summaries(`${group} `)}
"quickstep ${group} COMMAND --help" tells more about a command.
`;
}

/** The commands whose names begin so, each in a line. */
function summaries(beginning: string): string {
  const rows = Object.entries(commands)
    .filter(([name]) => name.startsWith(beginning))
    .map(([name, { summary }]) => [`  ${name}`, summary] as const);
  return columns(rows);
}
