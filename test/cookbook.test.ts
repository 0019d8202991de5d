/** docs/cookbook.md: its snippets run, and answer what the page says. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnv, projectDir } from "./support/run-app.ts";
import { Snippets, writeFile, type AskOptions } from "./support/snippets.ts";

const folder = mkdtempSync(join(projectDir, "test/tmp-cookbook-"));
const page = new Snippets(join(projectDir, "docs/cookbook.md"), folder);
const headings = page.blocks.filter(({ language }) => language === "ts").map((one) => one.heading);

beforeAll(async () => {
  for (const heading of headings) page.write(heading);
  await Promise.all(headings.map((heading) => page.start(heading)));
}, 60_000);

afterAll(async () => {
  await page.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Method = "GET" | "POST" | "DELETE";
/** A request, and the status, and the text or where it redirects to. */
type Step = readonly [Method, string, number, string, AskOptions?];

const form = "application/x-www-form-urlencoded";
const steps: Readonly<Record<string, readonly Step[]>> = {
  "A first app": [["GET", "/hello/Ada", 200, "Why, hello there Ada"]],
  "Several methods": [
    ["POST", "/myaction", 200, "you sent a POST"],
    ["DELETE", "/myaction", 405, "Error 405"],
    ["DELETE", "/items/7", 200, "gone: 7"],
    ["GET", "/items/7", 200, "here: 7"],
  ],
  "Parameters and wildcards": [
    ["GET", "/search/here?q=tea", 200, "here: tea"],
    ["GET", "/search/here", 200, "here: all"],
    ["GET", "/download/a.txt", 200, "file a, ending txt"],
    ["GET", "/tags/a/b%20c", 200, "a and b c"],
  ],
  "Before hooks": [
    ["GET", "/", 200, "Hi there"],
    ["GET", "/private/keys", 302, "/login"],
    ["GET", "/%70rivate/keys", 302, "/login"],
  ],
  "A default route": [
    ["GET", "/known", 200, "known"],
    ["POST", "/a/b", 404, "there is nothing at /a/b"],
  ],
  "Pages without routes": [
    ["GET", "/", 200, "home"],
    ["GET", "/about", 200, "<p>About /about</p>"],
    ["GET", "/help", 200, "<p>Help</p>"],
    ["GET", "/help/", 200, "<p>Help</p>"],
    ["GET", "/layouts/main", 404, "Error 404"],
  ],
  "A prefix for a part of the app": [
    ["GET", "/home/", 200, "home"],
    ["GET", "/home/page", 200, "home, page"],
    ["GET", "/", 200, "top"],
  ],
  "Sessions and logging in": [
    ["GET", "/", 302, "/login"],
    ["POST", "/login", 302, "/login?failed=1", { body: "user=bob&password=x", type: form }],
    ["POST", "/login", 302, "/", { body: "user=bob&password=letmein", type: form }],
    ["GET", "/", 200, "Hello bob"],
    ["POST", "/logout", 302, "/login"],
    ["GET", "/", 302, "/login"],
  ],
  "Everything in a session": [
    ["GET", "/all", 200, "{}"],
    ["GET", "/set/a/1", 200, "set"],
    ["GET", "/set/b/%C3%BC", 200, "set"],
    ["GET", "/all", 200, '"b": "ü"'],
    ["GET", "/keys", 200, "a b"],
  ],
  "Views and layouts": [
    ["GET", "/hello/%3Cb%3E", 200, "<p>Hello &lt;b&gt;</p>"],
    ["GET", "/hello/x", 200, '<title>My app</title><link href="/style.css"'],
    ["GET", "/bare/x", 200, "<p>Hello x</p>"],
  ],
  "Settings of your own, and logging": [["GET", "/", 200, "pages of 20"]],
  Environments: [["GET", "/", 200, "development: nobody@shop.test"]],
  "A REST application": [
    ["GET", "/users/1", 200, '"name": "Ada"'],
    ["GET", "/users/9", 404, '"error": "no such user"'],
    ["POST", "/users", 201, '"id": "2"', { body: '{"name":"é"}', type: "application/json" }],
    ["POST", "/users", 400, "error", { body: "{", type: "application/json" }],
    ["GET", "/users/2", 200, '"name": "é"'],
    ["DELETE", "/users/2", 200, '"deleted": true'],
    ["GET", "/users/2", 404, "no such user"],
  ],
  Ajax: [
    ["GET", "/items", 200, "the page of items"],
    ["GET", "/items", 200, "<items/>", { headers: { "x-requested-with": "XMLHttpRequest" } }],
  ],
  Middleware: [["GET", "/", 200, "x"]],
  "Middleware for a part of the app": [["GET", "/admin/keys", 200, "keys"]],
};

describe("the cookbook", () => {
  it("has steps here for each of its snippets", () => {
    expect(headings.toSorted()).toEqual(Object.keys(steps).toSorted());
  });

  it.each(Object.keys(steps))("%s", async (heading) => {
    const jar = new Map<string, string>();
    for (const [method, path, status, says, options] of steps[heading] ?? []) {
      const answer = await page.ask(heading, method, path, { jar, ...options });
      const { location } = answer.headers;
      const place = String(location).replace(page.app(heading).url, "");
      expect([method, path, answer.status]).toEqual([method, path, status]);
      if (location === undefined) expect(answer.text).toContain(says);
      else expect(place).toBe(says);
    }
  });

  it("logs what a handler says, and runs middleware", async () => {
    expect(page.app("Settings of your own, and logging").output()).toContain("page size is 20");
    expect((await page.ask("Middleware", "GET", "/")).headers["x-served-by"]).toBe("cookbook");
    const part = "Middleware for a part of the app";
    const cached = async (path: string) =>
      (await page.ask(part, "GET", path)).headers["cache-control"];
    expect([await cached("/admin/keys"), await cached("/shop/keys")]).toEqual([
      "no-store",
      undefined,
    ]);
  });

  it("reads settings in a script that does not serve", async () => {
    const heading = "Settings in a script of its own";
    const beside = dirname(page.fileOf("Settings of your own, and logging"));
    writeFile(join(beside, "report.ts"), page.blockOf(heading, "js"));
    const args = ["--import", "tsx", "--conditions=source", join(beside, "report.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: projectDir,
      env: childEnv({}),
    });
    expect(stdout).toBe(`development: pages of 20, in ${beside}\n`);
  });
});
