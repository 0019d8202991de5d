import { describe, expect, it } from "vitest";
import type { App } from "../src/app.ts";
import { auth } from "../src/auth.ts";
import { createApp, engines, visit } from "./support/app.ts";

function define(app: App): void {
  const { login, logout, requireLogin, user, wayBack } = auth(app);
  app.get("/plant", ({ session }) => session("cart", ["apple"]));
  app.post("/login", ({ param, redirect }) => {
    login(param("user") ?? "", param("remember") === "1" ? { remember: "10 days" } : {});
    redirect(wayBack("/home"), 303);
  });
  app.post("/logout", (ctx) => {
    logout(ctx);
    return "bye";
  });
  app.get("/who", (ctx) => `${user() ?? "nobody"} ${user(ctx) ?? "nobody"}`);
  app.get("/cart", ({ session }) => session("cart") ?? []);
  app.get("/back", (ctx) => wayBack("/home", ctx));
  const secret = requireLogin(({ request }) => `secret ${request.path}`);
  app.any("/secret", secret);
  app.get(
    "/users/:id",
    requireLogin((ctx) => ctx.param("id")),
  );
  app.hook("before", (ctx) =>
    ctx.request.path.startsWith("/admin/") ? requireLogin(() => undefined)(ctx) : undefined,
  );
  app.get("/admin/keys", () => "keys");
}

describe.each(engines)("login with the %s engine", (session) => {
  it("SEC-404 gives the session a new id by itself: a planted cookie is not logged in", async () => {
    const app = createApp({ session }, define);
    const attacker = visit(app);
    await attacker.get("/plant");
    const victim = visit(app);
    victim.jar.replaceBy(attacker.jar);
    await victim.post("/login", { form: { user: "ada" } });
    expect((await victim.get("/who")).text).toBe("ada ada");
    expect((await victim.get("/cart")).json).toEqual(["apple"]);
    expect((await attacker.get("/who")).text).toBe("nobody nobody");
    await attacker.post("/login", { form: { user: "eve" } });
    expect((await victim.get("/who")).text).toBe("ada ada");
  });

  it("SEC-302 lets the life of the session begin anew, and outlive the browser where asked", async () => {
    const app = createApp({ session, session_lifetime: "20 days" }, define);
    const client = visit(app);
    await client.get("/plant");
    const plain = await client.post("/login", { form: { user: "ada" } });
    expect(plain.setCookies.join()).not.toContain("Max-Age");
    const kept = await client.post("/login", { form: { user: "ada", remember: "1" } });
    expect(kept.setCookies.join()).toContain("Max-Age=");
    for (let logins = 0; logins < 3; logins += 1) {
      client.clock.advance("9 days");
      expect((await client.get("/who")).text).toBe("ada ada");
      await client.post("/login", { form: { user: "ada", remember: "1" } });
    }
    const short = await client.post("/login", { form: { user: "ada" } });
    expect(short.setCookies.join()).not.toContain("Max-Age");
  });

  it("SEC-405 ends with logout: data, id and cookie are gone", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    await client.get("/plant");
    await client.post("/login", { form: { user: "ada" } });
    expect((await client.post("/logout")).text).toBe("bye");
    expect(client.jar.names).toEqual([]);
    expect((await client.get("/who")).text).toBe("nobody nobody");
    expect((await client.get("/cart")).json).toEqual([]);
  });

  it("refuses a user without a name", async () => {
    const client = visit(createApp({ session }, define));
    expect((await client.post("/login", { form: { user: "" } })).status).toBe(500);
    expect((await client.get("/who")).text).toBe("nobody nobody");
  });
});

describe("pages for users who have logged in", () => {
  it("send others to the login page, and back to the page asked for", async () => {
    const client = visit(createApp({}, define));
    const asked = await client.get("/secret?page=2&q=a%20b");
    expect([asked.status, asked.text.includes("secret /")]).toEqual([303, false]);
    const login = new URL(asked.header("location")!);
    expect(login.pathname).toBe("/login");
    const into = await client.post(login.pathname + login.search, { form: { user: "ada" } });
    expect([into.status, into.header("location")]).toEqual([
      303,
      "https://app.test/secret?page=2&q=a%20b",
    ]);
    expect((await client.get("/secret")).text).toBe("secret /secret");
    expect((await client.get("/users/7")).text).toBe("7");
  });

  it("are guarded by a hook as well", async () => {
    const client = visit(createApp({}, define));
    const asked = await client.get("/admin/keys");
    expect([asked.status, asked.header("location")]).toEqual([
      303,
      "https://app.test/login?return_to=%2Fadmin%2Fkeys",
    ]);
    await client.post("/login", { form: { user: "ada" } });
    expect((await client.get("/admin/keys")).text).toBe("keys");
  });

  it("lead a form that came without a login to the plain login page", async () => {
    const reply = await visit(createApp({}, define)).post("/secret", { form: { a: "1" } });
    expect([reply.status, reply.header("location")]).toEqual([303, "https://app.test/login"]);
  });

  it("say 401 to scripts, which want no page", async () => {
    const client = visit(createApp({}, define));
    const reply = await client.get("/secret", { headers: { accept: "application/json" } });
    expect([reply.status, reply.header("www-authenticate")]).toEqual([401, "Session"]);
    expect(reply.text).not.toContain("secret /");
  });

  it("have their login page where the settings say", async () => {
    const client = visit(createApp({ plugins: { Auth: { login_page: "/door" } } }, define));
    const location = (await client.get("/secret")).header("location");
    expect(location).toBe("https://app.test/door?return_to=%2Fsecret");
  });
});

describe("the way back after a login", () => {
  it.each([
    "https://evil.test/",
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "\t//evil.test",
    " //evil.test",
    "javascript:alert(1)",
    "evil.test",
    "",
    "/\u0000",
    "///evil.test",
  ])("SEC-808 is never %j", async (target) => {
    const client = visit(createApp({}, define));
    const path = `/back?return_to=${encodeURIComponent(target)}`;
    expect((await client.get(path)).text).toBe("/home");
    const form = { user: "ada", return_to: target };
    const reply = await client.post("/login", { form });
    expect(reply.header("location")).toBe("https://app.test/home");
  });

  it.each(["/", "/a/b?c=d&e=%2F%2F", "/é", "/a//b", "/a\\b", "/?u=https://evil.test"])(
    "SEC-808 may be %j, a path of the app",
    async (target) => {
      const client = visit(createApp({}, define));
      const path = `/back?return_to=${encodeURIComponent(target)}`;
      expect((await client.get(path)).text).toBe(target);
    },
  );
});
