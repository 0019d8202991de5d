/** docs/dancr.md: its files make a blog that does what the page says. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { request } from "undici";
import { projectDir, runApp, type RunningApp } from "./support/run-app.ts";
import { writeFile } from "./support/snippets.ts";

const page = readFileSync(join(projectDir, "docs/dancr.md"), "utf8");
const folder = mkdtempSync(join(projectDir, "test/tmp-dancr-"));
let blog: RunningApp;

beforeAll(async () => {
  for (const [, name = "", text = ""] of page.matchAll(
    /^\*\*(\S+)\*\*\n\n```\w+\n([\s\S]*?)^```$/gm,
  )) {
    writeFile(join(folder, name), text);
  }
  blog = await start();
}, 60_000);

afterAll(async () => {
  await blog.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the blog of Dancer's tutorial", () => {
  const jar = new Map<string, string>();

  it("shows that there is nothing, to somebody who is not logged in", async () => {
    const home = await ask("/");
    expect(home.text).toContain("No entries here so far");
    expect(home.text).toContain(`<a href="${blog.url}/login">log in</a>`);
    expect(home.text).not.toContain("<form");
  });

  it("takes no entry from somebody who is not logged in", async () => {
    expect((await ask("/add", { title: "a", text: "b" })).status).toBe(401);
  });

  it.each([
    [{ username: "root", password: "secret" }, "Invalid username"],
    [{ username: "admin", password: "wrong" }, "Invalid password"],
    [{}, "Invalid username"],
  ])("refuses the login %j", async (fields: Readonly<Record<string, string>>, says) => {
    const answer = await ask("/login", fields);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(`<strong>Error:</strong> ${says}`);
  });

  it("lets one log in, and says so once", async () => {
    const answer = await ask("/login", { username: "admin", password: "secret" });
    expect([answer.status, answer.location]).toEqual([302, `${blog.url}/`]);
    expect((await ask("/")).text).toContain("You are logged in.");
    const again = (await ask("/")).text;
    expect(again).not.toContain("You are logged in.");
    expect(again).toContain('class="add-entry"');
  });

  it("shows entries, the newest first and escaped", async () => {
    await ask("/add", { title: "First", text: "<script>alert(1)</script>" });
    await ask("/add", { title: "Second €", text: "ü" });
    const { text } = await ask("/");
    expect(text).toContain("New entry posted!");
    expect(text.indexOf("Second €")).toBeLessThan(text.indexOf("First"));
    expect(text).toContain("&lt;script&gt;");
    expect(text).not.toContain("<script>");
  });

  it("refuses a form of another site", async () => {
    const answer = await ask("/add", { title: "x", text: "y" }, "https://evil.test");
    expect(answer.status).toBe(403);
  });

  it("lets one log out, and says so", async () => {
    expect((await ask("/logout", {})).status).toBe(302);
    expect((await ask("/")).text).toContain("You are logged out.");
    expect((await ask("/add", { title: "a", text: "b" })).status).toBe(401);
  });

  it("serves the style sheet", async () => {
    expect((await ask("/css/style.css")).text).toContain(".flash");
  });

  it("keeps the entries over a restart", async () => {
    await blog.stop();
    blog = await start();
    expect((await ask("/")).text).toContain("Second €");
  });

  it("does not start without a password", async () => {
    await expect(runApp(join(folder, "app.ts"))).rejects.toThrow(
      "the password of the one who writes",
    );
  });

  async function ask(
    path: string,
    fields?: Readonly<Record<string, string>>,
    origin = blog.url,
  ): Promise<{ status: number; text: string; location: string | undefined }> {
    const answer = await request(blog.url + path, {
      method: fields === undefined ? "GET" : "POST",
      headers: {
        cookie: [...jar].map((pair) => pair.join("=")).join("; "),
        ...(fields && { origin, "content-type": "application/x-www-form-urlencoded" }),
      },
      body: fields === undefined ? null : new URLSearchParams(fields).toString(),
    });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers["location"] as string | undefined;
    return { status: answer.statusCode, text: await answer.body.text(), location };
  }
});

function start(): Promise<RunningApp> {
  return runApp(join(folder, "app.ts"), { DANCR_PASSWORD: "secret" });
}
