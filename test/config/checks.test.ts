import { describe, expect, it } from "vitest";
import { settingNames } from "../../src/config/settings.ts";
import { load, loadError } from "./support.ts";

function* misspellings(name: string): Generator<string> {
  for (let at = 0; at < name.length; at += 1) {
    yield name.slice(0, at) + name.slice(at + 1);
    yield `${name.slice(0, at)}q${name.slice(at + 1)}`;
    yield `${name.slice(0, at)}${name.charAt(at)}${name.slice(at)}`;
  }
}

describe("an unknown setting", () => {
  it.each(settingNames)("SEC-707 that is %s but for one letter is an error naming it", (name) => {
    for (const wrong of new Set(misspellings(name))) {
      if (wrong === name) continue;
      const error = loadError({ "config.yml": `# a comment\n\n  ${wrong}: 1` });
      expect(error.code).toBe("config-unknown-key");
      expect(error.message).toBe(
        `config.yml:3:3: unknown setting "${wrong}" (did you mean "${name}"?)`,
      );
    }
  });

  it("SEC-707 that is like no other is an error that tells where one's own settings go", () => {
    expect(loadError({ "config.yml": "my_own_business: 1" }).message).toBe(
      'config.yml:1:1: unknown setting "my_own_business"; settings of your own go under app:',
    );
  });

  it.each(["plack_middlewares", "auto_reload", "daemon", "traces", "server_tokens"])(
    "that is Dancer's %s points to what takes its place",
    (name) => {
      expect(loadError({ "config.yml": `${name}: 1` }).message).toBe(
        `config.yml:1:1: unknown setting "${name}"; it is Dancer's, and docs/dancer.md says what takes its place`,
      );
    },
  );

  it("is let through when strict_config is false, wherever that is said", () => {
    const config = load({
      "config.yml": "sesion: { a: 1 }",
      "config_local.yml": "strict_config: 0\nsesion: { b: 2 }",
    });
    expect(config.get("sesion")).toEqual({ a: 1, b: 2 });
    config.set("more", 1);
    expect(config.get("more")).toBe(1);
  });

  it("SEC-707 is an error on the command line and in a variable that is nearly right", () => {
    expect(loadError({}, { commandLine: { prot: "1" } }).message).toBe(
      '--prot: unknown setting "prot" (did you mean "port"?)',
    );
    expect(loadError({}, { env: { QUICKSTEP_SESION: "cookie" } }).message).toBe(
      'QUICKSTEP_SESION: unknown setting "sesion" (did you mean "session"?)',
    );
    expect(load({}, { env: { QUICKSTEP_BENCHMARK_ROUNDS: "5" } }).settings.port).toBe(3000);
  });

  it("SEC-707 does not hide the other mistakes: all are reported, a line each", () => {
    const error = loadError(
      {
        "config.yml": "sesion: cookie\nport: abc\n",
        "environments/test.yml": "lay_out: main\n",
      },
      { environment: "test", env: { QUICKSTEP_LOG: "loud" } },
    );
    expect(error.code).toBe("config-unknown-key");
    expect(error.message.split("\n")).toEqual([
      'config.yml:1:1: unknown setting "sesion" (did you mean "session"?)',
      'config.yml:2:7: "port" must be an integer from 0 to 65535, got "abc"',
      'environments/test.yml:1:1: unknown setting "lay_out" (did you mean "layout"?)',
      'QUICKSTEP_LOG: "log" must be one of core, debug, info, warning, error, or null, got "loud"',
    ]);
  });
});

describe("a value of the wrong kind", () => {
  it.each([
    ["port: abc", 7, 'must be an integer from 0 to 65535, got "abc"'],
    ['port: "3000"', 7, 'must be an integer from 0 to 65535, got "3000"'],
    ["port: 65536", 7, "must be an integer from 0 to 65535, got 65536"],
    ["port: -1", 7, "must be an integer from 0 to 65535, got -1"],
    ["port: 80.5", 7, "must be an integer from 0 to 65535, got 80.5"],
    ["port: null", 7, "must be an integer from 0 to 65535, got null"],
    ["port:", 1, "must be an integer from 0 to 65535, got null"],
    ["port: [1]", 7, "must be an integer from 0 to 65535, got a list"],
    ["port: { a: 1 }", 7, "must be an integer from 0 to 65535, got a map"],
    ["startup_info: yes", 15, 'must be true or false, got "yes"'],
    ["startup_info: off", 15, 'must be true or false, got "off"'],
    ["startup_info: 2", 15, "must be true or false, got 2"],
    ['startup_info: "true"', 15, 'must be true or false, got "true"'],
    ["views: 5", 8, "must be text (put it in quotes), got 5"],
    ["views: true", 8, "must be text (put it in quotes), got true"],
    ['views: ""', 8, "must be text, got empty text"],
    ["views: []", 8, "must be text, got an empty list"],
    ["layout: 5", 9, "must be text (put it in quotes), or null, got 5"],
    ["charset: a b", 10, 'must be the name of a character set, got "a b"'],
    ["log: loud", 6, 'must be one of core, debug, info, warning, error, or null, got "loud"'],
    ["session_same_site: sometimes", 20, 'must be one of Strict, Lax, None, got "sometimes"'],
    ["session_secure: never", 17, 'must be true or false, or "auto", or null, got "never"'],
    ["session_name: a b", 15, 'must be a cookie name, or null, got "a b"'],
    ["session_cookie_path: a", 22, 'must be a path that begins with "/", got "a"'],
    ["session_cookie_path: /;x", 22, 'must be a path that begins with "/", got "/;x"'],
    ["session_domain: a;b", 17, 'must be a domain name, or null, got "a;b"'],
    ["max_body_size: 1 XB", 16, 'must be a number of bytes, such as 1048576 or "1 MB", got "1 XB"'],
    ["max_body_size: -1", 16, 'must be a number of bytes, such as 1048576 or "1 MB", got -1'],
    [
      "middlewares: helmet",
      14,
      "must be a list, each item text, or a map of one name to its options",
    ],
    ["app: 5", 6, "must be a map, got 5"],
    ["engines: [a]", 10, "must be a map, got a list"],
  ])("SEC-707 is an error with line and column: %s", (line, column, message) => {
    const error = loadError({ "config.yml": `# comment\n${line}\n` });
    const name = line.slice(0, line.indexOf(":"));
    expect(error.code).toBe("config-invalid");
    expect(error.message).toContain(`config.yml:2:${column}: "${name}" ${message}`);
  });

  it("SEC-707 inside a list is reported at its own place", () => {
    const error = loadError({ "config.yml": "middlewares:\n  - helmet\n  - { a: 1, b: 2 }\n" });
    expect(error.message).toBe(
      'config.yml:3:5: "middlewares[1]" must be text, or a map of one name to its options, got a map',
    );
  });

  it.each([
    "session_cookie_key: 1234567890123456",
    "session_cookie_key: [1234567890123456]",
    "session_cookie_key: { 1234567890123456: 1 }",
    "session_cookie_key: [[1234567890123456]]",
    "session_cookie_key: '${1234567890123456}'",
    "session_cookie_key: *1234567890123456",
    "session_cookie_key: !1234567890123456",
    "session_cookie_key: !<1234567890123456> x",
    "session_cookie_key: [1234567890123456",
    'session_cookie_key: "1234567890123456',
    "session_cookie_key: @1234567890123456",
    "session_cookie_key: a: 1234567890123456",
    "session_cookie_key: %1234567890123456",
  ])("SEC-701 is never printed if it is a secret: %s", (line) => {
    const error = loadError({ "config.yml": line });
    expect(error.message).toMatch(/^config.yml:1:\d+: /);
    expect(String(error.stack) + String(error.cause)).not.toContain("1234567890123456");
  });

  it("SEC-707 is an error that names the variable or the option it came by", () => {
    expect(loadError({}, { env: { QUICKSTEP_PORT: "abc" } }).message).toBe(
      'QUICKSTEP_PORT: "port" must be an integer from 0 to 65535, got "abc"',
    );
    expect(loadError({}, { env: { PORT: "/tmp/socket" } }).message).toContain('PORT: "port" must');
    expect(loadError({}, { commandLine: { port: "x" } }).message).toContain('--port: "port" must');
    expect(loadError({}, { env: { QUICKSTEP_PLUGINS: "x" } }).message).toBe(
      'QUICKSTEP_PLUGINS: "plugins" must be a map, got "x"',
    );
  });
});

describe("a duration", () => {
  it.each([
    ["3600", 3600],
    ['"3600"', 3600],
    ["1 hour", 3600],
    ["+2h", 7200],
    ["90 minutes", 5400],
    ["1d", 86_400],
    ["2 weeks", 1_209_600],
    ["1 month", 2_592_000],
    ["1 year", 31_536_000],
    ["1 hour 30 minutes", 5400],
    ["1:30", 5400],
  ])("SEC-306 may be written %s", (written, seconds) => {
    const config = load({ "config.yml": `session_expires: ${written}` });
    expect(config.settings.session_expires).toBe(seconds);
  });

  it.each(["soon", "1 fortnight", "-1 hour", "-5", "0", "[1]", "true", '""', ".inf", ".nan"])(
    "SEC-306 cannot be %s, which is an error with file and line",
    (written) => {
      const error = loadError({ "config.yml": `\nsession_expires: ${written}` });
      expect(error.code).toBe("config-invalid");
      expect(error.message).toMatch(/^config\.yml:2:18: "session_expires" must be a duration/);
    },
  );
});

describe("the configuration of Dancer::Session::Cookie", () => {
  it("works as it stands", () => {
    const config = load({
      "config.yml": [
        '    session: "cookie"',
        '    session_cookie_key: "this random key IS NOT very random"',
        '    session_cookie_path: "/shop"',
        "    session_secure: 1",
        '    session_expires: "1 hour"',
      ].join("\n"),
    });
    expect(config.settings).toMatchObject({
      session: "cookie",
      session_cookie_key: "this random key IS NOT very random",
      session_cookie_path: "/shop",
      session_secure: true,
      session_expires: 3600,
    });
  });

  it("takes its documented example key to the letter", () => {
    const key = "kjsdf07234hjf0sdkflj12*&(@*jk";
    const config = load({ "config.yml": `session_cookie_key: "${key}"` });
    expect(config.settings.session_cookie_key).toBe(key);
  });
});
