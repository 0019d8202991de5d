import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findChromium, openBrowser } from "../support/chromium.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { installPacked, type Installed } from "../support/packed.ts";
import { Pictures, type Picture } from "../support/pictures.ts";
import { childEnv } from "../support/run-app.ts";

const executable = findChromium();
const hasTmux = runs("tmux", "-V");
/** Set to a folder to get pictures of every page, and those of the documentation in `docs` below it. */
const folder = process.env["QUICKSTEP_SCREENSHOTS"];

if (executable === undefined || !hasTmux) {
  console.warn(
    "skipped: from nothing to a page needs Chromium and tmux (apt-get install chromium tmux)",
  );
}

it.runIf(process.env["CI"] === "true")("has a Chromium and a tmux under CI", () => {
  expect([executable !== undefined, hasTmux]).toEqual([true, true]);
});

describe.skipIf(executable === undefined || !hasTmux)("from an empty folder", () => {
  const socket = `quickstep-${String(process.pid)}`;
  let installed: Installed;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let pictures: Pictures;
  let port: number;
  let url: string;
  let app: string;

  beforeAll(async () => {
    installed = installPacked();
    app = join(installed.folder, "my-app");
    // Pictures show the port that everybody has.
    port = folder === undefined ? await freePort() : 3000;
    url = `http://localhost:${String(port)}`;
    browser = await openBrowser(executable!, folder === undefined ? 1 : 2);
    pictures = new Pictures(
      browser.context,
      folder === undefined ? undefined : join(folder, "docs"),
    );
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
  }, 240_000);

  afterAll(async () => {
    tmux("kill-server");
    await browser.close();
  }, 60_000);

  it("is at a logged-in page in less than a minute of typing and waiting, npm install aside", async () => {
    tmux("new-session", "-d", "-s", "work", "-x", "96", "-y", "32", "-c", installed.folder, "sh");
    await type(`alias quickstep="node ${installed.command}"`);
    await type(`PS1="$(printf '\\033[36m')"'~\${PWD#'"$PWD"'}'"$(printf '\\033[0m')"' $ '; clear`);
    await shows("~ $");
    const began = Date.now();
    await type("quickstep new");
    await shows("What is the app called?");
    tmux("send-keys", "-t", "work", "Enter");
    await shows("What do you want to start from?");
    tmux("send-keys", "-t", "work", "Enter");
    await shows("installing packages with npm", 30_000);
    const installing = Date.now();
    await shows("my-app is there. Next:", 200_000);
    const installTook = Date.now() - installing;
    expect(screen()).toContain("made a git repository with a first commit");
    await pictures.terminal("terminal-new", colours());
    await type("cd my-app && clear");
    await type("npm run dev");
    await shows("development: dancing at", 30_000);

    await page.goto(url);
    await page.getByRole("link", { name: "Sign up" }).first().click();
    await page.getByLabel("Name").fill("ada");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign up" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Hello, ada");
    const took = Date.now() - began - installTook;
    console.log(`from an empty folder to a logged-in page: ${String(took)} ms, and npm install`);
    expect(took).toBeLessThan(60_000);
  }, 240_000);

  it.runIf(folder !== undefined)("gives the pictures of the documentation", async () => {
    await page.goto(`${url}/nowhere`);
    await shows("/nowhere 404");
    await pictures.terminal("terminal-dev", colours());
    await browser.context.clearCookies();
    const phone: Picture[] = [];
    await look(390, 760, "light");
    await page.goto(url);
    phone.push(await page.screenshot());
    await page.getByRole("link", { name: "Sign up" }).first().click();
    await page.getByLabel("Name").fill("grace");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.emulateMedia({ colorScheme: "dark" });
    phone.push(await page.screenshot());
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByRole("status").waitFor();
    await page.emulateMedia({ colorScheme: "light" });
    phone.push(await page.screenshot());
    await pictures.row("new-app-phone", phone);
    await look(860, 770, "light");
    await page.goto(url);
    await pictures.page("new-app", page);
  });

  it.each([
    ["phone", 390, 844],
    ["desktop", 1280, 800],
  ])(
    "looks right on a %s, light and dark, and passes axe-core",
    async (device, width, height) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await look(width, height, colorScheme);
        for (const path of ["/", "/account", "/login", "/signup", "/nowhere"]) {
          await page.goto(url + path);
          await inspectPage(page, `${device}-${colorScheme}${path.replaceAll("/", "-")}`, folder);
        }
        await page.goto(`${url}/signup`);
        await page.evaluate("document.querySelector('form.stack').noValidate = true");
        await page.getByRole("button", { name: "Sign up" }).click();
        await page.getByRole("alert").waitFor();
        await inspectPage(page, `${device}-${colorScheme}-problem`, folder);
      }
    },
    120_000,
  );

  it("shows in the browser why the app cannot run, and then the app, by itself", async () => {
    const file = join(app, "app.ts");
    const text = readFileSync(file, "utf8");
    await page.goto(url);
    writeFileSync(file, text.replace('get("/health"', 'get("/health" oops'));
    await shows("The app did not start", 30_000);
    await page.goto(url);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      "The app did not start",
    );
    expect(await page.locator(".here").textContent()).toContain('get("/health" oops');
    await inspectAll("down");

    writeFileSync(file, text.replace('template("index")', "nonsense()"));
    await page.getByText("nonsense is not defined").first().waitFor({ timeout: 30_000 });
    expect(await page.locator(".here").textContent()).toContain("nonsense()");
    await inspectAll("error");
    await look(960, 620, "dark");
    await pictures.page("error-page", page);

    writeFileSync(file, text);
    await vi.waitFor(
      async () => {
        await page.goto(url);
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("It dances.");
      },
      { timeout: 30_000, interval: 200 },
    );
  }, 120_000);

  it("stops at Ctrl-C", async () => {
    tmux("send-keys", "-t", "work", "C-c");
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow(), { timeout: 10_000 });
    await type("clear");
    await type("npx quickstep routes");
    await shows("before_template_render");
    await pictures.terminal("terminal-routes", colours());
  });

  async function inspectAll(name: string): Promise<void> {
    for (const [device, width, height] of [
      ["phone", 390, 844],
      ["desktop", 1280, 800],
    ] as const) {
      for (const colorScheme of ["light", "dark"] as const) {
        await look(width, height, colorScheme);
        await inspectPage(page, `${device}-${colorScheme}-${name}`, folder);
      }
    }
  }

  async function look(width: number, height: number, colorScheme: "light" | "dark") {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
  }

  async function type(line: string): Promise<void> {
    tmux("send-keys", "-t", "work", "-l", line);
    tmux("send-keys", "-t", "work", "Enter");
    await Promise.resolve();
  }

  function shows(text: string, timeout = 15_000): Promise<void> {
    return vi.waitFor(() => expect(screen()).toContain(text), { timeout, interval: 50 });
  }

  function screen(): string {
    return tmux("capture-pane", "-p", "-t", "work", "-S", "-200");
  }

  /** The screen with its colours. */
  function colours(): string {
    return tmux("capture-pane", "-p", "-e", "-t", "work");
  }

  function tmux(...args: string[]): string {
    const env = childEnv({ LC_ALL: "C.UTF-8", TERM: "xterm-256color", PORT: String(port) });
    const git = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@app.test" };
    const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@app.test" };
    return execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], {
      env: { ...env, ...git, ...committer },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
});

function runs(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
