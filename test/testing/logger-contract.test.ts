import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { createCaptureLogger } from "../../src/engines/logger/capture.ts";
import { createConsoleLogger } from "../../src/engines/logger/console.ts";
import { encodeControls } from "../../src/engines/logger/encode.ts";
import { errorLines } from "../../src/engines/logger/error-text.ts";
import { createFileLogger } from "../../src/engines/logger/file.ts";
import { createJsonLogger } from "../../src/engines/logger/json.ts";
import type { LogEntry } from "../../src/engines/logger/logger.ts";
import { createNullLogger } from "../../src/engines/logger/null.ts";
import { loggerContract } from "../../src/testing/logger-contract.ts";
import { describeBroken, describePassing } from "./contract-suite.ts";

type Line = (entry: LogEntry) => string;

const line: Line = ({ level, requestId = "-", message, error }) => {
  const told = error === undefined ? [] : errorLines(error);
  return `${level} ${[encodeControls(requestId), encodeControls(message), ...told].join(" | ")}`;
};

/** By the rule that it breaks: how a logger writes that is right but for that. */
const broken: Record<string, Line> = {
  "takes an entry of every level, and has written all when it is closed": (entry) =>
    entry.level === "core" ? "" : line(entry),
  "tells the level and the request": (entry) => line({ ...entry, requestId: "?" }),
  "tells what was thrown and its cause": (entry) =>
    line({ ...entry, error: entry.error === undefined ? undefined : "an error" }),
  "SEC-905 keeps an entry on one line, whatever is in it": (entry) =>
    `${line(entry)} ${entry.message}`,
  "SEC-906 tells no header and nothing that hangs on an error": (entry) =>
    `${line(entry)} ${entry.request?.header("cookie") ?? ""}`,
  "SEC-903 throws for nothing that can be thrown": (entry) =>
    `${line(entry)} ${String((entry.error as { name?: unknown } | undefined)?.name ?? "")}`,
};

function casesOf(write: Line) {
  return loggerContract({
    create: () => {
      let text = "";
      const log = (entry: LogEntry): void => void (text += `${write(entry)}\n`);
      return { logger: { log }, written: () => text };
    },
  });
}

function collected() {
  const texts: string[] = [];
  const write = (text: string): void => void texts.push(text);
  return { stream: { write }, written: () => texts.join("") };
}

describe("the contract of loggers", () => {
  describePassing({
    line: casesOf(line),
    console: loggerContract({
      create: async (options) => {
        const { stream, written } = collected();
        return { logger: await createConsoleLogger(options, stream), written };
      },
    }),
    json: loggerContract({
      create: async (options) => {
        const { stream, written } = collected();
        return { logger: await createJsonLogger(options, stream), written };
      },
    }),
    file: loggerContract({
      create: async (options) => {
        const appdir = mkdtempSync(join(tmpdir(), "quickstep-log-"));
        const logger = await createFileLogger({ ...options, appdir });
        return { logger, written: () => readFileSync(join(appdir, "logs/production.log"), "utf8") };
      },
    }),
    null: loggerContract({ create: () => ({ logger: createNullLogger() }) }),
    capture: loggerContract({ create: () => ({ logger: createCaptureLogger() }) }),
  });
  describeBroken(broken, casesOf);
});
