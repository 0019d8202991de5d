import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { loadAppConfig } from "../../src/app-options.ts";
import { loadConfig, type ConfigSources } from "../../src/config/config.ts";
import { createFolder, errorOf, load, loadError } from "./support.ts";

/** One more layer in each row; every layer sets the port to another value. */
const layers: readonly (readonly [string, number, Record<string, string>, ConfigSources])[] = [
  ["the shipped defaults", 3000, {}, {}],
  ["config.yml", 1, { "config.yml": "port: 1" }, {}],
  ["environments/NAME.yml", 2, { "environments/test.yml": "port: 2" }, {}],
  ["config_local.yml", 3, { "config_local.yml": "port: 3" }, {}],
  ["environments/NAME_local.yml", 4, { "environments/test_local.yml": "port: 4" }, {}],
  ["PORT in .env", 5, { ".env": "PORT=5" }, {}],
  ["PORT", 6, {}, { env: { PORT: "6" } }],
  ["QUICKSTEP_PORT", 7, {}, { env: { PORT: "6", QUICKSTEP_PORT: "7" } }],
  ["the command line", 8, {}, { commandLine: { port: "8" } }],
];

const origins = [
  "quickstep/config.yml:",
  "config.yml:1:1",
  "environments/test.yml:1:1",
  "config_local.yml:1:1",
  "environments/test_local.yml:1:1",
  "PORT (.env)",
  "PORT",
  "QUICKSTEP_PORT",
  "--port",
];

describe("the layers of the configuration", () => {
  it.each(layers.map(([name, port], index) => [name, port, index] as const))(
    "SEC-708 end with %s, which sets the port to %d and is named as its origin",
    (_name, port, index) => {
      const used = layers.slice(0, index + 1);
      const files = Object.assign({}, ...used.map(([, , file]) => file)) as Record<string, string>;
      const sources = Object.assign({}, ...used.map(([, , , more]) => more)) as ConfigSources;
      const config = load(files, { ...sources, environment: "test" });
      expect(config.settings.port).toBe(port);
      expect(String(config.origin("port"))).toContain(origins[index]);
    },
  );

  it("SEC-708 end with set() in code", () => {
    const config = load({}, { commandLine: { port: 8 } });
    config.set("port", 9);
    expect(config.get("port")).toBe(9);
    expect(config.settings.port).toBe(9);
    expect(String(config.origin("port"))).toBe("set() in code");
  });

  it("SEC-708 merge maps deeply, and replace lists, single values and whatever null stands for", () => {
    const config = load(
      {
        "config.yml": [
          "engines:",
          "  eta: { cache: true, tags: [a, b], deep: { x: 1, y: 2 } }",
          "  other: { a: 1 }",
          "plugins: { one: { a: 1 } }",
          "middlewares: [helmet, compression]",
          "layout: main",
        ].join("\n"),
        "environments/test.yml": [
          "engines:",
          "  eta: { tags: [c], deep: { y: 3 } }",
          "  other: null",
          "plugins: null",
          "middlewares: [morgan]",
          "layout: null",
        ].join("\n"),
      },
      { environment: "test" },
    );
    expect(config.get("engines")).toEqual({
      eta: { cache: true, tags: ["c"], deep: { x: 1, y: 3 } },
      other: null,
    });
    expect(config.get("plugins")).toEqual({});
    expect(config.get("middlewares")).toEqual(["morgan"]);
    expect(config.get("layout")).toBeNull();
  });

  it("SEC-708 are remembered for every key inside a map and every item of a list", () => {
    const config = load(
      {
        "config.yml": "engines:\n  eta:\n    cache: true\n    a.b: 1\nmiddlewares:\n  - helmet\n",
        "environments/test.yml": "\n\nengines: { eta: { tags: 1 } }",
      },
      { environment: "test" },
    );
    expect(String(config.origin("engines.eta.cache"))).toBe("config.yml:3:5");
    expect(String(config.origin("engines.eta.a.b"))).toBe("config.yml:4:5");
    expect(String(config.origin("engines.eta.tags"))).toBe("environments/test.yml:3:19");
    expect(String(config.origin("middlewares.0"))).toBe("config.yml:6:5");
    expect(config.origin("engines.nope")).toBeUndefined();
    expect(config.origin("engines")?.layer).toBe("environment");
    expect(config.origin("engines.eta.cache")?.position).toEqual({ line: 3, column: 5 });
  });

  it("let an empty variable set nothing", () => {
    const config = load({ "config.yml": "port: 1" }, { env: { PORT: "", QUICKSTEP_PORT: "" } });
    expect(config.settings.port).toBe(1);
  });

  it("take the real environment before the .env file and never change it", () => {
    const env = { QUICKSTEP_PORT: "1" };
    const config = load({ ".env": "QUICKSTEP_PORT=2\nQUICKSTEP_LAYOUT=main" }, { env });
    expect(config.settings.port).toBe(1);
    expect(config.settings.layout).toBe("main");
    expect(String(config.origin("layout"))).toBe("QUICKSTEP_LAYOUT (.env)");
    expect(env).toEqual({ QUICKSTEP_PORT: "1" });
    expect(process.env.QUICKSTEP_LAYOUT).toBeUndefined();
  });
});

describe("an app's folder", () => {
  it.each(["config.yml", "package.json"])("is the nearest one above the script with %s", (file) => {
    const folder = createFolder({ [file]: "{}", "bin/deep/start.ts": "" });
    const config = loadConfig({ env: {}, main: join(folder, "bin/deep/start.ts") });
    expect(config.appdir).toBe(folder);
    expect(config.get("appdir")).toBe(folder);
  });

  it("is never inside node_modules, where the tools that run apps live", () => {
    const folder = createFolder({
      "package.json": "{}",
      "node_modules/tool/package.json": "{}",
      "node_modules/tool/main.js": "",
    });
    const main = join(folder, "node_modules/tool/main.js");
    expect(loadConfig({ env: {}, main }).appdir).toBe(folder);
  });

  it("is the working directory when nothing else tells", () => {
    const config = loadConfig({ env: {}, main: "/nowhere/start.ts" });
    expect(config.appdir).toBe(process.cwd());
  });

  it("can be set by QUICKSTEP_APPDIR, and that of the files by QUICKSTEP_CONFDIR", () => {
    const appdir = createFolder({ "config.yml": "port: 1" });
    const confdir = createFolder({ "config.yml": "prot: 2", "environments/test.yml": "" });
    const env = { QUICKSTEP_APPDIR: appdir };
    expect(loadConfig({ env }).settings.port).toBe(1);
    const error = errorOf(() => loadConfig({ env: { ...env, QUICKSTEP_CONFDIR: confdir } }));
    expect(error.message).toContain(`${join(confdir, "config.yml")}:1:1: unknown setting "prot"`);
  });

  it("must be there", () => {
    const error = errorOf(() => loadConfig({ env: { QUICKSTEP_APPDIR: "/nowhere" } }));
    expect(error.code).toBe("config-folder-missing");
    expect(error.message).toBe("QUICKSTEP_APPDIR: the appdir /nowhere is not a folder");
  });

  it("holds the files that are listed", () => {
    const config = load({ "config.yml": "", ".env": "", "environments/development.yml": "" });
    const own = config.files.filter((file) => file.startsWith(config.appdir));
    expect(own.map((file) => file.slice(config.appdir.length + 1))).toEqual([
      ".env",
      "config.yml",
      "environments/development.yml",
    ]);
  });

  it("must not name its files .yaml, which nobody would read", () => {
    const error = loadError({ "config.yaml": "port: 1" });
    expect(error.code).toBe("config-file-name");
    expect(error.message).toBe("config.yaml is not read; rename it to config.yml");
  });
});

describe("the environment", () => {
  it.each<readonly [string, string, ConfigSources, string]>([
    ["development when nobody says", "", {}, "development"],
    ["what config.yml says", "environment: production", {}, "production"],
    ["what NODE_ENV says", "environment: test", { env: { NODE_ENV: "production" } }, "production"],
    [
      "what QUICKSTEP_ENVIRONMENT says",
      "",
      { env: { NODE_ENV: "production", QUICKSTEP_ENVIRONMENT: "test" } },
      "test",
    ],
    [
      "what the command line says",
      "",
      { env: { QUICKSTEP_ENVIRONMENT: "test" }, commandLine: { environment: "production" } },
      "production",
    ],
    [
      "what the app itself says",
      "",
      { commandLine: { environment: "production" }, environment: "test" },
      "test",
    ],
  ])("is %s", (_title, file, sources, expected) => {
    const config = load({ "config.yml": file }, sources);
    expect(config.environment).toBe(expected);
    expect(config.get("environment")).toBe(expected);
  });

  it.each(["staging.yml", "staging_local.yml"])(
    "may have any name that has a file (%s)",
    (file) => {
      const config = load({ [`environments/${file}`]: "port: 5" }, { environment: "staging" });
      expect(config.settings.port).toBe(5);
    },
  );

  it("SEC-709 with an unknown name is an error, never development", () => {
    const error = loadError({}, { env: { QUICKSTEP_ENVIRONMENT: "prodution" } });
    expect(error.code).toBe("environment-unknown");
    expect(error.message).toBe(
      'QUICKSTEP_ENVIRONMENT: unknown environment "prodution" (known: development, production, test); did you mean "production"?',
    );
    expect(() => loadAppConfig({ env: {}, argv: ["--environment", "prodution"] })).toThrow(
      /^--environment: unknown environment "prodution"/,
    );
    expect(loadError({}, { env: { NODE_ENV: "staging" } }).code).toBe("environment-unknown");
    expect(loadError({ "config.yml": "environment: prod" }).code).toBe("environment-unknown");
  });

  it("SEC-709 may have an unknown name when require_environment is false", () => {
    const files = { "config.yml": "require_environment: false" };
    expect(load(files, { environment: "prodution" }).environment).toBe("prodution");
  });

  it.each(["../secrets", "a/b", "", ".."])("cannot be a path (%j)", (environment) => {
    const files = { "config.yml": "require_environment: false" };
    expect(loadError(files, { environment }).code).toBe("config-invalid");
  });

  it.each(["environments/test.yml", "environments/test_local.yml"])(
    "cannot be changed in %s, which it has chosen",
    (file) => {
      const error = loadError({ [file]: "environment: production" }, { environment: "test" });
      expect(error.message).toBe(
        `${file}:1:1: "environment" decides which files are read; set it in config.yml, config_local.yml, by QUICKSTEP_ENVIRONMENT or on the command line`,
      );
    },
  );

  it("cannot be changed in code, when its files have been read", () => {
    const config = load({});
    expect(errorOf(() => config.set("environment", "test")).code).toBe("setting-invalid");
  });
});

describe("set()", () => {
  it("refuses an unknown name and names the nearest", () => {
    const config = load({});
    const error = errorOf(() => config.set("sesion", "cookie"));
    expect(error.code).toBe("setting-unknown");
    expect(error.message).toBe('set() in code: unknown setting "sesion" (did you mean "session"?)');
  });

  it("refuses a wrong value and keeps the one there was", () => {
    const config = load({});
    const error = errorOf(() => config.set("port", "3001"));
    expect(error.code).toBe("setting-invalid");
    expect(error.message).toBe(
      'set() in code: "port" must be an integer from 0 to 65535, got "3001"',
    );
    expect(config.settings.port).toBe(3000);
  });

  it("merges maps as files do, and clears one with null", () => {
    const config = load({ "config.yml": "app: { a: 1, b: { c: 2 } }" });
    config.set("app", { b: { d: 3 } });
    expect(config.get("app")).toEqual({ a: 1, b: { c: 2, d: 3 } });
    config.set("app", null);
    expect(config.get("app")).toEqual({});
    config.set("app", { e: 4 });
    expect(config.get("app")).toEqual({ e: 4 });
  });

  it("can be done while loading, above a variable that is missing", () => {
    const files = { "config.yml": "session_cookie_key: ${KEY}\nport: 1" };
    const settings = { session_cookie_key: "a key for tests" };
    const config = load(files, { settings });
    expect(config.settings).toMatchObject({ session_cookie_key: "a key for tests", port: 1 });
    expect(String(config.origin("session_cookie_key"))).toBe("set() in code");
    expect(loadError(files, { settings: { ...settings, prot: 1 } }).message).toBe(
      'set() in code: unknown setting "prot" (did you mean "port"?)',
    );
  });

  it("keeps an object of a class as it is", () => {
    const config = load({});
    const pool = new Map();
    config.set("app", { pool });
    expect((config.get("app") as { pool: unknown }).pool).toBe(pool);
  });

  it.each(["__proto__", "constructor"])("SEC-706 refuses %s as a name", (name) => {
    for (const strict of [true, false]) {
      const config = load({ "config.yml": `strict_config: ${strict}` });
      if (name === "constructor" && !strict) continue;
      expect(() => config.set(name, { polluted: true })).toThrow();
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(config.get(name)).toBeUndefined();
    }
  });

  it("SEC-706 refuses a map with a prototype in it or without an end", () => {
    const config = load({});
    const evil: unknown = JSON.parse('{"a": {"__proto__": {"polluted": true}}}');
    const endless: Record<string, unknown> = {};
    endless.again = endless;
    expect(errorOf(() => config.set("app", evil)).code).toBe("setting-invalid");
    expect(errorOf(() => config.set("app", endless)).message).toContain("nested too deeply");
  });
});

describe("the settings object", () => {
  it("is frozen, and another one after set()", () => {
    const config = load({});
    const before = config.settings;
    expect(Object.isFrozen(before)).toBe(true);
    config.set("port", 1);
    expect(before.port).toBe(3000);
    expect(config.settings.port).toBe(1);
  });

  it("SEC-701 shows no secret when it is printed", () => {
    const canary = "canary-in-the-coal-mine";
    const config = load({
      "config.yml": `session_cookie_key: [${canary}]\nplugins: { db: { password: ${canary} } }`,
    });
    expect(config.settings.session_cookie_key).toEqual([canary]);
    for (const shown of [
      inspect(config.settings, { depth: 9 }),
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config.settings),
      JSON.stringify(config),
      String(config.origin("session_cookie_key")),
    ]) {
      expect(shown).not.toContain(canary);
    }
    expect(JSON.stringify(config.settings)).toContain('"session_cookie_key":"********"');
  });
});
