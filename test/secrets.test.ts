import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../src/config/config.ts";
import { errorLines } from "../src/engines/logger/error-text.ts";
import { maskSecrets, secretsOf } from "../src/secrets.ts";
import { createApp, logOf, tempFolder, visit } from "./support/app.ts";

const canary = 'canary "quoted" \\ value';

/** Each way in which a secret may come into the log. */
const ways: Record<string, (log: (...message: unknown[]) => void) => unknown> = {
  "a log word's text": (log) => log(`connecting with ${canary}`),
  "a log word's data": (log) => log({ dsn: canary }),
  "an error's message": () => {
    throw new Error(`cannot open ${canary}`);
  },
  "an error's cause": () => {
    throw new Error("cannot open", { cause: new Error("driver", { cause: new Error(canary) }) });
  },
  "a thrown text": () => {
    throw canary;
  },
  "a thrown object": () => {
    throw { url: canary };
  },
};

describe("SEC-701 a secret in the settings never shows in the log", () => {
  it.each(Object.keys(ways))("by %s", async (way) => {
    const app = createApp(
      { session: null, log: "core", app: { db: { password: canary } } },
      (it) => {
        it.get("/", ({ error }) => (ways[way]!(error), "x"));
      },
    );
    await visit(app).get("/");
    const { entries } = logOf(app);
    const text = entries.flatMap((one) => [one.message, ...errorLines(one.error)]).join("\n");
    expect(entries.length).toBeGreaterThan(0);
    expect(text).toContain("********");
    expect(text).not.toContain("quoted");
  });

  it("an error that tells none stays the very same, and a masked one keeps its kind and code", async () => {
    const innocent = new TypeError("x");
    const telling = Object.assign(new RangeError(canary), { code: "E_CODE" });
    const app = createApp({ session: null, app: { token: canary } }, (it) => {
      it.get("/a", () => Promise.reject(innocent));
      it.get("/b", () => Promise.reject(telling));
    });
    await visit(app).get("/a");
    await visit(app).get("/b");
    const [first, second] = logOf(app).entries.map(({ error }) => error);
    expect(first).toBe(innocent);
    expect(second).toBeInstanceOf(RangeError);
    expect(second).toMatchObject({ code: "E_CODE", message: "********" });
    expect(telling.message).toBe(canary);
  });
});

it("SEC-701 a secret that begins another one leaves nothing of it", () => {
  const settings = {
    app: { password: "canary", api_key: "canary-and-more", token: "more-canary" },
  };
  expect(maskSecrets("canary-and-more, canary, more-canary", secretsOf(settings))).toBe(
    "********, ********, ********",
  );
});

describe("passwords in addresses", () => {
  const setting = {
    engines: {
      redis: { url: "redis://app:p%40ss-canary@db:6379" },
      postgres: { url: "postgres://app:pg-canary@db/app" },
    },
  };

  it("SEC-701 are found by value wherever they stand, as written and as meant", () => {
    const text = "cannot reach redis://app:p%40ss-canary@db, p@ss-canary, or pg-canary at db";
    expect(maskSecrets(text, secretsOf(setting))).toBe(
      "cannot reach redis://app:********@db, ********, or ******** at db",
    );
  });

  it("SEC-701 are masked when settings are printed", () => {
    const config = loadConfig({ appdir: tempFolder(), env: {}, settings: setting });
    for (const shown of [JSON.stringify(config.settings), inspect(config.settings, { depth: 9 })]) {
      expect(shown).toContain("redis://app:********@db:6379");
      expect(shown).not.toContain("canary");
    }
  });
});
