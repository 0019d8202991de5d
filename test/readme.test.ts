import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { App } from "../src/app.ts";
import { loadConfig } from "../src/config/config.ts";
import { Context } from "../src/context.ts";
import { createAppWords, createLogWords, requestWords } from "../src/keywords.ts";
import { run } from "./support/page.ts";
import { projectDir } from "./support/run-app.ts";
import { Snippets, writeFile } from "./support/snippets.ts";

const readme = readFileSync(join(projectDir, "README.md"), "utf8");
const key = "a throw-away key for the tests of the README";

const folder = mkdtempSync(join(projectDir, "test/tmp-readme-"));
const snippets = new Snippets(join(projectDir, "README.md"), folder);
const { blocks } = snippets;
const blockOf = snippets.blockOf.bind(snippets);
const fileOf = snippets.fileOf.bind(snippets);
const ask = snippets.ask.bind(snippets);

/** The ts blocks that are apps, by heading; what else they need is written beside them. */
const apps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Quickstep: {},
  "Routes and parameters": {},
  "Parameters, forms and JSON": {},
  "Files from forms": {},
  Templates: { "config.yml": "template: eta\nlayout: main\n" },
  Sessions: { "config.yml": "session: cookie\nsession_cookie_key: ${SESSION_COOKIE_KEY}\n" },
  "Logging in": {
    "config.yml": "session: simple\n",
    "accounts.ts":
      "export const opens = (name: string, password: string): Promise<boolean> =>\n" +
      '  Promise.resolve(name === "ada" && password === "correct");\n',
  },
  Hooks: { "config.yml": "session: simple\n" },
  Errors: {},
  "Static files": { "public/report.txt": "all is well\n", "public/style.css": "p {}\n" },
  "Without ambient words": {},
  Types: { "config.yml": "session: simple\napp:\n  pageSize: 20\n" },
};
/** The ts blocks that are tests. */
const tests = ["Testing your app"];

beforeAll(async () => {
  for (const [heading, files] of Object.entries(apps)) snippets.write(heading, files);
  for (const heading of tests) writeFile(fileOf(heading), blockOf(heading, "ts"));
  await Promise.all(
    Object.keys(apps).map((heading) => snippets.start(heading, { SESSION_COOKIE_KEY: key })),
  );
}, 60_000);

afterAll(async () => {
  await snippets.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the README", () => {
  it("has a case here for each of its ts blocks", () => {
    const headings = blocks.filter(({ language }) => language === "ts").map((one) => one.heading);
    expect(headings.toSorted()).toEqual([...Object.keys(apps), ...tests].toSorted());
  });

  it("names commands that exist", () => {
    const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const template = "templates/shared/package.template.json";
    const made = JSON.parse(readFileSync(join(projectDir, template), "utf8")) as typeof manifest;
    expect(blockOf("Quickstep", "sh")).toContain("npm ci && npm start");
    for (const [, name = ""] of readme.matchAll(/npm run ([a-z]+)/g)) {
      expect({ ...manifest.scripts, ...made.scripts }).toHaveProperty(name);
    }
  });

  it("links to what exists", () => {
    for (const [, target = ""] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
      if (!target.startsWith("http"))
        expect(existsSync(join(projectDir, target)), target).toBe(true);
    }
  });

  it("shows the example app's folder as it is", () => {
    for (const [, name = ""] of blockOf("Install", "text").matchAll(/^ {2}(\S+)/gm)) {
      expect(existsSync(join(projectDir, "example-app", name)), name).toBe(true);
    }
  });

  it("has yaml that loads", () => {
    const yaml = blocks.filter(({ language }) => language === "yaml");
    expect(yaml).toHaveLength(4);
    for (const [index, { text }] of yaml.entries()) {
      const appdir = join(folder, `yaml-${String(index)}`);
      writeFile(join(appdir, "config.yml"), text);
      const env = { SESSION_COOKIE_KEY: key, OLD_SESSION_COOKIE_KEY: "another key of that length" };
      expect(() => loadConfig({ appdir, env })).not.toThrow();
    }
  });

  it("lists the layers that decide a setting in their order", () => {
    const appdir = join(folder, "layers");
    const files = [
      "config.yml",
      "environments/test.yml",
      "config_local.yml",
      "environments/test_local.yml",
    ];
    let port = 4000;
    for (const file of files) {
      writeFile(join(appdir, file), `port: ${String(++port)}\n`);
      expect(loadConfig({ appdir, env: {}, environment: "test" }).get("port")).toBe(port);
    }
    const env = { QUICKSTEP_PORT: "4005", PORT: "1" };
    const app = new App({ appdir, environment: "test", env, argv: [] });
    expect(app.setting("port")).toBe(4005);
    const started = new App({ appdir, environment: "test", env, argv: ["--port", "4006"] });
    expect(started.setting("port")).toBe(4006);
    expect(started.set("port", 4007)).toBe(4007);
    expect(started.setting("port")).toBe(4007);
  });

  it("compiles", async () => {
    const options = { extends: "../../tsconfig.json", include: ["*/*.ts"], exclude: ["types"] };
    writeFile(join(folder, "tsconfig.json"), JSON.stringify(options));
    const types = { extends: "../../../tsconfig.json", include: ["*.ts"] };
    writeFile(join(folder, "types/tsconfig.json"), JSON.stringify(types));
    const [all, extended] = await Promise.all([compile("."), compile("types")]);
    expect(all).toEqual([]);
    expect(extended).toEqual([]);
  }, 120_000);
});

describe("the list of keywords", () => {
  const [ofApp, ofRequest, ofLog] = [...readme.matchAll(/^- \*\*Of (?:an? |the )(.+)$/gm)].map(
    ([, line = ""]) => {
      const [words = "", others = ""] = line.slice(line.indexOf(": ") + 2).split("`. `");
      return {
        words: [...words.matchAll(/\w+/g)].map(String),
        others: new Map([...`\`${others}`.matchAll(/`(\w+)` is `\w+\.(\w+)`/g)].map(toPair)),
      };
    },
  );
  const app = new App();

  it("names every keyword, and where it belongs", () => {
    const leaving = ["forward", "halt", "pass", "sendError", "sendFile"];
    const real = [
      Object.keys(createAppWords(app)),
      [...Object.keys(requestWords), ...leaving],
      Object.keys(createLogWords(app)),
    ];
    expect([ofApp?.words, ofRequest?.words, ofLog?.words]).toEqual(
      real.map((words) => words.toSorted(byName)),
    );
  });

  it("names members that exist", () => {
    for (const word of ofApp?.words ?? []) {
      expect((ofApp?.others.get(word) ?? word) in app, word).toBe(true);
    }
    for (const list of [ofRequest, ofLog]) {
      for (const word of list?.words ?? []) {
        expect((list?.others.get(word) ?? word) in Context.prototype, word).toBe(true);
      }
    }
  });
});

describe("the snippets", () => {
  it("answer as the console shows", async () => {
    const lines = blockOf("Quickstep", "console").trimEnd().split("\n");
    const jar = new Map<string, string>();
    for (let at = 0; at < lines.length; at += 2) {
      const command = /^\$ curl (-b jar -c jar )?http:\/\/localhost:3000(\S+)$/.exec(lines[at]!);
      expect(command, lines[at]).not.toBeNull();
      const { text } = await ask("Quickstep", "GET", command![2]!, {
        ...(command![1] !== undefined && { jar }),
      });
      expect(text).toBe(`${lines[at + 1]!}\n`);
    }
  });

  it("route", async () => {
    const get = async (path: string, method: "GET" | "POST" | "DELETE" = "GET") =>
      (await ask("Routes and parameters", method, path)).text;
    expect(await get("/users/7")).toBe("user 7");
    expect(await get("/archive/1999/")).toBe("all of 1999");
    expect(await get("/archive/1999/may")).toBe("may of 1999");
    expect(await get("/files/a/b/c")).toBe("a > b > c");
    expect(await get("/item/42")).toBe("item 42");
    expect(await get("/form", "POST")).toBe("POST");
    expect(JSON.parse(await get("/api/cart"))).toEqual({ items: ["shoes"] });
    expect((await ask("Routes and parameters", "DELETE", "/api/cart")).status).toBe(204);
    expect(await get("/about")).toBe("page about");
    expect(await get("/secret")).toBe("the next in line");
  });

  it("read forms and JSON", async () => {
    const form = await ask("Parameters, forms and JSON", "POST", "/orders?item=hat", {
      body: "item=shoe&colour=red&colour=blue",
      type: "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(201);
    expect(JSON.parse(form.text)).toEqual({
      item: "shoe",
      colours: ["red", "blue"],
      all: { item: "shoe", colour: "blue" },
    });
    const json = await ask("Parameters, forms and JSON", "POST", "/orders?item=hat", {
      body: `{"colour":"green"}`,
      type: "application/json",
    });
    expect(JSON.parse(json.text)).toMatchObject({ item: "hat", colours: ["green"] });
  });

  it("take files from forms", async () => {
    const body = new FormData();
    body.append("photo", new File(["pixels"], "cat.jpg", { type: "image/jpeg" }), "cat.jpg");
    body.append("title", "Cat");
    const url = `${snippets.app("Files from forms").url}/photos`;
    const answer = await fetch(url, { method: "POST", body });
    expect(await answer.json()).toEqual({
      filename: "cat.jpg",
      type: "image/jpeg",
      size: 6,
      title: "Cat",
      more: 0,
    });
    rmSync(join(projectDir, "photo.jpg"));
  });

  it("render templates", async () => {
    const page = await ask("Templates", "GET", "/greet/%3Cb%3E");
    expect(page.text).toContain("<h1>Hello &lt;b&gt;</h1>");
    expect(page.text).toContain("<title>A page</title>");
    const bare = await ask("Templates", "GET", "/bare/Ada");
    expect(bare.text).toContain("<h1>Hello Ada</h1>");
    expect(bare.text).not.toContain("<title>");
  });

  it("keep sessions", async () => {
    const jar = new Map<string, string>();
    const send = (method: "GET" | "POST", path: string) => ask("Sessions", method, path, { jar });
    expect((await send("POST", "/name?name=ada")).status).toBe(302);
    expect(JSON.parse((await send("GET", "/")).text)).toEqual({
      name: "ada",
      notice: "Nice to meet you.",
    });
    expect(JSON.parse((await send("GET", "/")).text)).toEqual({ name: "ada" });
    await send("POST", "/cart/tea");
    expect(JSON.parse((await send("POST", "/cart/milk")).text)).toEqual(["tea", "milk"]);
    await send("POST", "/forget");
    expect(JSON.parse((await send("GET", "/")).text)).toEqual({});
  });

  it("log in", async () => {
    const jar = new Map<string, string>();
    const send = (method: "GET" | "POST", path: string, origin?: string) =>
      ask("Logging in", method, path, { jar, ...(origin !== undefined && { origin }) });
    const own = snippets.app("Logging in").url;
    const asked = await send("GET", "/account");
    expect(asked.headers["location"]).toBe(`${own}/login?return_to=%2Faccount`);
    const form = "/login?return_to=%2Faccount&name=ada&password=";
    expect((await send("POST", `${form}correct`, "https://evil.example")).status).toBe(403);
    expect((await send("POST", `${form}wrong`, own)).status).toBe(401);
    const login = await send("POST", `${form}correct`, own);
    expect([login.status, login.headers["location"]]).toEqual([303, `${own}/account`]);
    expect((await send("GET", "/account")).text).toBe("Hello ada");
    await send("POST", "/logout", own);
    expect((await send("GET", "/account")).status).toBe(303);
  });

  it("hook", async () => {
    const admin = await ask("Hooks", "GET", "/admin");
    expect(admin.status).toBe(302);
    expect(admin.headers["location"]).toMatch(/\/login$/);
    const login = await ask("Hooks", "GET", "/login");
    expect(login.text).toBe("who are you?");
    expect(login.headers["x-frame-options"]).toBe("DENY");
  });

  it("answer errors", async () => {
    expect((await ask("Errors", "GET", "/stock/tea")).text).toBe("3 left");
    expect((await ask("Errors", "GET", "/stock/gin")).status).toBe(404);
    const json = { type: "application/json" };
    const wrong = await ask("Errors", "PUT", "/stock/gin", { ...json, body: '{"count":"many"}' });
    expect([wrong.status, wrong.headers["content-type"], JSON.parse(wrong.text)]).toEqual([
      422,
      "application/json; charset=utf-8",
      { error: "count must be a number" },
    ]);
    const right = await ask("Errors", "PUT", "/stock/gin", { ...json, body: '{"count":7}' });
    expect([right.status, JSON.parse(right.text)]).toEqual([200, { gin: 7 }]);
    const teapot = await ask("Errors", "GET", "/teapot");
    expect([teapot.status, teapot.text]).toEqual([418, "short and stout"]);
    expect((await ask("Errors", "GET", "/broken")).status).toBe(500);
    expect(snippets.app("Errors").output()).toContain("the message is for the log");
  });

  it("send files", async () => {
    const report = await ask("Static files", "GET", "/report");
    expect(report.text).toBe("all is well\n");
    expect(report.headers["content-disposition"]).toBe('attachment; filename="march.txt"');
    const made = await ask("Static files", "GET", "/made");
    expect(made.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const css = await ask("Static files", "GET", "/style.css");
    expect(css.headers["etag"]).toBeDefined();
  });

  it("do without ambient words", async () => {
    expect((await ask("Without ambient words", "GET", "/users/7")).text).toBe("user 7");
  });

  it("type sessions and settings", async () => {
    expect(JSON.parse((await ask("Types", "GET", "/visits")).text)).toEqual({
      visits: 1,
      pageSize: 20,
    });
  });

  it("test an app", async () => {
    const { code, output } = await run(["--test", fileOf("Testing your app")]);
    expect(output).toMatch(/pass 2\b/);
    expect(code).toBe(0);
  });
});

/** What the compiler says about our files in a folder; those of `src/` have their own check. */
async function compile(project: string): Promise<string[]> {
  const compiler = join(projectDir, "node_modules/typescript/bin/tsc");
  const { output } = await run([
    compiler,
    "--noEmit",
    "--pretty",
    "false",
    "-p",
    join(folder, project),
  ]);
  return output.split("\n").filter((line) => line.includes("tmp-readme-") || /^error/.test(line));
}

function toPair([, word = "", member = ""]: RegExpExecArray): [string, string] {
  return [word, member];
}

function byName(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
