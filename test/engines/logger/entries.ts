/** Entries for logger tests. */
import type { LogEntry, LoggerOptions } from "../../../src/engines/logger/logger.ts";

export function createEntry(entry: Partial<LogEntry> = {}): LogEntry {
  return { level: "info", time: Date.UTC(2026, 2, 5, 10, 20, 30, 456), message: "hello", ...entry };
}

export function createOptions(
  settings: Record<string, unknown> = {},
  options: Partial<LoggerOptions> = {},
): LoggerOptions {
  return {
    appdir: "/nonexistent",
    environment: "production",
    setting: (name) => settings[name],
    ...options,
  };
}

/** Text that tries to forge a line or command a terminal, and how it must be written. */
export const forged: readonly (readonly [text: string, written: string])[] = [
  ["a\n2026-01-01 error fake", "a\\n2026-01-01 error fake"],
  ["a\r\nb", "a\\r\\nb"],
  ["a\rb", "a\\rb"],
  ["a\u001b[2Jb", "a\\x1b[2Jb"],
  ["a\u009b31mb", "a\\x9b31mb"],
  ["a\u0000b\u0008\u007f", "a\\x00b\\x08\\x7f"],
  ["a\tb", "a\\tb"],
  ["a\u0085b\u2028c\u2029d", "a\\x85b\\u2028c\\u2029d"],
  ["a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["end\n\n", "end\\n"],
];

const hostile = new Error("x");
Object.defineProperty(hostile, "message", {
  get: () => {
    throw new Error("getter");
  },
});

/** Anything may be thrown. */
export const thrown: readonly unknown[] = [
  new Error("x"),
  Object.freeze(new Error("frozen")),
  hostile,
  Object.assign(new Error("no stack"), { stack: undefined }),
  "text",
  null,
  0,
  Symbol("s"),
  () => 1,
  Object.create(null),
  new Proxy(new Error("proxy"), {
    get: () => {
      throw new Error("trap");
    },
  }),
];
