import { describe, expect, it } from "vitest";
import type { ConfigError } from "../../src/errors.ts";
import { createApp } from "../support/app.ts";

type Settings = Readonly<Record<string, unknown>>;

async function startError(
  settings: Settings,
  environment: string,
): Promise<ConfigError | undefined> {
  const app = createApp(settings, () => undefined, { environment });
  return app.start().then(
    () => undefined,
    (error: unknown) => error as ConfigError,
  );
}

const unsafe: readonly (readonly [setting: string, Settings])[] = [
  ["session_secure", { session_secure: false }],
  ["show_errors", { show_errors: true }],
  ["behind_proxy", { behind_proxy: ["10.0.0.7", "128.0.0.0/1"] }],
];

describe("production", () => {
  it.each(unsafe)(
    "SEC-710 refuses an unsafe %s, naming it, its place and its override",
    async (setting, settings) => {
      const error = await startError(settings, "production");
      expect(error?.code).toBe("production-unsafe");
      expect(error?.message).toMatch(
        new RegExp(
          `^set\\(\\) in code: "${setting}" .*; change it, or add ${setting} to production_allows$`,
        ),
      );
    },
  );

  it.each(unsafe)(
    "SEC-710 takes %s where production_allows names it, and for that alone",
    async (setting, settings) => {
      expect(
        await startError({ ...settings, production_allows: [setting] }, "production"),
      ).toBeUndefined();
      const others = unsafe.map(([name]) => name).filter((name) => name !== setting);
      const error = await startError({ ...settings, production_allows: others }, "production");
      expect(error?.code).toBe("production-unsafe");
    },
  );

  it.each(unsafe)("SEC-710 leaves %s to development and test", async (_, settings) => {
    for (const environment of ["development", "test"]) {
      expect(await startError(settings, environment)).toBeUndefined();
    }
  });

  it.each([
    ["missing", null, "session_cookie_key is not set"],
    ["weak", "short", "session_cookie_key has 5 characters"],
    ["published", "this random key IS NOT very random", "session_cookie_key is an example"],
  ])("SEC-710 reports all at once, a %s key too, a line each", async (_, key, complaint) => {
    const settings = Object.assign(
      { session_cookie_key: key },
      ...unsafe.map(([, one]) => one),
    ) as Settings;
    const error = await startError(settings, "production");
    const lines = error?.message.split("\n") ?? [];
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('"session_secure"');
    expect(lines[1]).toContain('"show_errors"');
    expect(lines[2]).toContain('"behind_proxy"');
    expect(lines[3]).toContain(complaint);
  });

  it.each([
    ["10.0.0.0/8", true],
    ["10.0.0.0/255.0.0.0", true],
    ["fc00::/7", true],
    ["loopback", true],
    ["8.0.0.0/7", false],
    ["8.0.0.0/254.0.0.0", false],
    ["2000::/3", false],
  ])("SEC-710 judges the proxy %s by how many it may be: %j", async (proxy, isFine) => {
    const error = await startError({ behind_proxy: [proxy] }, "production");
    expect(error?.code).toBe(isFine ? undefined : "production-unsafe");
  });

  it("SEC-710 starts with what is safe, and without sessions whatever their cookie says", async () => {
    expect(await startError({}, "production")).toBeUndefined();
    expect(
      await startError({ session: null, session_secure: false }, "production"),
    ).toBeUndefined();
  });
});
