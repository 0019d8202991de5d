import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findSource } from "../../src/cli/app-entry.ts";
import { Supervisor } from "../../src/cli/dev/supervisor.ts";
import { freePort } from "../support/programs.ts";
import { childEnv, projectDir } from "../support/run-app.ts";
import { cliArguments, runCli } from "../support/run-cli.ts";

const good = `import { dance, get } from "quickstep";
get("/", () => "it works");
get("/address", ({ request }) => String(request.address));
get("/broken", () => {
  throw new Error("on purpose");
});
get("/slow", async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return "slow";
});
get("/held", () => {
  console.log("holding");
  return new Promise((resolve) =>
    process.once("SIGTERM", () => setTimeout(() => resolve("finished"), 50)),
  );
});
await dance();
`;
const config = "session: cookie\nsession_cookie_key: ${SESSION_COOKIE_KEY}\n";

let folder: string;
let child: ChildProcess;
let output = "";
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(projectDir, "test/tmp-dev-"));
  write("app.ts", good);
  write("config.yml", config);
  child = spawn(process.execPath, [...cliArguments, "dev", folder, "--port", "0"], {
    cwd: folder,
    env: childEnv({ QUICKSTEP_SERVER: "0.0.0.0" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  await says(/dancing at/);
  url = /dancing at (\S+)/.exec(output)![1]!;
}, 60_000);

afterAll(async () => {
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number | null];
  rmSync(folder, { recursive: true, force: true });
  expect(code).toBe(0);
});

describe("quickstep dev", () => {
  it("makes a .env with a key, readable by its owner only, and says so without the key", () => {
    const made = readFileSync(join(folder, ".env"), "utf8");
    expect(made).toMatch(/^SESSION_COOKIE_KEY=hex:[0-9a-f]{64}\n$/);
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);
    expect(output).toContain("made .env with a new key for the session cookies");
    expect(output).not.toContain(made.slice(-30, -1));
  });

  it("makes it again when it goes", async () => {
    const before = readFileSync(join(folder, ".env"), "utf8");
    output = "";
    rmSync(join(folder, ".env"));
    await says(/made \.env with a new key for the session cookies\n(?:.*\n)*.*dancing at/);
    expect(readFileSync(join(folder, ".env"), "utf8")).not.toBe(before);
    expect(await get("/")).toBe("it works");
  }, 30_000);

  it("shows the app the address of who asks", async () => {
    expect(await get("/address")).toMatch(/127\.0\.0\.1$|^::1$/);
  });

  it("runs changed code, and lets requests wait meanwhile", async () => {
    await change("app.ts", good.replace("it works", "it works better"), /app\.ts changed/);
    const answers = await Promise.all([get("/"), get("/slow"), get("/")]);
    expect(answers).toEqual(["it works better", "slow", "it works better"]);
  }, 30_000);

  it("leaves changed views to the app, which reads them anew", async () => {
    write("page.eta", "new");
    await change("app.ts", good.replace("it works", "it still works"), /dancing at/);
    expect(output).toMatch(/^app\.ts changed, starting again$/m);
    expect(output).not.toContain("page.eta");
    expect(await get("/")).toBe("it still works");
  }, 30_000);

  it("lets requests finish before it runs changed code, and says no more than what changed", async () => {
    const held = get("/held");
    await says(/holding/);
    await change("app.ts", good.replace("it works", "it works again"), /dancing at/);
    expect(output).toMatch(/^app\.ts changed, starting again\nGET \/held 200 .*\n.*dancing at/);
    expect(await held).toBe("finished");
    expect(await get("/")).toBe("it works again");
  }, 30_000);

  it("shows where the code does not compile, and runs it when it does", async () => {
    await change("app.ts", `${good}const x = ;\n`, /The app did not start/);
    const page = await ask("/", { accept: "text/html" });
    expect(page.status).toBe(503);
    const html = await page.text();
    expect(html).toContain("<h2>app.ts:18:10</h2>");
    expect(html).toContain('<span class="here"><i>18</i>const x = ;</span>');
    expect(html).toContain("Unexpected &quot;;&quot;");
    expect(html).not.toContain(folder);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    await change("app.ts", good, /dancing at/);
    expect(await get("/")).toBe("it works");
  }, 30_000);

  it("shows what is wrong with the settings: file, line and the nearest name", async () => {
    await change("config.yml", `${config}prot: 3\n`, /unknown setting "prot"/);
    const text = await get("/");
    expect(text).toContain("The settings are wrong");
    expect(text).toContain('config.yml:3:1: unknown setting "prot" (did you mean "port"?)');
    expect(text).not.toContain("node_modules");
    const html = await (await ask("/", { accept: "text/html" })).text();
    expect(html).toContain('<span class="here"><i>3</i>prot: 3</span>');
    await change("config.yml", config, /dancing at/);
    expect(await get("/")).toBe("it works");
  }, 30_000);

  it("SEC-701 masks the key when an error tells it", async () => {
    const key = readFileSync(join(folder, ".env"), "utf8").trim().split("=")[1]!;
    const telling = `throw new Error(String((await import("quickstep")).setting("session_cookie_key")));\n`;
    await change("app.ts", telling, /The app did not start/);
    const text = await get("/");
    expect(text).toContain("Error: ********");
    expect(text).not.toContain(key);
    await change("app.ts", good, /dancing at/);
  }, 30_000);

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)?.address;

  it.runIf(outside !== undefined)(
    "SEC-902 tells only this machine why it is down",
    async () => {
      await change("app.ts", "throw new Error('a canary');\n", /The app did not start/);
      const { port } = new URL(url);
      const reply = await fetch(`http://${outside!}:${port}/`, {
        headers: { accept: "text/html" },
      });
      expect([reply.status, await reply.text()]).toEqual([503, "The app is down.\n"]);
      expect(await get("/")).toContain("a canary");
      await change("app.ts", good, /dancing at/);
      const broken = await fetch(`http://${outside!}:${port}/broken`);
      expect(await broken.text()).not.toContain("on purpose");
    },
    30_000,
  );

  it("SEC-902 shows the source, the request and the routes of an error, in development", async () => {
    const page = await ask("/broken?q=1", { accept: "text/html" });
    const html = await page.text();
    expect(page.status).toBe(500);
    expect(html).toContain('<span class="here"><i>5</i>  throw new Error(&quot;on purpose&quot;);');
    expect(html).toContain("(app.ts:5:9)");
    expect(html).toContain("GET /broken</th><td>matches</td>");
    const missing = await (await ask("/addres", { accept: "text/html" })).text();
    expect(missing).toContain('Did you mean <a href="/address">');
    expect(missing).toContain("the path has &quot;addres&quot; where &quot;broken&quot; should be");
  });

  it("says so when the app ends by itself, and starts it at the next change", async () => {
    const ending = good.replace('"it works"', "process.exit(3)");
    await change("app.ts", ending, /dancing at/);
    await get("/").catch(() => "cut off");
    await says(/The app ended with status 3; waiting for a change/);
    expect(await get("/")).toContain("The app ended with status 3");
    await change("app.ts", good, /dancing at/);
    expect(await get("/")).toBe("it works");
  }, 30_000);
});

it("gives way to a start that overtakes it, on the same port", async () => {
  const settings = "startup_info: false\nlog_requests: false\nsession: null\n";
  const app = join(mkdtempSync(join(projectDir, "test/tmp-dev-")), "app.ts");
  writeFileSync(app, good);
  writeFileSync(join(dirname(app), "config.yml"), settings);
  const port = await freePort();
  vi.stubEnv("NODE_OPTIONS", "--conditions=source");
  const supervisor = new Supervisor(findSource(app), ["--port", String(port)]);
  const starts = [supervisor.start()];
  // Long enough for it to ask for the port, too short to get it.
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  starts.push(supervisor.start());
  await vi.waitFor(
    async () => {
      const headers = { connection: "close" };
      const reply = await fetch(`http://127.0.0.1:${port}/`, { headers });
      expect(await reply.text()).toBe("it works");
    },
    { timeout: 20_000, interval: 20 },
  );
  await supervisor.stop();
  await Promise.all(starts);
  vi.unstubAllEnvs();
  rmSync(dirname(app), { recursive: true });
}, 30_000);

it("ends with a word when another program has the port", async () => {
  const { code, stderr } = await runCli(["dev", folder, "--port", new URL(url).port], folder, {
    QUICKSTEP_SERVER: "0.0.0.0",
  });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^quickstep: port \d+ is in use; /)]);
}, 30_000);

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

async function change(name: string, text: string, wanted: RegExp): Promise<void> {
  output = "";
  write(name, text);
  await says(wanted);
}

async function says(wanted: RegExp): Promise<void> {
  await vi.waitFor(() => expect(output).toMatch(wanted), { timeout: 20_000, interval: 20 });
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  // A connection that is kept could end just as it is used again.
  return fetch(url.replace("localhost", "127.0.0.1") + path, {
    headers: { ...headers, connection: "close" },
  });
}

async function get(path: string): Promise<string> {
  return (await ask(path)).text();
}
