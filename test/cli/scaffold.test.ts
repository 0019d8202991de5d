import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { toJsonSchema } from "../../src/config/json-schema.ts";
import { tempFolder } from "../support/app.ts";
import { installPacked, npm, type Installed } from "../support/packed.ts";
import { childEnv, projectDir } from "../support/run-app.ts";

const run = promisify(execFile);
const names = { app: "shop", api: "prices", minimal: "clock" } as const;
const author = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@app.test" };
const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@app.test" };

let installed: Installed;

beforeAll(() => {
  installed = installPacked();
}, 240_000);

describe.each(Object.entries(names))("a new app from the template %s", (template, name) => {
  let app: string;

  beforeAll(async () => {
    const { stdout } = await create(name, ["--template", template]);
    app = join(installed.folder, name);
    expect(stdout).toContain("made a git repository with a first commit");
    expect(stdout).toContain(`cd ${name}`);
  }, 240_000);

  it("SEC-702 has a key of its own in a file that git ignores and only its owner can read", () => {
    const file = join(app, ".env");
    expect(readFileSync(file, "utf8")).toMatch(/^SESSION_COOKIE_KEY=hex:[0-9a-f]{64}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(git("check-ignore", ".env")).toBe(".env\n");
    const others = Object.values(names).map((other) => join(installed.folder, other, ".env"));
    const keys = others.filter(existsSync).map((other) => readFileSync(other, "utf8"));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("SEC-703 has a .gitignore in its first commit, and no secret in it", () => {
    const [, key = ""] = readFileSync(join(app, ".env"), "utf8").trim().split("hex:");
    const tracked = git("ls-files").trim().split("\n");
    expect(git("rev-list", "--count", "HEAD")).toBe("1\n");
    expect(tracked).toContain(".gitignore");
    expect(tracked).not.toContain(".env");
    for (const file of tracked) {
      expect(readFileSync(join(app, file)).includes(key), file).toBe(false);
    }
    expect(git("status", "--porcelain")).toBe("");
    // With session: yaml this is where the sessions are.
    expect(git("check-ignore", "sessions/one.yml")).toBe("sessions/one.yml\n");
  });

  it("SEC-712 refers to the shipped JSON Schema, which is that of the loader", () => {
    const [first = ""] = readFileSync(join(app, "config.yml"), "utf8").split("\n");
    const [, path = ""] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
    const schema = JSON.parse(readFileSync(join(app, path), "utf8")) as unknown;
    expect(schema).toEqual(JSON.parse(JSON.stringify(toJsonSchema())));
  });

  it("holds what a project needs, under its own name", () => {
    for (const file of [
      ...["README.md", "Dockerfile", ".dockerignore", ".editorconfig", ".vscode/settings.json"],
      ...[".github/workflows/ci.yml", "deploy/README.md", "deploy/nginx.conf"],
      ...[`deploy/${name}.service`, "environments/development.yml", "environments/test.yml"],
      ...["environments/production.yml", "package-lock.json", "test/app.test.ts"],
    ]) {
      expect(existsSync(join(app, file)), file).toBe(true);
    }
    const texts = git("grep", "-l", "my-app", "--", ".", ":!vendor", ":!package-lock.json");
    expect(texts).toBe("");
  });

  it("SEC-714 SEC-821 passes its own checks: types, lint, format, and tests with its cookie flags and security headers", () => {
    const output = npm(["run", "check"], app);
    expect(output).toMatch(/(?:#|ℹ) fail 0/);
    expect(output).toContain("keeps the session in a cookie that scripts, plain http");
  }, 240_000);

  it("SEC-714 SEC-201 starts in development with a cookie for http, and stops on SIGTERM", async () => {
    const running = await start(["dev", "--port", "0"]);
    expect(running.output()).toContain("development: dancing at");
    const attributes = "; Path=/; HttpOnly; SameSite=Lax";
    expect(await sessionCookie(running.url)).toMatch(/^quickstep\.session=[\w-]+; /);
    expect(await sessionCookie(running.url)).toMatch(new RegExp(`${attributes}$`));
    expect(await running.stop()).toBe(0);
  }, 60_000);

  describe("in production, from what was compiled", () => {
    let running: Awaited<ReturnType<typeof start>>;

    beforeAll(async () => {
      npm(["run", "build"], app);
      running = await start(["start", "--port", "0"]);
    }, 90_000);

    it("SEC-714 starts, and says that it is well", async () => {
      expect(running.output()).toContain("production: dancing at");
      expect(await (await fetch(`${running.url}/health`)).json()).toEqual({ status: "ok" });
    });

    it("SEC-201 keeps the session in a cookie for https that scripts and other sites do not get", async () => {
      expect(await sessionCookie(running.url)).toMatch(
        /^__Host-quickstep\.session=[\w-]+(?:; Max-Age=\d+)?; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
    });

    it.each(["/", "/nowhere", "/style.css", "/account", "/health"])(
      "SEC-821 sends its security headers, and no version, with %s",
      async (path) => {
        const { headers } = await fetch(running.url + path, { redirect: "manual" });
        const said = [...headers].map((pair) => pair.join(": ")).join("\n");
        expect(said).toMatch(/^x-content-type-options: nosniff$/m);
        expect(said).toMatch(/^content-security-policy: .*frame-ancestors 'none'/m);
        expect(said).toMatch(/^referrer-policy: same-origin$/m);
        expect(said).not.toMatch(/quickstep\/|x-powered-by|^server:|\b0\.1\.0\b/m);
      },
    );

    it.runIf(template === "app")(
      "believes the proxy on its own machine that deploy/nginx.conf makes, so links are https",
      async () => {
        const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7" };
        const reply = await fetch(`${running.url}/account`, { headers, redirect: "manual" });
        expect(reply.headers.get("location")).toMatch(/^https:/);
        const nginx = readFileSync(join(app, "deploy/nginx.conf"), "utf8");
        for (const name of Object.keys(headers)) {
          expect(nginx.toLowerCase()).toContain(`proxy_set_header ${name} `);
        }
        expect(nginx).toContain("proxy_set_header Host $http_host;");
      },
    );

    it.each([
      ...["/routes", "/_routes", "/config", "/debug", "/status", "/metrics", "/__inspect"],
      ...["/.env", "/.git/config", "/config.yml", "/environments/production.yml", "/app.ts"],
      ...["/package.json", "/dist/app.js", "/..%2f.env", "/style.css/../.env"],
    ])("SEC-908 has nothing at %s", async (path) => {
      const reply = await fetch(running.url + path);
      expect(reply.status).toBe(404);
      expect(await reply.text()).not.toMatch(/SESSION_COOKIE_KEY|node_modules|at .*:\d+:\d+/);
    });

    it("SEC-714 stops on SIGTERM", async () => {
      expect(await running.stop()).toBe(0);
    });
  });

  it("lists its routes with the lines that declare them", async () => {
    // The app's own command, and one of another place, as it is installed globally.
    for (const quickstep of [command(), installed.command]) {
      const { stdout } = await run(process.execPath, [quickstep, "routes"], options(app));
      expect(stdout).toMatch(/^GET +\/health +\(no session\) +app\.ts:\d+$/m);
      expect(stdout).not.toContain("node_modules");
    }
  }, 60_000);

  /** The cookie that the app sets for somebody who signs up, writes the first note, or comes at all. */
  async function sessionCookie(url: string): Promise<string> {
    const type = template === "api" ? "application/json" : "application/x-www-form-urlencoded";
    const name = `ada${String(Date.now()).slice(-8)}`;
    const requests: Record<string, readonly [path: string, body?: string]> = {
      app: ["/signup", `name=${name}&password=correct+horse+battery`],
      api: ["/notes", '{"text":"buy tea"}'],
      minimal: ["/"],
    };
    const [path, body] = requests[template]!;
    const reply = await fetch(url + path, {
      ...(body !== undefined && { method: "POST", body }),
      headers: { origin: url, "content-type": type },
      redirect: "manual",
    });
    const [cookie = "", ...others] = reply.headers.getSetCookie();
    expect([reply.status, others]).toEqual([expect.toBeOneOf([200, 201, 303]), []]);
    return cookie;
  }

  function git(...args: string[]): string {
    try {
      return execFileSync("git", args, { cwd: app, encoding: "utf8" });
    } catch (error) {
      // "git grep" ends like this when it finds nothing.
      if ((error as { status?: number }).status === 1) return "";
      throw error;
    }
  }

  function command(): string {
    return join(app, "node_modules/.bin/quickstep");
  }

  async function start(args: readonly string[]) {
    const child = spawn(process.execPath, [command(), ...args], {
      ...options(app),
      stdio: ["ignore", "pipe", "pipe"],
    });
    return watch(child);
  }
});

describe("quickstep new", () => {
  it("leaves what is there when told to overwrite: other files, and a .env with its key", async () => {
    const app = join(installed.folder, "kept");
    mkdirSync(app);
    writeFileSync(join(app, ".env"), "SESSION_COOKIE_KEY=mine\n");
    writeFileSync(join(app, "own.txt"), "own");
    writeFileSync(join(app, "app.ts"), "old");
    await create("kept", ["-t", "minimal", "--overwrite", "--no-install", "--no-git"]);
    expect(readFileSync(join(app, ".env"), "utf8")).toBe("SESSION_COOKIE_KEY=mine\n");
    expect(readFileSync(join(app, "own.txt"), "utf8")).toBe("own");
    expect(readFileSync(join(app, "app.ts"), "utf8")).toContain("dance");
    expect(existsSync(join(app, ".git"))).toBe(false);
  }, 60_000);

  it("makes the whole app without git, and says so", async () => {
    const env = { PATH: pathWithoutGit() };
    const { stdout } = await create("gitless", ["-t", "minimal", "--no-install"], env);
    expect(stdout).toContain("git is not installed, so there is no repository yet");
    expect(readdirSync(join(installed.folder, "gitless"))).toContain("app.ts");
  }, 60_000);

  it("makes the whole app without a network, and says what is left to do", async () => {
    const cache = tempFolder();
    const env = { npm_config_registry: "http://127.0.0.1:9/", npm_config_cache: cache };
    const failed = await create("offline", ["-t", "minimal", "--no-git"], env).catch(
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stdout).toContain("npm install did not work");
    expect(failed.stderr).toContain("The app itself is complete; run npm install in it later.");
    expect(failed.stderr).toContain("ECONNREFUSED");
    expect(readdirSync(join(installed.folder, "offline"))).toContain("app.ts");
  }, 90_000);
});

describe("the package", () => {
  it("SEC-909 holds what is built and what is tracked, and nothing else", () => {
    const listed = execFileSync("tar", ["-tzf", installed.tarball], { encoding: "utf8" });
    const packed = listed.trim().split("\n");
    const files = packed.map((file) => file.replace(/^package\//, ""));
    const tracked = new Set(
      execFileSync("git", ["ls-files"], { cwd: projectDir, encoding: "utf8" }).split("\n"),
    );
    const allowed =
      /^(?:src|templates)\/|^(?:config\.yml|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    const strangers = files.filter((file) => {
      const [, source] = /^dist\/(.+?)\.(?:js|js\.map|d\.ts)$/.exec(file) ?? [];
      if (source !== undefined) return !existsSync(join(projectDir, `src/${source}.ts`));
      return file !== "dist/config.schema.json" && !(tracked.has(file) && allowed.test(file));
    });
    expect(strangers).toEqual([]);
    const templates = [...tracked].filter((file) => file.startsWith("templates/"));
    expect(templates.filter((file) => !files.includes(file))).toEqual([]);
    expect(files).toContain("dist/cli/main.js");
  });

  it("SEC-909 runs nothing when it is installed", () => {
    const text = readFileSync(join(installed.root, "package.json"), "utf8");
    const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:pre|post)?install$|^prepare$/)]),
    );
  });

  it("gives new apps the versions that the project itself is tested with", () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(join(projectDir, file), "utf8")) as {
        dependencies: Record<string, string>;
        devDependencies: Record<string, string>;
      };
    const own = read("package.json");
    const made = read("templates/shared/package.template.json");
    const { quickstep: _quickstep, ...wanted } = { ...made.dependencies, ...made.devDependencies };
    expect({ ...own.dependencies, ...own.devDependencies }).toMatchObject(wanted);
  });
});

function create(name: string, args: readonly string[], env: Record<string, string> = {}) {
  return run(process.execPath, [installed.command, "new", name, ...args], {
    ...options(installed.folder),
    env: childEnv({ ...author, ...committer, ...env }),
  });
}

function options(cwd: string) {
  return { cwd, env: childEnv() };
}

/** Waits until the app says where it dances. */
async function watch(child: ChildProcess) {
  let output = "";
  const closed = once(child, "close") as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const found = /dancing at (http:\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    void closed.then(() => reject(new Error(`it ended:\n${output}`)));
  });
  return {
    url,
    output: () => output,
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = await closed;
      return code;
    },
  };
}

/** The programs that npm needs, and no others. */
function pathWithoutGit(): string {
  const folder = tempFolder();
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of ["npm", "sh", "tar", "env"]) {
    const found = folders.map((one) => join(one, name)).find(existsSync);
    if (found !== undefined) symlinkSync(found, join(folder, name));
  }
  symlinkSync(process.execPath, join(folder, "node"));
  return [folder, dirname(process.execPath)]
    .filter((one) => !existsSync(join(one, "git")))
    .join(delimiter);
}
