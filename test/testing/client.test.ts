import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { App } from "../../src/app.ts";
import { createSimpleStore } from "../../src/engines/session/simple.ts";
import type { SessionStore, SessionStoreOptions } from "../../src/engines/session/store.ts";
import { createClient } from "../../src/testing/index.ts";
import { childEnv, projectDir } from "../support/run-app.ts";
import { tempFolder } from "../support/app.ts";

/** An app as its author wrote it: nothing in it is meant for tests. */
function shop(settings: Readonly<Record<string, unknown>> = { session: "cookie" }): App {
  const app = new App({ appdir: tempFolder(), settings });
  app.hook("before", ({ request, session, redirect }) => {
    if (request.path.startsWith("/private") && session("user") === undefined) redirect("/login");
  });
  app.get("/login", () => "who are you?");
  app.post("/login", ({ session, param, redirect }) => {
    session("user", param("user"));
    return redirect("/private/cart", 303);
  });
  app.get("/private/cart", ({ session }) => `cart of ${String(session("user"))}`);
  app.any("/echo", ({ request }) => ({
    method: request.method,
    uri: request.uri,
    type: request.contentType ?? null,
    body: request.body,
    secure: request.secure,
    host: request.host,
    agent: request.userAgent ?? null,
  }));
  app.post("/again", ({ redirect }) => redirect("/echo", 307));
  app.get("/loop", ({ redirect }) => redirect("/loop"));
  app.get("/away", ({ redirect }) => redirect("https://elsewhere.test/"));
  app.get("/warn", ({ warning, settings }) => {
    warning("so it goes");
    return settings.environment;
  });
  return app;
}

describe("createClient()", () => {
  it("follows redirects where asked, and gives them as they come otherwise", async () => {
    const client = createClient(shop());
    const reply = await client.post("/login", { form: { user: "ada" } });
    expect([reply.status, reply.header("Location")]).toEqual([
      303,
      "https://app.test/private/cart",
    ]);
    expect((await client.follow(reply)).text).toBe("cart of ada");
    const landed = await createClient(shop(), { follow: true }).post("/login", {
      form: { user: "ken" },
    });
    expect([landed.text, landed.url]).toEqual(["cart of ken", "https://app.test/private/cart"]);
  });

  it("repeats method and body after 307, leaves alone what leads elsewhere, and ends loops", async () => {
    const client = createClient(shop({ session: null }), { follow: true });
    expect((await client.post("/again", { json: { a: 1 } })).json).toMatchObject({
      method: "POST",
      type: "application/json",
      body: '{"a":1}',
    });
    expect((await client.get("/away")).header("location")).toBe("https://elsewhere.test/");
    await expect(client.get("/loop")).rejects.toMatchObject({ code: "too-many-redirects" });
  });

  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "sends %s with a body",
    async (method) => {
      const client = createClient(shop({ session: null }), { headers: { "user-agent": "Lynx" } });
      const reply = await client.request(method, "/echo?a=%2F..", { body: "some text" });
      expect(reply.json).toMatchObject({ method, uri: "/echo?a=%2F..", body: "some text" });
      expect(reply.json).toMatchObject({ secure: true, host: "app.test", agent: "Lynx" });
    },
  );

  it("has a method for each verb, and encodes what a path cannot carry", async () => {
    const client = createClient(shop({ session: null }), { origin: "http://localhost:8080" });
    const replies = [
      await client.get("/echo?q=a b é"),
      await client.put("/echo"),
      await client.patch("/echo"),
      await client.del("/echo"),
    ];
    expect(replies.map(({ json }) => (json as { method: string }).method)).toEqual([
      "GET",
      "PUT",
      "PATCH",
      "DELETE",
    ]);
    expect(replies[0]?.json).toMatchObject({ uri: "/echo?q=a%20b%20%C3%A9", secure: false });
    expect((await client.head("/echo")).text).toBe("");
  });

  it("reads what the app logs, in the environment test", async () => {
    const client = createClient(shop());
    const { text } = await client.get("/warn");
    expect(text).toBe("test");
    expect(client.log.messages("warning")).toEqual(["so it goes"]);
    expect(client.log.read()).toHaveLength(1);
    expect(client.log.entries).toEqual([]);
  });

  it("refuses an app that has started with a clock and a log of its own", async () => {
    const app = shop({ session: null });
    await app.start();
    expect(() => createClient(app)).toThrow(
      expect.objectContaining({ code: "client-too-late" }) as Error,
    );
  });

  it("is one visitor of several, who share app and clock but no cookies", async () => {
    const app = shop();
    const [one, other] = [createClient(app), createClient(app)];
    await one.setSession({ user: "ada" });
    expect(await one.port()).toBe(await other.port());
    expect((await one.get("/private/cart")).text).toBe("cart of ada");
    expect((await other.get("/private/cart")).status).toBe(302);
    expect(one.clock).toBe(other.clock);
  });

  it("keeps a clock that the app was made with, and moves it", async () => {
    const app = new App({
      appdir: tempFolder(),
      now: () => 1_000_000,
      settings: { session: null },
    });
    const client = createClient(app);
    client.clock.advance("1 minute");
    expect(client.clock.now()).toBe(1_060_000);
    expect(() => client.clock.advance("soon")).toThrow(/"soon" is not a duration/);
    await client.close();
  });

  it("stops serving when it is closed", async () => {
    const client = createClient(shop());
    const url = `http://127.0.0.1:${await client.port()}/login`;
    expect((await fetch(url)).status).toBe(200);
    await client.close();
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe.each(["cookie", "simple", "waiting"])("a session of the %s engine", (engine) => {
  const make = (): App => {
    const app = shop({ session: engine, session_expires: "1 hour" });
    app.engine("session").register("waiting", createWaitingStore);
    return app;
  };

  it("is minted without the login page, and read", async () => {
    const client = createClient(make());
    expect(await client.session()).toEqual({});
    await client.setSession({ user: "ada", cart: ["tea"] });
    expect((await client.get("/private/cart")).text).toBe("cart of ada");
    expect(await client.session()).toEqual({ user: "ada", cart: ["tea"] });
    await client.setSession({ user: "ken" });
    expect(await client.session()).toEqual({ user: "ken", cart: ["tea"] });
  });

  it("is carried on by copied cookies, until the clock passes its end", async () => {
    const client = createClient(make());
    await client.setSession({ user: "ada" });
    const thief = client.copy();
    client.jar.endBrowser();
    expect((await thief.get("/private/cart")).text).toBe("cart of ada");
    client.clock.advance("61 minutes");
    expect((await thief.get("/private/cart")).status).toBe(302);
  });
});

it("says that sessions are off", async () => {
  await expect(createClient(shop({ session: null })).session()).rejects.toMatchObject({
    code: "session-off",
  });
});

it("runs under node:test, with the app's own config.yml, and holds up no process", async () => {
  const folder = tempFolder({
    "package.json": '{"type":"module"}',
    "config.yml": "session: cookie\nsession_cookie_key: ${SESSION_COOKIE_KEY}\n",
  });
  const url = (file: string): string => JSON.stringify(join(projectDir, "src", file));
  writeFileSync(
    join(folder, "app.test.ts"),
    `import assert from "node:assert/strict";
import { test } from "node:test";
import { app, get, session } from ${url("index.ts")};
import { createClient } from ${url("testing/index.ts")};
get("/", () => "hello " + session("user") + " in " + app.settings.environment);
test("greets", async () => {
  const client = createClient(app);
  await client.setSession({ user: "ada" });
  assert.equal((await client.get("/")).text, "hello ada in test");
});
`,
  );
  const { SESSION_COOKIE_KEY: _key, ...withoutKey } = childEnv();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--test", join(folder, "app.test.ts")],
    { cwd: projectDir, env: withoutKey, timeout: 20_000 },
  ).catch((error: unknown) => error as { stdout: string });
  expect(stdout).toMatch(/pass 1\b/);
});

/** The simple engine as one behind a network is: every operation has to be waited for. */
function createWaitingStore(options: SessionStoreOptions): SessionStore {
  const store = createSimpleStore(options);
  return {
    waits: true,
    open: (cookie, seen) => Promise.resolve(store.open(cookie, seen)),
    save: (record, changes) => Promise.resolve(store.save(record, changes)),
    touch: (record) => Promise.resolve(store.touch(record)),
    destroy: (id) => Promise.resolve(store.destroy(id)),
    close: () => store.close?.(),
  };
}
