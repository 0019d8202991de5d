import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";

process.env["NODE_ENV"] = "test";
process.env["SESSION_COOKIE_KEY"] = randomBytes(32).toString("hex");
// The app serves as soon as it is imported: on a free port, says environments/test.yml.
const { server } = await import("../app.ts");

after(() => server.stop());

test("greets by name", async () => {
  const reply = await fetch(`${server.url}/hello/Ada`);
  assert.equal(await reply.text(), "Hello Ada.\n");
});

test("answers who asks for its health, without a session", async () => {
  const reply = await fetch(`${server.url}/health`);
  assert.deepEqual([reply.status, await reply.json()], [200, { status: "ok" }]);
  assert.deepEqual(reply.headers.getSetCookie(), []);
});

test("counts the visits of one visitor", async () => {
  const first = await fetch(server.url);
  const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const second = await fetch(server.url, { headers: { cookie } });
  assert.deepEqual([await first.text(), await second.text()], ["Visit 1.\n", "Visit 2.\n"]);
});

test("keeps the session in a cookie that scripts, plain http and other sites do not get", async () => {
  const [cookie = ""] = (await fetch(server.url)).headers.getSetCookie();
  assert.match(cookie, /^__Host-quickstep\.session=/);
  assert.match(cookie, /; Path=\//);
  assert.match(cookie, /; HttpOnly/);
  assert.match(cookie, /; Secure/);
  assert.match(cookie, /; SameSite=Lax/);
  assert.doesNotMatch(cookie, /; Domain/);
});

for (const [what, path] of [
  ["answer", "/"],
  ["error", "/nowhere"],
] as const) {
  test(`sends its security headers with an ${what}`, async () => {
    const { headers } = await fetch(server.url + path);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "same-origin");
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
    for (const [name, value] of headers) {
      assert.doesNotMatch(
        `${name}: ${value}`,
        /^(?:server|x-powered-by):|quickstep\/|\d+\.\d+\.\d+/i,
      );
    }
  });
}
