import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnv, projectDir, runApp, type RunningApp } from "./support/run-app.ts";
import { cliScript } from "./support/run-cli.ts";

const password = "correct horse battery";
const cookieName = "__Host-quickstep.session";

let app: RunningApp;

beforeAll(async () => {
  app = await runApp(join(projectDir, "example-app/start.ts"), {
    NODE_ENV: "test",
    SESSION_COOKIE_KEY: "a throw-away key for the tests of the example app",
  });
}, 30_000);

afterAll(async () => {
  expect(await app.stop()).toBe(0);
});

/** A browser reduced to its cookies. */
class Visitor {
  readonly cookies = new Map<string, string>();

  async send(
    method: "GET" | "POST" | "DELETE" | "PUT",
    path: string,
    options: { form?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const { form } = options;
    const origin = method === "GET" ? {} : { origin: app.url };
    const answer = await request(app.url + path, {
      method,
      headers: {
        ...origin,
        ...(cookie !== "" && { cookie }),
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...options.headers,
      },
      body: form === undefined ? null : new URLSearchParams(form).toString(),
    });
    const setCookies = [answer.headers["set-cookie"] ?? []].flat();
    for (const text of setCookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (/max-age=0/i.test(text)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      setCookies,
      text: await answer.body.text(),
    };
  }

  get(path: string, headers: Record<string, string> = {}) {
    return this.send("GET", path, { headers });
  }

  post(path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) {
    return this.send("POST", path, { form, headers });
  }

  async signUp(name: string): Promise<this> {
    const { status } = await this.post("/signup", { name, password });
    expect(status).toBe(303);
    return this;
  }

  async user(): Promise<string | undefined> {
    return /Logged in as ([^"]+)/.exec((await this.get("/login")).text)?.[1];
  }

  async visit(): Promise<number> {
    return Number(/visit (\d+)/.exec((await this.get("/")).text)?.[1]);
  }
}

describe("pages", () => {
  it("shows the board with headers that allow no script", async () => {
    const { status, headers, text } = await new Visitor().get("/");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(text).toContain("XAES-256-GCM");
    expect(text).not.toContain("<script");
  });

  it("counts the visits of each visitor apart", async () => {
    const [one, other] = [new Visitor(), new Visitor()];
    expect(await one.visit()).toBe(1);
    expect(await one.visit()).toBe(2);
    expect(await one.visit()).toBe(3);
    expect(await other.visit()).toBe(1);
  });

  it("sends the style sheet, and 304 to who has it", async () => {
    const first = await new Visitor().get("/style.css");
    expect(first.headers["content-type"]).toBe("text/css; charset=utf-8");
    expect(first.setCookies).toEqual([]);
    const again = await new Visitor().get("/style.css", {
      "if-none-match": String(first.headers["etag"]),
    });
    expect(again.status).toBe(304);
  });

  it("answers with its own page where there is nothing", async () => {
    for (const path of ["/nowhere", "/links/4711", "/links/x"]) {
      const { status, text } = await new Visitor().get(path);
      expect(status).toBe(404);
      expect(text).toContain("Nobody left a light on here.");
    }
  });

  it("names the methods of a page that does not take this one", async () => {
    const { status, headers } = await new Visitor().send("PUT", "/login");
    expect(status).toBe(405);
    expect(headers["allow"]).toContain("POST");
  });

  it("offers the links as a file", async () => {
    const { headers, text } = await new Visitor().get("/export");
    expect(headers["content-disposition"]).toBe('attachment; filename="lantern.md"');
    expect(text).toMatch(/^# Lantern\n\n- \[.+\]\(<https:/);
  });

  it("tells the address of a link", async () => {
    expect((await new Visitor().get("/links/1")).text).toContain(`${app.url}/links/1`);
  });
});

describe("accounts", () => {
  it("signs up, logs out and logs in", async () => {
    const visitor = await new Visitor().signUp("ken");
    expect(await visitor.user()).toBe("ken");
    const out = await visitor.post("/logout");
    expect(out.status).toBe(303);
    expect(await visitor.user()).toBeUndefined();
    const back = await visitor.post("/login", { name: "ken", password });
    expect(back.status).toBe(303);
    expect(back.headers["location"]).toBe(`${app.url}/`);
    expect(await visitor.user()).toBe("ken");
  });

  it("forgets the visits at logout", async () => {
    const visitor = await new Visitor().signUp("dennis");
    await visitor.visit();
    await visitor.visit();
    await visitor.post("/logout");
    expect(await visitor.visit()).toBe(1);
  });

  it("does not log in a cookie that was planted before the login", async () => {
    const attacker = new Visitor();
    await attacker.visit();
    const planted = attacker.cookies.get(cookieName);
    expect(planted).toBeDefined();
    const victim = new Visitor();
    victim.cookies.set(cookieName, planted ?? "");
    await victim.signUp("brian");
    expect(victim.cookies.get(cookieName)).not.toBe(planted);
    expect(await victim.user()).toBe("brian");
    expect(await attacker.user()).toBeUndefined();
  });

  it("takes a cookie changed by one character for no session", async () => {
    const visitor = await new Visitor().signUp("rob");
    const value = visitor.cookies.get(cookieName) ?? "";
    visitor.cookies.set(
      cookieName,
      value.slice(0, -8) + (value.at(-8) === "A" ? "B" : "A") + value.slice(-7),
    );
    expect(await visitor.user()).toBeUndefined();
    expect((await visitor.get("/")).status).toBe(200);
  });

  it("keeps scripts, other sites and plain http away from the cookie", async () => {
    const { setCookies, headers } = await new Visitor().get("/");
    expect(setCookies).toHaveLength(1);
    const attributes = setCookies[0]?.split("; ").slice(1);
    expect(attributes).toEqual(
      expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]),
    );
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["vary"]).toBe("Cookie");
  });

  it("answers a wrong name like a wrong password", async () => {
    await new Visitor().signUp("barbara");
    const wrong = await new Visitor().post("/login", { name: "barbara", password: "not this one" });
    const unknown = await new Visitor().post("/login", { name: "barbarb", password });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    // Each page has a token of its own, as long as any other.
    const shown = (text: string): string => text.replace(/value="[\w-]{86}"/, 'value="…"');
    expect(shown(wrong.text).replace("barbara", "barbarb")).toBe(shown(unknown.text));
  });

  it.each([
    ["a name that is taken", "ADA", password, "is taken"],
    ["a name that is none", "<b>", password, "begins with a letter"],
    ["a short password", "edsger", "short", "at least 10"],
    ["an endless password", "edsger", "x".repeat(201), "at most 200"],
  ])("refuses %s", async (_what, name, secret, reason) => {
    const { status, text } = await new Visitor().post("/signup", { name, password: secret });
    expect(status).toBe(422);
    expect(text).toContain(reason);
    expect(text).not.toContain("<b>");
  });
});

describe("flash messages", () => {
  it("show once", async () => {
    const visitor = await new Visitor().signUp("alan");
    expect((await visitor.get("/")).text).toContain("Welcome, alan.");
    expect((await visitor.get("/")).text).not.toContain("Welcome, alan.");
  });
});

describe("links", () => {
  it("are posted by who has logged in", async () => {
    const stranger = new Visitor();
    const refused = await stranger.post("/links", { url: "https://example.org", title: "Mine" });
    expect(refused.headers["location"]).toBe(`${app.url}/login`);
    const asked = await stranger.get("/post");
    expect(asked.headers["location"]).toBe(`${app.url}/login?return_to=%2Fpost`);
    const visitor = await new Visitor().signUp("margaret");
    await visitor.post("/logout");
    const login = await visitor.post("/login?return_to=%2Fpost", { name: "margaret", password });
    expect(login.headers["location"]).toBe(`${app.url}/post`);

    const posted = await visitor.post("/links", { url: "https://example.org", title: "Mine" });
    expect(posted.status).toBe(303);
    expect((await visitor.get("/")).text).toContain("Mine");
  });

  it("show markup as text", async () => {
    const visitor = await new Visitor().signUp("tony");
    const title = `<script>alert("1")</script>`;
    await visitor.post("/links", { url: 'https://example.org/?a=1&b="', title, note: "<i>&" });
    const { text } = await visitor.get("/");
    expect(text).not.toContain("<script");
    expect(text).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(text).toContain("&lt;i&gt;&amp;");
  });

  it.each([
    ["javascript:alert(1)", "A title", "must begin with https"],
    ["not an address", "A title", "must begin with https"],
    ["https://example.org", " ", "needs a title"],
    ["https://example.org", "x".repeat(121), "more than 120"],
  ])("refuse %s with the title %s and keep the form", async (url, title, reason) => {
    const visitor = await new Visitor().signUp(`form-${String(++forms)}`);
    const { status, text } = await visitor.post("/links", { url, title, note: "kept" });
    expect(status).toBe(422);
    expect(text).toContain(reason);
    expect(text).toContain("kept</textarea>");
    expect(text).toContain(`value="${url}"`);
  });

  it("take one vote per session", async () => {
    const visitor = new Visitor();
    const votes = async (): Promise<unknown> =>
      (JSON.parse((await visitor.get("/api/links/5")).text) as { votes: unknown }).votes;
    const before = await votes();
    await visitor.post("/links/5/vote");
    await visitor.post("/links/5/vote");
    expect(await votes()).toBe(Number(before) + 1);
  });

  it("are deleted by their posters only", async () => {
    const owner = await new Visitor().signUp("guido");
    await owner.post("/links", { url: "https://example.org/own", title: "Guido's own" });
    const list = JSON.parse((await owner.get("/api/links")).text) as { id: number; by: string }[];
    const id = list.find(({ by }) => by === "guido")?.id;
    const other = await new Visitor().signUp("larry");
    expect((await other.post(`/links/${String(id)}/delete`)).status).toBe(403);
    expect((await new Visitor().send("DELETE", `/api/links/${String(id)}`)).status).toBe(403);
    const gone = await owner.send("DELETE", `/api/links/${String(id)}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await owner.get(`/links/${String(id)}`)).status).toBe(404);
  });
});

describe("forms", () => {
  it.each([
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["origin", "https://evil.example"],
    ["origin", "null"],
  ])("are refused from elsewhere: %s: %s", async (name, value) => {
    const visitor = await new Visitor().signUp(`csrf-${String(++forms)}`);
    const { status } = await visitor.post("/logout", {}, { [name]: value });
    expect(status).toBe(403);
    expect(await visitor.user()).toBeDefined();
  });

  it("are taken with their token where the browser tells nothing", async () => {
    const visitor = await new Visitor().signUp("frances");
    const page = (await visitor.get("/")).text;
    const token = /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const silent = { origin: "" };
    expect((await visitor.post("/logout", {}, silent)).status).toBe(403);
    expect((await visitor.post("/logout", { csrf_token: token }, silent)).status).toBe(303);
  });

  it("are taken from the board's own pages", async () => {
    const visitor = await new Visitor().signUp("donald");
    const own = { "sec-fetch-site": "same-origin", origin: app.url };
    expect((await visitor.post("/logout", {}, own)).status).toBe(303);
  });

  it("end at their limit", async () => {
    const { status } = await new Visitor().post("/login", { name: "x".repeat(70_000) });
    expect(status).toBe(413);
  });
});

describe("the JSON endpoint", () => {
  it("lists the links and uses no session", async () => {
    const visitor = new Visitor();
    await visitor.visit();
    const { headers, setCookies, text } = await visitor.get("/api/links");
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(headers["vary"]).toBeUndefined();
    expect(setCookies).toEqual([]);
    const links = JSON.parse(text) as Record<string, unknown>[];
    expect(links.find(({ id }) => id === 2)).toMatchObject({
      title: "XAES-256-GCM",
      page: `${app.url}/links/2`,
    });
  });

  it("says 404 in JSON to who asks for JSON", async () => {
    const answer = await new Visitor().get("/api/links/4711", { accept: "application/json" });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 404 });
  });
});

it("passes its own tests", async () => {
  const tests = join(projectDir, "example-app/test/board.test.ts");
  const args = ["--import", "tsx", "--conditions=source", "--test", tests];
  const options = { cwd: projectDir, env: childEnv() };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  expect(stdout).toMatch(/pass [1-9]/);
  expect(stdout).toMatch(/fail 0/);
});

describe("npm start", () => {
  const folder = mkdtempSync(join(projectDir, "test/tmp-example-app-"));
  const script = join(folder, "start.ts");
  const dev = (): Promise<RunningApp> => runApp(cliScript, {}, ["dev", folder]);

  cpSync(join(projectDir, "example-app"), folder, {
    recursive: true,
    filter: (file) => !file.endsWith(".env"),
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("refuses to start in production without a key", async () => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=source", script, "--port", "0"],
      {
        cwd: projectDir,
        env: childEnv({ NODE_ENV: "production" }),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(1);
    expect(output).toContain("SESSION_COOKIE_KEY");
  });

  it("makes a key once, in development, readable by its owner only", async () => {
    const first = await dev();
    expect(first.output()).toMatch(/made .*\.env with a new key/);
    expect(await first.stop()).toBe(0);
    const file = join(folder, ".env");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const made = readFileSync(file, "utf8");
    expect(made).toMatch(/^SESSION_COOKIE_KEY=hex:[0-9a-f]{64}\n$/);
    expect(first.output()).not.toContain(made.slice(-20, -1));

    const second = await dev();
    expect(second.output()).not.toContain("made ");
    await second.stop();
    expect(readFileSync(file, "utf8")).toBe(made);
  });
});

let forms = 0;
