/** The logger `capture`: keeps entries in memory, for tests. */
import type { LogEntry, Logger, LogLevel } from "./logger.ts";

const most = 10_000;

/** Keeps the last 10,000 entries. */
export class CaptureLogger implements Logger {
  #entries: LogEntry[] = [];

  /** What was logged and not yet read, the oldest first. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** The messages of one level that were logged and not yet read. */
  messages(level: LogLevel): string[] {
    return this.#entries.filter((entry) => entry.level === level).map(({ message }) => message);
  }

  log(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > most) this.#entries.shift();
  }

  /** What was logged since the last call; empties the memory. */
  read(): LogEntry[] {
    const read = this.#entries;
    this.#entries = [];
    return read;
  }
}

/** Makes the logger `capture`. */
export function createCaptureLogger(): CaptureLogger {
  return new CaptureLogger();
}
