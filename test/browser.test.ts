import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findChromium, openBrowser } from "./support/chromium.ts";
import { inspectPage } from "./support/inspect-page.ts";
import { projectDir, runApp, type RunningApp } from "./support/run-app.ts";

const executable = findChromium();
const sessionCookie = "quickstep.session";
/** Set to a folder to get pictures of the board. */
const pictures = process.env["QUICKSTEP_SCREENSHOTS"];

if (executable === undefined) {
  console.warn("skipped: the browser tests need Chromium (apt-get install chromium)");
}

it.runIf(process.env["CI"] === "true")("has a Chromium under CI", () => {
  expect(executable, "no Chromium was found").toBeDefined();
});

describe.skipIf(executable === undefined)("the example app in Chromium", () => {
  let app: RunningApp;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    app = await runApp(join(projectDir, "example-app/start.ts"), {
      SESSION_COOKIE_KEY: "a throw-away key for the browser tests",
    });
    browser = await openBrowser(executable!);
    context = browser.context;
    page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 500) problems.push(`${response.status()} ${response.url()}`);
    });
  }, 60_000);

  beforeEach(async () => {
    await context.clearCookies();
    problems.length = 0;
  });

  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  it("logs in, counts visits, and logs out", async () => {
    await signUp("hopper");
    expect(await page.getByRole("status").textContent()).toBe("Welcome, hopper.");
    await page.getByRole("button", { name: "Log out" }).click();
    expect(await page.getByRole("status").textContent()).toBe("You are logged out.");
    expect(await page.locator(".who").count()).toBe(0);

    await page.goto(`${app.url}/login`);
    await fillIn("hopper");
    await page.getByRole("button", { name: "Log in" }).click();
    expect(await page.locator(".who").textContent()).toContain("hopper");
    const before = await visit();
    await page.goto(app.url);
    expect(await visit()).toBe(before + 1);
    expect(await page.getByRole("status").count()).toBe(0);

    await page.getByRole("button", { name: "Log out" }).click();
    await page.goto(app.url);
    expect(await page.locator(".who").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it("hides the session cookie from scripts", async () => {
    await signUp("lovelace");
    const cookies = await context.cookies();
    const cookie = cookies.find(({ name }) => name === sessionCookie);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    expect(await page.evaluate("document.cookie")).toBe("");
  });

  it("takes a cookie changed by one character for no session, without an error page", async () => {
    await signUp("liskov");
    const cookie = (await context.cookies()).find(({ name }) => name === sessionCookie)!;
    const middle = Math.floor(cookie.value.length / 2);
    const changed = cookie.value[middle] === "A" ? "B" : "A";
    const value = cookie.value.slice(0, middle) + changed + cookie.value.slice(middle + 1);
    await context.addCookies([{ ...cookie, value }]);

    const response = await page.goto(app.url);
    expect(response?.status()).toBe(200);
    expect(await page.locator(".who").count()).toBe(0);
    expect(await visit()).toBe(1);

    await context.addCookies([cookie]);
    await page.goto(app.url);
    expect(await page.locator(".who").textContent()).toContain("liskov");
    expect(problems).toEqual([]);
  });

  it("posts, votes and deletes with forms alone", async () => {
    await signUp("hamilton");
    await page.getByLabel("Address").fill("https://example.org/apollo");
    await page.getByLabel("Title").fill("<b>Apollo</b> guidance");
    await page.getByRole("button", { name: "Post link" }).click();
    const own = page.locator("article", { hasText: "<b>Apollo</b> guidance" });
    expect(await own.count()).toBe(1);

    const other = page.locator("#link-1 .vote button");
    const before = Number(await other.textContent());
    await other.click();
    expect(Number(await other.textContent())).toBe(before + 1);
    expect(await other.isDisabled()).toBe(true);

    await own.getByRole("button", { name: "Delete" }).click();
    expect(await own.count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it.each([
    ["phone", 390, 844],
    ["desktop", 1280, 800],
  ])(
    "fits a %s without scrolling sideways and passes axe-core, light and dark",
    async (device, width, height) => {
      await page.setViewportSize({ width, height });
      await signUp(`a-long-name-${device}`.slice(0, 20));
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const path of ["", "login", "post", "links/1", "nowhere"]) {
          await page.goto(`${app.url}/${path}`);
          await inspectPage(
            page,
            `${device}-${colorScheme}-${path.replaceAll("/", "-")}`,
            pictures,
          );
        }
      }
    },
  );

  async function signUp(name: string): Promise<void> {
    await page.goto(`${app.url}/signup`);
    await fillIn(name);
    await page.getByRole("button", { name: "Sign up" }).click();
    expect(await page.locator(".who").textContent()).toContain(name);
  }

  async function fillIn(name: string): Promise<void> {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill("correct horse battery");
  }

  async function visit(): Promise<number> {
    const text = await page.locator(".visits").textContent();
    return Number(/visit (\d+)/.exec(text ?? "")?.[1]);
  }
});
