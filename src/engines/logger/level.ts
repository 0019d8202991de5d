/** The order of the log levels. */
import type { LogLevel } from "./logger.ts";

/** The levels, the most talkative first. */
export const logLevels: readonly LogLevel[] = ["core", "debug", "info", "warning", "error"];

/** Tells whether an entry of this level is written where the `log` setting is `threshold`. */
export function passes(level: LogLevel, threshold: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(threshold);
}
