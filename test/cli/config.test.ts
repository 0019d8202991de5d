import { describe, expect, it } from "vitest";
import { newKey, tempFolder } from "../support/app.ts";
import { runCli } from "../support/run-cli.ts";

const key = newKey();
const folder = tempFolder({
  "config.yml": [
    "port: 4001",
    "layout: main",
    "charset: utf-8",
    "plugins:",
    "  Mail:",
    "    host: mail.test",
    "    password: hunter2hunter2",
    "    lists: [a, b]",
    `session_cookie_key: "${key}"`,
  ].join("\n"),
  "environments/production.yml": "layout: wide\nplugins:\n  Mail:\n    lists: [c]\n",
  "config_local.yml": "# mine\nserver: 127.0.0.9\n",
  ".env": "QUICKSTEP_LOG=warning\n",
});

async function show(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await runCli(["config", ...args], folder, env);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("quickstep config", () => {
  it("SEC-708 shows which file and line won for each setting, inside maps too", async () => {
    const shown = JSON.parse(
      await show(["--environment", "production", "--port", "4002", "--json"], {
        QUICKSTEP_CHARSET: "utf-16",
      }),
    ) as Record<string, { value: unknown; origin: string }>;
    expect(shown).toMatchObject({
      port: { value: 4002, origin: "--port" },
      layout: { value: "wide", origin: "environments/production.yml:1:1" },
      server: { value: "127.0.0.9", origin: "config_local.yml:2:1" },
      charset: { value: "utf-16", origin: "QUICKSTEP_CHARSET" },
      log: { value: "warning", origin: "QUICKSTEP_LOG (.env)" },
      "plugins.Mail.host": { value: "mail.test", origin: "config.yml:6:5" },
      "plugins.Mail.lists": { value: ["c"], origin: "environments/production.yml:4:5" },
    });
  });

  it("SEC-708 shows it as a table for the names that are asked for", async () => {
    const table = await show(["port", "layout", "plugins.Mail.lists"]);
    expect(table).toMatch(
      /^port +4001 +config\.yml:1:1\nlayout +main +config\.yml:2:1\nplugins\.Mail\.lists +\["a","b"\] +config\.yml:8:5\n$/,
    );
  });

  it("SEC-708 shows defaults when they are asked for, with the shipped file as their origin", async () => {
    expect(await show([])).not.toContain("session_same_site");
    expect(await show(["--all"])).toMatch(/^session_same_site +Lax +\S*config\.yml:\d+:\d+$/m);
  });

  it("shows only what somebody has set, unless it is asked for more", async () => {
    expect(await show([])).not.toMatch(/^(?:appdir|confdir) /m);
    expect(await show(["appdir"])).toContain(folder);
  });

  it("tells durations as config.yml says them, and cuts a long value that nobody asked for", async () => {
    const app = tempFolder({
      "config.yml": [
        "session_expires: 14 days",
        "session_timeout: 1.5",
        "handler_timeout: 5400",
        "shutdown_timeout: 1 second",
        "request_timeout: 0",
        `behind_proxy: [${Array<string>(20).fill("10.0.0.1").join(", ")}]`,
      ].join("\n"),
    });
    const rows = async (...args: string[]) => (await runCli(["config", ...args], app)).stdout;
    const table = await rows();
    expect(table).toMatch(/^session_expires +14 days +config\.yml:1:1$/m);
    expect(table).toMatch(/^session_timeout +1\.5 seconds /m);
    expect(table).toMatch(/^handler_timeout +90 minutes /m);
    expect(table).toMatch(/^shutdown_timeout +1 second /m);
    expect(table).toMatch(/^request_timeout +0 seconds /m);
    expect(table).toMatch(/^behind_proxy +\S{60}… +config\.yml:6:1$/m);
    expect(await rows("behind_proxy")).toMatch(/"10\.0\.0\.1"\] +config/);
  });

  it("shows no secret", async () => {
    for (const args of [[], ["--json"], ["session_cookie_key", "plugins.Mail.password"]]) {
      const shown = await show(args);
      expect(shown).toContain("********");
      expect(shown).not.toContain("hunter2");
      expect(shown).not.toContain(key.slice(7));
    }
  });

  it("names the nearest setting for one that there is not", async () => {
    const { code, stderr } = await runCli(["config", "layuot"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no setting "layuot"; did you mean "layout"?');
  });
});
