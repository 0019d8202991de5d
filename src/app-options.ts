/** How an app is made, and the configuration that follows from it. */
import { parseCommandLine } from "./command-line.ts";
import { loadConfig, type Config } from "./config/config.ts";

/** How an app is made; what is not given comes from the surroundings. */
export interface AppOptions {
  /** The app's folder; by default the nearest one above the main script with a `config.yml` or `package.json`. */
  readonly appdir?: string;
  /** The folder of `config.yml`; by default the app's. */
  readonly confdir?: string;
  /** `development`, `production`, `test`, or one that has a file in `environments/`. */
  readonly environment?: string;
  /** Environment variables; by default the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Command-line arguments to read settings from; by default none. */
  readonly argv?: readonly string[];
  /** Settings in code, above all files. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** False spares AsyncLocalStorage where no handler uses an ambient word. */
  readonly ambient?: boolean;
}

/** Reads the configuration for an app made with these options. @throws ConfigError. */
export function loadAppConfig(options: AppOptions): Config {
  const commandLine = parseCommandLine(options.argv ?? []);
  // What it says counts above what the app says of itself.
  return loadConfig({ ...options, ...commandLine, commandLine });
}
