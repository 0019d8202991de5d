import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "quickstep/testing";
import { app } from "../app.ts";

test("answers who asks for its health, without a session", async () => {
  const health = await createClient(app).get("/health");
  assert.deepEqual([health.status, health.json], [200, { status: "ok" }]);
  assert.deepEqual(health.setCookies, []);
});

test("keeps, changes and forgets a note", async () => {
  const visitor = createClient(app);
  const made = await visitor.post("/notes", { json: { text: "buy tea" } });
  assert.equal(made.status, 201);
  const path = new URL(made.header("location") ?? "").pathname;
  const { id } = made.json as { id: string };
  assert.deepEqual((await visitor.get(path)).json, { id, text: "buy tea", done: false });

  const changed = await visitor.put(path, { json: { text: "buy tea", done: true } });
  assert.deepEqual(changed.json, { id, text: "buy tea", done: true });
  assert.deepEqual((await visitor.get("/notes")).json, [changed.json]);

  assert.equal((await visitor.del(path)).status, 204);
  assert.equal((await visitor.get(path)).status, 404);
});

test("shows nobody another's notes", async () => {
  const [ada, eve] = [createClient(app), createClient(app)];
  const made = await ada.post("/notes", { json: { text: "a secret" } });
  await eve.post("/notes", { json: { text: "mine" } });
  const path = new URL(made.header("location") ?? "").pathname;
  assert.equal((await eve.get(path)).status, 404);
  assert.equal((await eve.del(path)).status, 404);
  assert.doesNotMatch((await eve.get("/notes")).text, /a secret/);
  assert.equal((await ada.get(path)).status, 200);
});

test("says in JSON what is wrong", async () => {
  const visitor = createClient(app);
  for (const [json, status] of [
    [{ text: "" }, 422],
    [{ text: "x".repeat(1001) }, 422],
    [{ text: "x", done: "yes" }, 422],
  ] as const) {
    const reply = await visitor.post("/notes", { json });
    assert.equal(reply.status, status);
    assert.equal(reply.header("content-type"), "application/json; charset=utf-8");
  }
  assert.equal((await visitor.post("/notes", { form: { text: "a form" } })).status, 415);
  const headers = { "content-type": "application/json" };
  assert.equal((await visitor.post("/notes", { body: "{", headers })).status, 400);
  // As curl and fetch ask unless told otherwise.
  const lost = await visitor.get("/nowhere", { headers: { accept: "*/*" } });
  assert.deepEqual([lost.status, (lost.json as { status: number }).status], [404, 404]);
});

test("keeps the session in a cookie that scripts, plain http and other sites do not get", async () => {
  const reply = await createClient(app).post("/notes", { json: { text: "first" } });
  const [cookie = ""] = reply.setCookies;
  assert.match(cookie, /^__Host-quickstep\.session=/);
  assert.match(cookie, /; Path=\//);
  assert.match(cookie, /; HttpOnly/);
  assert.match(cookie, /; Secure/);
  assert.match(cookie, /; SameSite=Lax/);
  assert.doesNotMatch(cookie, /; Domain/);
  assert.equal(reply.header("cache-control"), "no-store");
});

for (const [what, path] of [
  ["answer", "/notes"],
  ["error", "/nowhere"],
] as const) {
  test(`sends its security headers with an ${what}`, async () => {
    const reply = await createClient(app).get(path);
    assert.equal(reply.header("x-content-type-options"), "nosniff");
    assert.equal(reply.header("referrer-policy"), "same-origin");
    assert.match(reply.header("content-security-policy") ?? "", /frame-ancestors 'none'/);
    for (const [name, value] of reply.pairs) {
      assert.doesNotMatch(
        `${name}: ${value}`,
        /^(?:server|x-powered-by):|quickstep\/|\d+\.\d+\.\d+/i,
      );
    }
  });
}
