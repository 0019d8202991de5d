import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFolder, load, loadError } from "./support.ts";
import { keyAdvice } from "../../src/sealing/key-advice.ts";

describe("a variable in a configuration file", () => {
  it.each([
    ["${NAME}", "value"],
    ["${NAME:-other}", "value"],
    ["${NAME:?please}", "value"],
    ["${NONE:-other}", "other"],
    ["${NONE:-}", ""],
    ["${NONE:-a b}", "a b"],
    ["${EMPTY}", ""],
    ["${EMPTY:-other}", "other"],
    ["a${NAME}b${NAME}c", "avaluebvaluec"],
    ["$NAME", "$NAME"],
    ["$5 {a}", "$5 {a}"],
    ["$${NAME}", "${NAME}"],
    ["$${${NAME}}", "${value}"],
    ["${NONE:-$NAME}", "$NAME"],
  ])("SEC-704 written %s becomes %j", (written, expected) => {
    const config = load(
      { "config.yml": `app:\n  plain: ${written}\n  quoted: '${written}'\n  list: ["${written}"]` },
      { env: { NAME: "value", EMPTY: "" } },
    );
    expect(config.get("app")).toEqual({ plain: expected, quoted: expected, list: [expected] });
  });

  it.each([
    ": ",
    "a: b",
    "x\ny: z",
    "\n- a",
    "${X}",
    "${X:-y}",
    "$${X}",
    "!!tag",
    "!!js/function",
    "[a, b]",
    "{a: b}",
    "&a",
    "*a",
    "# c",
    "null",
    "true",
    "12",
    "$&",
    "$1",
    "'",
    '"',
  ])("SEC-704 that holds %j stays that text and adds no structure", (value) => {
    const config = load(
      { "config.yml": "app:\n  a: ${VALUE}\n  b: <${VALUE}>\n  c: { d: '${VALUE}' }\n" },
      { env: { VALUE: value, X: "expanded again" } },
    );
    expect(config.get("app")).toEqual({ a: value, b: `<${value}>`, c: { d: value } });
    expect(config.settings.port).toBe(3000);
  });

  it("SEC-704 that is missing is an error with line, column and name", () => {
    const error = loadError({ "config.yml": "session: cookie\nsession_cookie_key: ${KEY}\n" });
    expect(error.code).toBe("config-variable-missing");
    expect(error.message).toBe(
      `config.yml:2:21: the variable KEY is not set: set it, or write \${KEY:-default}; ${keyAdvice}`,
    );
  });

  it.each([
    [{}, "not set"],
    [{ KEY: "" }, "empty"],
  ])("SEC-704 that is required and missing gives its message: %j", (env, why) => {
    const files = { "config.yml": 'session_cookie_key: "${KEY:?run: quickstep key}"' };
    expect(loadError(files, { env }).message).toBe(
      `config.yml:1:21: the variable KEY is ${why}: run: quickstep key`,
    );
  });

  it("may be missing where a higher layer sets the value", () => {
    const files = {
      "config.yml": "session_cookie_key: ${KEY}\nengines: { a: { b: '${B}', c: 1 } }",
      "environments/test.yml": "session_cookie_key: a key for tests\nengines: { a: { b: 2 } }",
    };
    const config = load(files, { environment: "test" });
    expect(config.settings.session_cookie_key).toBe("a key for tests");
    expect(config.get("engines")).toEqual({ a: { b: 2, c: 1 } });
    expect(loadError(files).message.split("\n")).toHaveLength(2);
  });

  it.each([
    "${",
    "${}",
    "${NAME",
    "${my-name}",
    "${1A}",
    "${NAME-default}",
    "${NAME:=x}",
    "${ A }",
  ])("written wrongly is an error: %s", (written) => {
    const error = loadError({ "config.yml": `layout: "${written}"` }, { env: { NAME: "x" } });
    expect(error.code).toBe("config-invalid");
    expect(error.message).toMatch(/^config.yml:1:9: "\$\{" begins a variable/);
  });

  it("is converted for a setting that is a number or a boolean", () => {
    const config = load(
      { "config.yml": "port: ${P}\nsession_secure: ${S}\nstartup_info: ${I:-0}\nlayout: ${L:-}" },
      { env: { P: "8080", S: "true" } },
    );
    expect(config.settings).toMatchObject({
      port: 8080,
      session_secure: true,
      startup_info: false,
      layout: null,
    });
  });

  it("of the wrong kind is an error at its place in the file", () => {
    const error = loadError({ "config.yml": "\nport: ${P}" }, { env: { P: "many" } });
    expect(error.message).toBe(
      'config.yml:2:7: "port" must be an integer from 0 to 65535, got "many"',
    );
  });

  it("SEC-701 of a secret setting is not shown when it is of the wrong kind", () => {
    const files = { "config.yml": "session_cookie_key: { a: '${KEY}' }" };
    const error = loadError(files, { env: { KEY: "canary" } });
    expect(error.message).not.toContain("canary");
  });

  it("may come from the .env file, the real environment winning", () => {
    const config = load(
      { "config.yml": "app: { a: '${A}', b: '${B}' }", ".env": 'A="from file"\nB=2' },
      { env: { B: "real" } },
    );
    expect(config.get("app")).toEqual({ a: "from file", b: "real" });
  });

  it("does not reach into the machinery of objects", () => {
    expect(loadError({ "config.yml": "layout: ${constructor}" }).code).toBe(
      "config-variable-missing",
    );
  });

  it("is not looked for in keys", () => {
    const config = load({ "config.yml": "app: { '${A}': 1 }" }, { env: { A: "x" } });
    expect(config.get("app")).toEqual({ "${A}": 1 });
  });
});

describe("a secret in a file", () => {
  const folder = createFolder({
    line: "from a file\n",
    crlf: "from a file\r\n",
    bare: "from a file",
  });

  it.each(["line", "crlf", "bare"])(
    "SEC-705 is what NAME_FILE names, without its final newline (%s)",
    (file) => {
      const env = { KEY_FILE: join(folder, file) };
      const config = load({ "config.yml": "session_cookie_key: ${KEY}" }, { env });
      expect(config.settings.session_cookie_key).toBe("from a file");
      const direct = { QUICKSTEP_SESSION_COOKIE_KEY_FILE: join(folder, file) };
      const other = load({}, { env: direct });
      expect(other.settings.session_cookie_key).toBe("from a file");
      expect(String(other.origin("session_cookie_key"))).toBe("QUICKSTEP_SESSION_COOKIE_KEY_FILE");
    },
  );

  it("SEC-705 loses no more than one newline, and is not looked through for variables", () => {
    const secrets = createFolder({ key: "${HOME}\n\n" });
    const env = { KEY_FILE: join(secrets, "key"), HOME: "/root" };
    const config = load({ "config.yml": "app: { key: '${KEY}' }" }, { env });
    expect(config.get("app")).toEqual({ key: "${HOME}\n" });
  });

  it("SEC-705 yields to the variable itself, unless that is empty", () => {
    const file = { "config.yml": "session_cookie_key: ${KEY}" };
    const KEY_FILE = join(folder, "bare");
    const own = load(file, { env: { KEY: "its own", KEY_FILE } });
    expect(own.settings.session_cookie_key).toBe("its own");
    const empty = load(file, { env: { KEY: "", KEY_FILE } });
    expect(empty.settings.session_cookie_key).toBe("from a file");
  });

  it("SEC-705 that is missing is an error naming file and setting", () => {
    const missing = join(folder, "nowhere");
    const error = loadError(
      { "config.yml": "port: 1\nsession_cookie_key: ${KEY:-none}" },
      { env: { KEY_FILE: missing } },
    );
    expect(error.code).toBe("config-secret-file");
    expect(error.message).toContain(
      `config.yml:2:21: "session_cookie_key" is not set: the file ${missing} that KEY_FILE names cannot be read (ENOENT)`,
    );
    const direct = loadError({}, { env: { QUICKSTEP_SESSION_COOKIE_KEY_FILE: missing } });
    expect(direct.message).toContain(`"session_cookie_key" is not set: the file ${missing} that`);
  });

  it("does not take the setting log_file for a file with the setting log", () => {
    const env = { QUICKSTEP_LOG: "", QUICKSTEP_LOG_FILE: "app.log" };
    const config = load({}, { env });
    expect(config.settings).toMatchObject({ log: null, log_file: "app.log" });
  });
});
