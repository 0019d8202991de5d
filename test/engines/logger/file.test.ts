import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFileLogger } from "../../../src/engines/logger/file.ts";
import { createEntry, createOptions, forged, thrown } from "./entries.ts";

function createAppdir(): string {
  return mkdtempSync(join(tmpdir(), "quickstep-"));
}

describe("the file", () => {
  it("is logs/ENVIRONMENT.log below the app's folder, made when missing", async () => {
    const appdir = createAppdir();
    const logger = await createFileLogger(createOptions({}, { appdir, environment: "test" }));
    logger.log(createEntry());
    expect(readFileSync(join(appdir, "logs", "test.log"), "utf8")).toBe(
      "2026-03-05T10:20:30.456Z info    hello\n",
    );
    await logger.close?.();
  });

  it("is where log_path and log_file say, and is added to", async () => {
    const appdir = createAppdir();
    const settings = { log_path: "deep/er", log_file: "my.log", logger_format: "%L|%m" };
    for (const message of ["one", "two\nlines\n"]) {
      const logger = await createFileLogger(createOptions(settings, { appdir }));
      logger.log(createEntry({ message }));
      await logger.close?.();
    }
    expect(readFileSync(join(appdir, "deep", "er", "my.log"), "utf8")).toBe(
      " info|one\n info|two\\nlines\n",
    );
  });

  it("SEC-905 holds one line for each event", async () => {
    const appdir = createAppdir();
    const options = createOptions({ log_path: appdir }, { environment: "development" });
    const logger = await createFileLogger(options);
    for (const [message] of forged) logger.log(createEntry({ message, error: new Error(message) }));
    for (const error of thrown) logger.log(createEntry({ error }));
    await logger.close?.();
    const text = readFileSync(join(appdir, "development.log"), "utf8");
    expect(text.split("\n")).toHaveLength(forged.length + thrown.length + 1);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\u202e]/u);
  });

  it("that cannot be opened is told at the start", async () => {
    const appdir = createAppdir();
    writeFileSync(join(appdir, "logs"), "a file");
    await expect(createFileLogger(createOptions({}, { appdir }))).rejects.toMatchObject({
      code: "logger-failed",
      message: `the log file ${join(appdir, "logs", "production.log")} cannot be opened`,
    });
  });
});
