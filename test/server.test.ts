import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { Agent, request } from "undici";
import { afterAll, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../src/errors.ts";
import { createApp, tempFolder } from "./support/app.ts";
import { projectDir } from "./support/run-app.ts";

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** A process that runs a script with the default app, and everything it said so far. */
class Running {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly folder: string;
  out = "";
  err = "";

  constructor(lines: string, args: readonly string[], files: Readonly<Record<string, string>>) {
    const index = pathToFileURL(`${projectDir}src/index.ts`).href;
    const script = `import { app, dance, get, post, hook, set } from ${JSON.stringify(index)};\n${lines}`;
    const folder = tempFolder({ "package.json": '{"type":"module"}', ...files, "app.ts": script });
    this.folder = folder;
    const { NODE_ENV: _env, PORT: _port, NODE_OPTIONS: _options, ...env } = process.env;
    this.child = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=source", `${folder}/app.ts`, ...args],
      { cwd: projectDir, env: { ...env, QUICKSTEP_SERVER: "127.0.0.1" } },
    );
    children.push(this.child);
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.out += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.err += text));
    this.exited = once(this.child, "close").then(([code]) => code as number | null);
  }

  async says(text: RegExp): Promise<RegExpExecArray> {
    const find = () => text.exec(this.out + this.err) ?? expect.fail(`${text} was not said`);
    return vi.waitFor(find, { timeout: 20_000, interval: 20 });
  }

  async port(): Promise<number> {
    return Number((await this.says(/dancing at http:\/\/localhost:(\d+)/))[1]);
  }
}

const run = (
  lines: string,
  args: readonly string[] = ["--port", "0"],
  files: Readonly<Record<string, string>> = {},
): Running => new Running(lines, args, files);

/** Resolves when nothing listens on the port any more. */
const untilRefused = (port: number): Promise<void> =>
  vi.waitFor(async () => expect(await connects(port)).toBe(false), { timeout: 10_000 });

/** A keep-alive connection on which one request was answered. */
async function idle(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  expect(answer.toString()).toMatch(/Connection: keep-alive/i);
  return socket;
}

const slow = `
get("/quick", () => "quick");
get("/slow", async ({ request }) => {
  console.log("slow began");
  await new Promise((resolve) => process.once("message", resolve).once("SIGUSR2", resolve));
  return "slow ended";
});
get("/stream", async function* () {
  yield "begun ";
  await new Promise((resolve) => process.once("SIGUSR2", resolve));
  yield "ended";
});
get("/never", () => { console.log("never began"); return new Promise(() => undefined); });
`;

describe.concurrent("SEC-817 shutdown", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "on %s finishes what runs, says Connection: close, ends idle connections and exits with 0",
    async (signal) => {
      const app = run(`${slow} dance();`);
      const port = await app.port();
      const idlers = await Promise.all([idle(port), idle(port), idle(port)]);
      const closed = idlers.map((socket) => once(socket, "close"));
      const silent = connect(port, "127.0.0.1");
      await once(silent, "connect");
      const answer = request(`http://127.0.0.1:${port}/slow`);
      const stream = await request(`http://127.0.0.1:${port}/stream`);
      await app.says(/slow began/);

      app.child.kill(signal);
      await Promise.all(closed);
      const late = connect(port, "127.0.0.1");
      const [refused] = (await once(late, "error")) as [NodeJS.ErrnoException];
      // Whether the kernel had taken the connection before the server let go of the port.
      expect(refused.code).toMatch(/^ECONN(?:REFUSED|RESET)$/);
      expect(app.child.exitCode).toBeNull();

      app.child.kill("SIGUSR2");
      const { statusCode, headers, body } = await answer;
      expect([statusCode, headers["connection"], await body.text()]).toEqual([
        200,
        "close",
        "slow ended",
      ]);
      expect(await stream.body.text()).toBe("begun ended");
      expect(await app.exited).toBe(0);
      expect(app.err).not.toMatch(/error/i);
      silent.destroy();
    },
  );

  it("is not held up by the connection of an answer that began before", async () => {
    const app = run(`${slow} dance();`, ["--port", "0"], {
      "config.yml": "keep_alive_timeout: 1 hour\nshutdown_timeout: 1 hour\n",
    });
    const port = await app.port();
    const dispatcher = new Agent({ keepAliveTimeout: 3_600_000, pipelining: 1 });
    const stream = await request(`http://127.0.0.1:${port}/stream`, { dispatcher });
    app.child.kill("SIGTERM");
    await untilRefused(port);
    app.child.kill("SIGUSR2");
    expect(await stream.body.text()).toBe("begun ended");
    expect(await app.exited).toBe(0);
    await dispatcher.close();
  });

  it("a deadline forces the rest", async () => {
    const app = run(`${slow} dance();`, ["--port", "0"], { "config.yml": "shutdown_timeout: 1\n" });
    const port = await app.port();
    const answer = request(`http://127.0.0.1:${port}/never`);
    const failed = expect(answer).rejects.toThrow(/other side closed|ECONNRESET/);
    await app.says(/never began/);
    app.child.kill("SIGTERM");
    await failed;
    expect(await app.exited).toBe(0);
    expect(app.out + app.err).toContain(
      "some requests did not finish in time; their connections were closed",
    );
  });

  it("SEC-816 on SIGTERM just after uploads leaves no temporary file behind", async () => {
    const folder = tempFolder();
    const app = run(
      `post("/", ({ upload }) => { process.kill(process.pid, "SIGTERM"); return String(upload("f").size); }); dance();`,
      ["--port", "0"],
      { "config.yml": `upload_dir: ${folder}\nmax_upload_size: 100 MB\n` },
    );
    const port = await app.port();
    const body = new FormData();
    for (let count = 0; count < 10; count += 1) body.append("f", new Blob(["x".repeat(3e6)]), "f");
    const reply = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
    expect(await reply.text()).toBe("3000000");
    expect(await app.exited).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a second signal ends the process at once", async () => {
    const app = run(`${slow} dance();`, ["--port", "0"], {
      "config.yml": "shutdown_timeout: 1 hour\n",
    });
    const port = await app.port();
    request(`http://127.0.0.1:${port}/never`).catch(() => undefined);
    await app.says(/never began/);
    app.child.kill("SIGTERM");
    await app.says(/SIGTERM: stopping/);
    app.child.kill("SIGINT");
    expect(await app.exited).toBe(1);
  });

  it("stop() in code does the same once, however often it is called", async () => {
    let closed = 0;
    const app = createApp({ session: "mine" }, (it) => {
      it.engine("session").register("mine", () => ({
        waits: false,
        open: () => undefined,
        save: () => "x",
        touch: () => undefined,
        destroy: () => undefined,
        close: () => void (closed += 1),
      }));
      it.get("/quick", () => "quick");
    });
    const running = await app.listen();
    const socket = await idle(running.port);
    const ended = once(socket, "close");
    await Promise.all([running.stop(), running.stop()]);
    await ended;
    await running.stop();
    expect([closed, await connects(running.port)]).toEqual([1, false]);
  });
});

describe.concurrent("SEC-904 what nobody caught", () => {
  it.each([
    [
      "an exception",
      `setImmediate(() => { throw new Error("stray"); });`,
      "an exception was thrown",
    ],
    ["a rejection", `void Promise.reject(new Error("stray"));`, "a promise was rejected"],
    ["a thrown null", `setImmediate(() => { throw null; });`, "an exception was thrown"],
  ])("%s is logged, what runs is finished and the process ends with 1", async (_, code, text) => {
    const app = run(
      `${slow} get("/stray", () => { ${code} return "x"; }); dance();`,
      ["--port", "0", "-e", "production"],
      { "config.yml": "logger: file\nshutdown_timeout: 1 hour\n" },
    );
    const port = await app.port();
    const answer = request(`http://127.0.0.1:${port}/slow`);
    await app.says(/slow began/);
    expect(await (await request(`http://127.0.0.1:${port}/stray`)).body.text()).toBe("x");
    await untilRefused(port);
    expect(app.child.exitCode).toBeNull();
    app.child.kill("SIGUSR2");
    expect(await (await answer).body.text()).toBe("slow ended");
    expect(await app.exited).toBe(1);
    const log = readFileSync(`${app.folder}/logs/production.log`, "utf8");
    expect(log.trim().split("\n")).toHaveLength(1);
    expect(log).toContain(`error   ${text} that nobody caught: stopping | `);
    if (!code.includes("null")) expect(log).toContain("Error: stray | at ");
  });

  it("more of it while the app stops is logged and changes nothing", async () => {
    const app = run(
      `${slow} get("/stray", () => { for (const n of [1, 2, 3]) setImmediate(() => { throw new Error("stray " + n); }); return "x"; }); dance();`,
    );
    const port = await app.port();
    const answer = request(`http://127.0.0.1:${port}/slow`);
    await app.says(/slow began/);
    await (await request(`http://127.0.0.1:${port}/stray`)).body.text();
    await app.says(/stray 3/);
    app.child.kill("SIGUSR2");
    expect(await (await answer).body.text()).toBe("slow ended");
    expect(await app.exited).toBe(1);
  });
});

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

describe.concurrent("dance()", () => {
  it("prints where it listens, and nothing else", async () => {
    const app = run(`get("/", () => "x"); dance();`);
    const port = await app.port();
    expect(app.out).toBe(`development: dancing at http://localhost:${port}\n`);
    expect(await (await request(`http://127.0.0.1:${port}/`)).body.text()).toBe("x");
    app.child.kill("SIGTERM");
    expect(await app.exited).toBe(0);
    expect(app.err.split("\n").sort()).toEqual([
      "",
      expect.stringMatching(/^\S+ info {4}SIGTERM: stopping$/),
      expect.stringMatching(/^GET \/ 200 [\d.]+ ms \[\S+\]$/),
    ]);
  });

  it("reads --port, --environment and --confdir, above files and variables", async () => {
    const other = tempFolder({
      "config.yml": "port: 1\napp: { from: confdir }\nstartup_info: true\n",
      "environments/staging.yml": "port: 2\napp: { also: staging }\n",
    });
    const app = run(
      `get("/", ({ settings }) => ({ ...settings.app, port: settings.port, environment: settings.environment })); dance();`,
      ["--confdir", other, "-e", "staging", "-p", "0"],
      { "config.yml": "app: { from: appdir }\n" },
    );
    const port = await app.port();
    expect(app.out).toMatch(/^staging: dancing at/);
    expect(await (await request(`http://127.0.0.1:${port}/`)).body.json()).toEqual({
      from: "confdir",
      also: "staging",
      port: 0,
      environment: "staging",
    });
  });

  it("says nothing where startup_info is off", async () => {
    const app = run(
      `set("startup_info", false); const { port } = await dance(); console.log("port " + port);`,
    );
    await app.says(/port \d+/);
    expect(app.out).not.toContain("dancing");
  });

  it.each([
    [
      "an unknown argument",
      ["--prot", "0"],
      {},
      /--prot.*known: --port, --server, --environment, --confdir, --log/,
    ],
    ["a missing key", ["--port", "0"], { "config.yml": "session: cookie\n" }, /session_cookie_key/],
    [
      "a misspelt setting",
      ["--port", "0"],
      { "config.yml": "port: 0\nlayot: x\n" },
      /config\.yml:2:1.*layot.*layout/,
    ],
    [
      "an unknown engine",
      ["--port", "0"],
      { "config.yml": "session: coookie\n" },
      /config\.yml:1:1: unknown session engine "coookie" \(known: cookie, postgres, redis, simple, yaml;/,
    ],
  ])(
    "refuses to start with %s, in a sentence and with status 1",
    async (_, args, files, message) => {
      const app = run(`get("/", () => "x"); dance();`, args, files);
      expect(await app.exited).toBe(1);
      expect(app.err).toMatch(message);
      expect(app.err).toMatch(/^cannot start: /);
      expect(app.err).not.toMatch(/^ +at /m);
      expect(app.out).toBe("");
    },
  );

  it("shows the stack of an error that is not Quickstep's", async () => {
    const app = run(
      `app.engine("logger").register("mine", () => { throw new Error("mine broke"); }); set("logger", "mine"); dance();`,
    );
    expect(await app.exited).toBe(1);
    expect(app.err).toMatch(/mine broke[^]*\n +at /);
  });

  it("says that the port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const app = run(`dance();`, ["--port", String(port)]);
    expect(await app.exited).toBe(1);
    expect(app.err).toBe(
      `cannot start: port ${port} is in use (127.0.0.1:${port}); stop the other program or choose another with --port\n`,
    );
    other.close();
  });
});

describe("listen()", () => {
  it("rejects with port-in-use", async () => {
    const first = await createApp().listen();
    const made = createApp({ port: first.port }).listen();
    await expect(made).rejects.toBeInstanceOf(ConfigError);
    await expect(made).rejects.toMatchObject({ code: "port-in-use" });
    await first.stop();
  });

  it("rejects with listen-failed for an address that is not this machine's", async () => {
    await expect(createApp({ server: "203.0.113.7" }).listen()).rejects.toMatchObject({
      code: "listen-failed",
      message: expect.stringMatching(/^cannot listen on 203\.0\.113\.7:0: /) as string,
    });
  });

  it("names a port that the system chose, and has its timeouts from the settings", async () => {
    const running = await createApp({
      request_timeout: 7,
      headers_timeout: 6,
      keep_alive_timeout: 5,
    }).listen();
    expect(running.port).toBeGreaterThan(0);
    expect(running.url).toBe(`http://localhost:${running.port}`);
    const { requestTimeout, headersTimeout, keepAliveTimeout } = running.server;
    expect([requestTimeout, headersTimeout, keepAliveTimeout]).toEqual([7000, 6000, 5000]);
    await running.stop();
  });
});
