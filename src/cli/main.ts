#!/usr/bin/env node
/** The command line, `quickstep`: finds the command and loads nothing else. */
import { QuickstepError } from "../errors.ts";
import { columns, CommandError, runCommand, type Command } from "./command.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

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
  version: {
    summary: "tell the versions of Quickstep and Node",
    load: () => import("./commands/version.ts"),
  },
};

const status = await main(process.argv.slice(2));
if (status !== 0) process.exitCode = status;

async function main([name, ...args]: readonly string[]): Promise<number> {
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      const [of] = args;
      if (name === "help" && of !== undefined) return await main([of, "--help"]);
      process.stdout.write(overview());
      return name === undefined ? 2 : 0;
    }
    const entry = await find(name === "--version" || name === "-v" ? "version" : name);
    const { command } = await entry.load();
    return await runCommand(command, args);
  } catch (error) {
    if (!(error instanceof QuickstepError)) throw error;
    process.stderr.write(`quickstep: ${error.message}\n`);
    return error.code === "usage" ? 2 : 1;
  }
}

async function find(name: string): Promise<Entry> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry !== undefined) return entry;
  const { nearest } = await import("../nearest.ts");
  const guess = nearest(name, Object.keys(commands));
  const hint = guess === undefined ? "" : `; did you mean "quickstep ${guess}"?`;
  throw new CommandError("usage", `there is no command "${name}"${hint}\nTry: quickstep --help`);
}

function overview(): string {
  const rows = Object.entries(commands).map(
    ([name, { summary }]) => [`  ${name}`, summary] as const,
  );
  return `Usage: quickstep COMMAND [arguments]

${columns(rows)}
From nothing to a page in your browser:

  quickstep new my-app
  cd my-app
  npm run dev

"quickstep COMMAND --help" tells more about a command.
`;
}
