import { describe, expect, it } from "vitest";
import { App } from "../../src/app.ts";
import { ConfigError } from "../../src/errors.ts";
import { logOf, tempFolder, visit } from "../support/app.ts";

/** The lines that Dancer::Session::Cookie documents, to the letter. */
const engineLine = '    session: "cookie"\n';
const firstKey = '    session_cookie_key: "this random key IS NOT very random"\n';
const secondKey = '    session_cookie_key: "kjsdf07234hjf0sdkflj12*&(@*jk"\n';

/** An app with this `config.yml` and nothing else. */
function appWith(
  config: string,
  environment = "development",
): { app: App; warnings: () => string } {
  const app = new App({
    appdir: tempFolder({ "config.yml": config }),
    environment,
    env: {},
    settings: { logger: "capture" },
  });
  const log = logOf(app);
  app.prefix("/shop", () => {
    app.get("/login", ({ session }) => session("user", "alice"));
    app.get("/who", ({ session }) => session("user") ?? "nobody");
  });
  app.get("/who", ({ session }) => session("user") ?? "nobody");
  return { app, warnings: () => log.entries.map(({ message }) => message).join("\n") };
}

describe("the configuration of Dancer::Session::Cookie", () => {
  it.each([firstKey, secondKey])("works as it stands: %s", async (keyLine) => {
    const { app, warnings } = appWith(engineLine + keyLine);
    const client = visit(app);
    const reply = await client.get("/shop/login");
    expect(reply.setCookies[0]).toMatch(
      /^quickstep\.session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await client.get("/who")).text).toBe("alice");
    expect(warnings()).toContain("session_cookie_key is an example from the documentation");
    expect(warnings()).not.toContain("random key IS NOT");
    expect(warnings()).not.toContain("kjsdf07234");
  });

  it.each([firstKey, secondKey])(
    "SEC-111 is refused in production, where everybody knows its key: %s",
    async (keyLine) => {
      const { app } = appWith(engineLine + keyLine, "production");
      await expect(app.start()).rejects.toMatchObject({ code: "session-key-weak" });
    },
  );

  it("ends all sessions when the key is changed, and opens them again when it is changed back", async () => {
    const client = visit(appWith(engineLine + firstKey).app);
    await client.get("/shop/login");
    const who = async (keyLine: string): Promise<unknown[]> => {
      const restarted = visit(appWith(engineLine + keyLine).app);
      restarted.jar.replaceBy(client.jar);
      const reply = await restarted.get("/who");
      return [reply.status, reply.text];
    };
    expect(await who(firstKey)).toEqual([200, "alice"]);
    expect(await who(secondKey)).toEqual([200, "nobody"]);
    expect(await who(firstKey)).toEqual([200, "alice"]);
  });

  it.each([
    ["missing", "", "session-key-missing", /session_cookie_key is not set/],
    ["null", "session_cookie_key:\n", "session-key-missing", /session_cookie_key is not set/],
    [
      "an empty variable",
      "session_cookie_key: ${SESSION_COOKIE_KEY:-}\n",
      "session-key-missing",
      /session_cookie_key is not set/,
    ],
    [
      "short",
      'session_cookie_key: "only 15 letters"\n',
      "session-key-weak",
      /has 15 characters and 16 is the least/,
    ],
    [
      "one character",
      `session_cookie_key: "${"a".repeat(40)}"\n`,
      "session-key-weak",
      /one character repeated/,
    ],
    [
      "half a key",
      'session_cookie_key: "base64:AAECAwQFBgcICQoLDA0ODw=="\n',
      "session-key-invalid",
      /32 bytes.*found 16/,
    ],
  ])(
    "SEC-111 refuses to start with a key that is %s, and says how to make one",
    async (_, line, code, message) => {
      for (const environment of ["development", "test", "production"]) {
        const { app } = appWith(engineLine.trimStart() + line, environment);
        const error: unknown = await app.start().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ConfigError);
        expect(error).toMatchObject({ code });
        expect((error as Error).message).toMatch(message);
        expect((error as Error).message).toMatch(/make one with: npx quickstep secret/);
      }
    },
  );

  it.each(['""', "${SESSION_COOKIE_KEY}"])(
    "SEC-111 refuses to start with a key that nobody filled in, with file and line: %s",
    async (value) => {
      const { app } = appWith(`session: cookie\nsession_cookie_key: ${value}\n`);
      await expect(async () => app.start()).rejects.toThrow(
        /^config\.yml:2:21: .*SESSION_COOKIE_KEY/i,
      );
    },
  );

  it("SEC-111 starts with a key of 16 characters, and warns that it is short", async () => {
    const key = "sixteen letters!";
    const { app, warnings } = appWith(
      `session: cookie\nsession_cookie_key: "${key}"\n`,
      "production",
    );
    await app.start();
    expect(warnings()).toMatch(/session_cookie_key has 16 bytes and 32 are recommended/);
    expect(warnings()).not.toContain(key);
  });

  it("honours session_cookie_path: the cookie goes to addresses below it only", async () => {
    const { app } = appWith(`${engineLine}${firstKey}    session_cookie_path: /shop\n`);
    const client = visit(app);
    const reply = await client.get("/shop/login");
    expect(reply.setCookies[0]).toContain("; Path=/shop;");
    expect((await client.get("/shop/who")).text).toBe("alice");
    expect((await client.get("/who")).text).toBe("nobody");
  });

  it.each([
    ["true", true],
    ["1", true],
    ["false", false],
    ["0", false],
  ])("honours session_secure: %s", async (value, secure) => {
    const { app } = appWith(`${engineLine}${firstKey}    session_secure: ${value}\n`);
    const [text] = (await visit(app, "http://app.test").get("/shop/login")).setCookies;
    expect(text!.includes("; Secure")).toBe(secure);
    expect(text!.startsWith("__Host-")).toBe(secure);
  });
});
