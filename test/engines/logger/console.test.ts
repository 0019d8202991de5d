import { afterEach, describe, expect, it, vi } from "vitest";
import { createConsoleLogger } from "../../../src/engines/logger/console.ts";
import type { LogEntry } from "../../../src/engines/logger/logger.ts";
import { ConfigError } from "../../../src/errors.ts";
import { createEntry, createOptions, forged, thrown } from "./entries.ts";

interface Place {
  readonly settings?: Record<string, unknown>;
  readonly environment?: string;
  readonly isTTY?: boolean;
}

async function write(entry: Partial<LogEntry>, place: Place = {}): Promise<string> {
  let written = "";
  const stream = { isTTY: place.isTTY ?? false, write: (text: string) => (written += text) };
  const options = createOptions(place.settings, { environment: place.environment ?? "production" });
  (await createConsoleLogger(options, stream)).log(createEntry(entry));
  return written;
}

afterEach(() => vi.unstubAllEnvs());

describe("a line", () => {
  it("has time, level, request id and message", async () => {
    expect(await write({})).toBe("2026-03-05T10:20:30.456Z info    hello\n");
    expect(await write({ level: "warning", requestId: "r1" })).toBe(
      "2026-03-05T10:20:30.456Z warning [r1] hello\n",
    );
  });

  it("is coloured on a terminal only, and not with NO_COLOR", async () => {
    vi.stubEnv("NO_COLOR", undefined);
    expect(await write({ level: "error" }, { isTTY: true })).toContain(
      "\u001b[31merror  \u001b[0m",
    );
    vi.stubEnv("FORCE_COLOR", undefined);
    expect(await write({ level: "error" })).not.toContain("\u001b");
    vi.stubEnv("FORCE_COLOR", "1");
    expect(await write({ level: "error" })).toContain("\u001b[31m");
    vi.stubEnv("NO_COLOR", "1");
    expect(await write({ level: "error" }, { isTTY: true })).not.toContain("\u001b");
  });

  it.each(forged)("SEC-905 encodes %j", async (text, shown) => {
    for (const environment of ["development", "production"]) {
      expect(await write({ message: text }, { environment })).toContain(` ${shown}\n`);
      expect((await write({ requestId: `${text}.` }, { environment })).split("\n")).toHaveLength(2);
      const settings = { logger_format: "%m" };
      expect(await write({ message: text }, { environment, settings })).toBe(`${shown}\n`);
    }
  });
});

describe("a line about an answered request", () => {
  const access = { method: "GET", path: "/cart", status: 404, ms: 3.1, address: "127.0.0.1" };
  const entry = { access, message: "GET /cart 404 3.1 ms", requestId: "r1" };

  it("is short in development, the status in its colour on a terminal", async () => {
    const place = { environment: "development" };
    vi.stubEnv("FORCE_COLOR", undefined);
    expect(await write(entry, place)).toBe("GET /cart 404 3.1 ms [r1]\n");
    vi.stubEnv("NO_COLOR", undefined);
    expect(await write(entry, { ...place, isTTY: true })).toBe(
      "GET /cart \u001b[33m404\u001b[0m\u001b[90m 3.1 ms [r1]\u001b[0m\n",
    );
  });

  it("is as any other elsewhere, and with logger_format", async () => {
    expect(await write(entry)).toBe("2026-03-05T10:20:30.456Z info    [r1] GET /cart 404 3.1 ms\n");
    const settings = { logger_format: "%L|%m" };
    expect(await write(entry, { environment: "development", settings })).toBe(
      " info|GET /cart 404 3.1 ms\n",
    );
  });

  it.each(forged)("SEC-905 encodes %j in development", async (text, shown) => {
    const message = `GET /${text}. 200 3.1 ms`;
    for (const isTTY of [false, true]) {
      const line = await write({ ...entry, message }, { environment: "development", isTTY });
      expect(line).toContain(`/${shown.replace("end\\n", "end\\n\\n")}.`);
      expect(line.indexOf("\n")).toBe(line.length - 1);
    }
  });
});

describe("an error", () => {
  it("is told with its stack, indented, in development", async () => {
    const cause = new TypeError("deeper");
    const error = new Error("broken", { cause });
    const lines = (await write({ error }, { environment: "development" })).split("\n");
    expect(lines[1]).toBe("    Error: broken");
    expect(lines[2]).toMatch(/^ {4}at .*console\.test\.ts/);
    expect(lines).toContain("    caused by TypeError: deeper");
  });

  it("SEC-905 stays on the line elsewhere", async () => {
    const line = await write({ error: new Error("broken") });
    expect(line).toMatch(/hello \| Error: broken \| at .*console\.test\.ts/);
    expect(line.indexOf("\n")).toBe(line.length - 1);
  });

  it("SEC-905 cannot forge lines or frames by its message", async () => {
    const error = new Error("x\n    at forged (evil.js:1:1)\n2026 error \u001b[2J");
    const lines = (await write({ error }, { environment: "development" })).split("\n");
    expect(lines[1]).toBe("    Error: x\\n    at forged (evil.js:1:1)\\n2026 error \\x1b[2J");
    expect(lines.slice(2).join("\n")).not.toContain("forged");
    expect(lines.slice(2, -1).every((line) => line.startsWith("    at "))).toBe(true);
  });

  it("SEC-906 does not tell its other members, which may be secret", async () => {
    const error = Object.assign(new Error("x"), { headers: { cookie: "canary" } });
    expect(await write({ error }, { environment: "development" })).not.toContain("canary");
  });

  it("SEC-903 may be anything that can be thrown", async () => {
    for (const error of thrown) {
      expect((await write({ error })).split("\n")).toHaveLength(2);
      expect(await write({ error }, { environment: "development" })).toContain("hello\n    ");
    }
  });

  it("may be its own cause", async () => {
    const error = new Error("loop");
    error.cause = error;
    expect((await write({ error })).match(/caused by/g)).toHaveLength(5);
  });
});

describe("logger_format", () => {
  const request = {
    address: "127.0.0.1",
    header: (name: string) => (name === "X-Tag" ? "tag\nged" : undefined),
  };

  it.each([
    ["%L|%m", " info|hello\n"],
    ['<%L> %h "%m" %{X-Tag}h', '< info> 127.0.0.1 "hello" tag\\nged\n'],
    ["%{X-None}h %i", "- [hit #r1]\n"],
    ["%U %u", "2026-03-05 10:20:30 05/Mar/2026 10:20:30\n"],
    ["%P %f %l 100%", `${process.pid} - - 100%\n`],
    ["simple", "2026-03-05T10:20:30.456Z info    [r1] hello\n"],
  ])("takes Dancer's signs: %s", async (format, line) => {
    expect(await write({ requestId: "r1", request }, { settings: { logger_format: format } })).toBe(
      line,
    );
  });

  it("writes local time", async () => {
    const line = await write({}, { settings: { logger_format: "%T %t" } });
    expect(line).toMatch(/^2026-03-0\d \d\d:20:30 0\d\/Mar\/2026 \d\d:20:30\n$/);
  });

  it("shortens warning as Dancer does, and shows no request where there is none", async () => {
    const settings = { logger_format: "%L|%h|%{X-Tag}h|%i" };
    expect(await write({ level: "warning" }, { settings })).toBe(" warn|-|-|\n");
  });

  it("SEC-906 refuses unknown signs and secret headers", async () => {
    await expect(write({}, { settings: { logger_format: "%m %q" } })).rejects.toThrow(ConfigError);
    await expect(write({}, { settings: { logger_format: "%{Cookie}h" } })).rejects.toThrow(
      new ConfigError("config-invalid", 'logger_format: "%{Cookie}h" would log secrets'),
    );
  });
});
