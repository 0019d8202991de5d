/** The configuration of the app that a command is about. */
import { resolve } from "node:path";
import { loadAppConfig } from "../app-options.ts";
import type { Config } from "../config/config.ts";
import { appArguments, appOptions } from "./app-entry.ts";
import type { CommandInput, CommandOption } from "./command.ts";

/** The options that tell which configuration is meant. */
export const configOptions: Readonly<Record<string, CommandOption>> = {
  ...Object.fromEntries(
    Object.entries(appOptions).filter(([name]) => name === "environment" || name === "confdir"),
  ),
  app: { type: "string", value: "FOLDER", help: "the app's folder, if it is not this one" },
};

/** Reads it as the app would; what `set()` changes in code is not known. @throws ConfigError. */
export function readConfig(input: CommandInput): Config {
  const appdir = resolve(String(input.values["app"] ?? "."));
  return loadAppConfig({ appdir, argv: appArguments(input) });
}
