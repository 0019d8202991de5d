import { describe, expect, it } from "vitest";
import { createCaptureLogger } from "../../../src/engines/logger/capture.ts";
import { logLevels, passes } from "../../../src/engines/logger/level.ts";
import { createNullLogger } from "../../../src/engines/logger/null.ts";
import { createEntry } from "./entries.ts";

describe("the logger capture", () => {
  it("keeps entries until they are read", () => {
    const logger = createCaptureLogger();
    const [one, two] = [createEntry({ message: "one" }), createEntry({ message: "two" })];
    logger.log(one);
    logger.log(two);
    expect(logger.entries).toEqual([one, two]);
    expect(logger.read()).toEqual([one, two]);
    expect(logger.entries).toEqual([]);
    expect(logger.read()).toEqual([]);
  });

  it("keeps the last 10,000", () => {
    const logger = createCaptureLogger();
    for (let count = 0; count < 10_005; count++) logger.log(createEntry({ time: count }));
    expect(logger.entries).toHaveLength(10_000);
    expect(logger.entries[0]?.time).toBe(5);
  });
});

it("the logger null takes entries", () => {
  expect(() => {
    createNullLogger().log(createEntry());
  }).not.toThrow();
});

it("levels pass from their threshold upwards", () => {
  const passing = logLevels.map((threshold) =>
    logLevels.filter((level) => passes(level, threshold)).join(" "),
  );
  expect(passing).toEqual([
    "core debug info warning error",
    "debug info warning error",
    "info warning error",
    "warning error",
    "error",
  ]);
});
