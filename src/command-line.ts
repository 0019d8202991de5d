/** The command line of an app: `node app.js --port 8080 --environment production`. */
import { parseArgs } from "node:util";
import { ConfigError } from "./errors.ts";

/** The options that an app takes on its command line; each is a setting of the same name. */
export const commandLineOptions = {
  port: { type: "string", short: "p" },
  server: { type: "string" },
  environment: { type: "string", short: "e" },
  confdir: { type: "string" },
  log: { type: "string" },
} as const;

/** What the command line said. */
export type CommandLine = { readonly [Name in keyof typeof commandLineOptions]?: string };

/**
 * Reads the arguments after the script's name.
 *
 * @throws ConfigError `command-line-invalid` naming the argument and the ones that are known.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  try {
    return { ...parseArgs({ args: [...args], options: commandLineOptions, strict: true }).values };
  } catch (cause) {
    const known = Object.keys(commandLineOptions).map((name) => `--${name}`);
    const reason = cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : String(cause);
    throw new ConfigError("command-line-invalid", `${reason} (known: ${known.join(", ")})`, {
      cause,
    });
  }
}
