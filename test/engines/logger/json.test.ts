import { describe, expect, it } from "vitest";
import { createJsonLogger } from "../../../src/engines/logger/json.ts";
import type { LogEntry } from "../../../src/engines/logger/logger.ts";
import { createEntry, createOptions, forged, thrown } from "./entries.ts";

async function write(entry: Partial<LogEntry>): Promise<string> {
  let written = "";
  const destination = { write: (text: string) => void (written += text) };
  const logger = await createJsonLogger(createOptions(), destination);
  logger.log(createEntry(entry));
  await logger.close?.();
  return written;
}

describe("a line", () => {
  it("is one JSON object", async () => {
    const time = createEntry().time;
    expect(JSON.parse(await write({}))).toEqual({ level: "info", time, msg: "hello" });
    expect(JSON.parse(await write({ level: "core", requestId: "r1" }))).toEqual({
      level: "core",
      time,
      requestId: "r1",
      msg: "hello",
    });
  });

  it("has the fields of an answered request", async () => {
    const access = { method: "GET", path: "/a\u0085", status: 200, ms: 3.1, address: "127.0.0.1" };
    const line = await write({ access, message: "GET /a 200 3.1 ms", requestId: "r1" });
    expect(JSON.parse(line)).toEqual({
      level: "info",
      time: createEntry().time,
      requestId: "r1",
      method: "GET",
      path: "/a\\x85",
      status: 200,
      ms: 3.1,
      address: "127.0.0.1",
      msg: "GET /a 200 3.1 ms",
    });
  });

  it("SEC-906 tells an error in lines, without its other members", async () => {
    const error = Object.assign(new Error("broken"), { headers: { cookie: "canary" } });
    const line = await write({ level: "error", error });
    expect(JSON.parse(line)).toMatchObject({
      level: "error",
      error: expect.arrayContaining(["Error: broken"]) as string[],
    });
    expect(line).not.toContain("canary");
  });

  it.each(forged)("SEC-905 encodes %j", async (message, shown) => {
    const line = await write({ message, requestId: message, error: new Error(message) });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({ msg: shown, requestId: shown });
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Zl}\u202e]/u);
  });

  it("SEC-903 takes anything that can be thrown", async () => {
    for (const error of thrown) expect(JSON.parse(await write({ error }))).toHaveProperty("error");
  });
});
