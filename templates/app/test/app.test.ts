import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "quickstep/testing";
import { app } from "../app.ts";

const password = "correct horse battery";

test("shows its front page, and a way in", async () => {
  const page = await createClient(app).get("/");
  assert.equal(page.status, 200);
  assert.equal(page.header("content-type"), "text/html; charset=utf-8");
  assert.match(page.text, /href="\/signup"/);
});

test("answers who asks for its health, without a session", async () => {
  const health = await createClient(app).get("/health");
  assert.deepEqual([health.status, health.json], [200, { status: "ok" }]);
  assert.deepEqual(health.setCookies, []);
});

test("signs up, logs out and logs in", async () => {
  const visitor = createClient(app, { follow: true });
  const welcome = await visitor.post("/signup", { form: { name: "ada", password } });
  assert.match(welcome.text, /Welcome, ada\./);
  assert.match((await visitor.get("/account")).text, /Hello, ada/);

  const goodbye = await visitor.post("/logout");
  assert.match(goodbye.text, /You are logged out\./);
  assert.match((await visitor.get("/account")).text, /<h1>Log in<\/h1>/);

  const refused = await visitor.post("/login", { form: { name: "ada", password: "wrong" } });
  assert.equal(refused.status, 401);
  const again = await visitor.post("/login", { form: { name: "ada", password } });
  assert.match(again.text, /Good to see you, ada\./);
});

test("says what is wrong with a sign-up, and keeps what was typed", async () => {
  const visitor = createClient(app);
  const short = await visitor.post("/signup", { form: { name: "<b>grace", password: "short" } });
  assert.equal(short.status, 422);
  assert.match(short.text, /value="&lt;b&gt;grace"/);
  await visitor.post("/signup", { form: { name: "grace", password } });
  const taken = await visitor.post("/signup", { form: { name: "grace", password } });
  assert.match(taken.text, /The name grace is taken\./);
});

test("shows the account page to nobody else", async () => {
  const page = await createClient(app).get("/account");
  const login = "https://app.test/login?return_to=%2Faccount";
  assert.deepEqual([page.status, page.header("location")], [303, login]);
});

test("keeps the session in a cookie that scripts, plain http and other sites do not get", async () => {
  const visitor = createClient(app);
  const reply = await visitor.post("/signup", { form: { name: "mary", password } });
  const [cookie = ""] = reply.setCookies;
  assert.match(cookie, /^__Host-quickstep\.session=/);
  assert.match(cookie, /; Path=\//);
  assert.match(cookie, /; HttpOnly/);
  assert.match(cookie, /; Secure/);
  assert.match(cookie, /; SameSite=Lax/);
  assert.doesNotMatch(cookie, /; Domain/);
  assert.doesNotMatch(cookie, /mary/);
  assert.equal(reply.header("cache-control"), "no-store");
});

test("gives a new session at every login, so that a planted one is worth nothing", async () => {
  const visitor = createClient(app);
  await visitor.setSession({});
  const thief = visitor.copy();
  await visitor.post("/signup", { form: { name: "joan", password } });
  assert.equal((await visitor.get("/account")).status, 200);
  assert.equal((await thief.get("/account")).status, 303);
});

test("takes forms from its own pages only", async () => {
  const visitor = createClient(app);
  const page = (await visitor.get("/signup")).text;
  const token = /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const silent = { origin: "" };
  const own = { name: "tim", password, csrf_token: token };
  const bare = { name: "tim", password };
  assert.equal((await visitor.post("/signup", { form: bare, headers: silent })).status, 403);
  assert.equal((await visitor.post("/signup", { form: own, headers: silent })).status, 303);
  const form = { name: "eve", password };
  const headers = { "sec-fetch-site": "cross-site" };
  assert.equal((await createClient(app).post("/signup", { form, headers })).status, 403);
});

for (const [what, path, status] of [
  ["page", "/", 200],
  ["error", "/nowhere", 404],
  ["redirect", "/account", 303],
  ["file", "/style.css", 200],
] as const) {
  test(`sends its security headers with the ${what}`, async () => {
    const reply = await createClient(app).get(path);
    assert.equal(reply.status, status);
    assert.equal(reply.header("x-content-type-options"), "nosniff");
    assert.equal(reply.header("referrer-policy"), "same-origin");
    assert.match(reply.header("content-security-policy") ?? "", /default-src 'self'/);
    assert.match(reply.header("content-security-policy") ?? "", /frame-ancestors 'none'/);
    for (const [name, value] of reply.pairs) {
      assert.doesNotMatch(
        `${name}: ${value}`,
        /^(?:server|x-powered-by):|quickstep\/|\d+\.\d+\.\d+/i,
      );
    }
  });
}
