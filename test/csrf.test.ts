import { describe, expect, it } from "vitest";
import { App } from "../src/app.ts";
import { csrf } from "../src/csrf.ts";
import { createApp, engines, serve, tempFolder, visit } from "./support/app.ts";

/** An app whose forms are protected, a visitor, and how often a form got through. */
function bench(settings: Readonly<Record<string, unknown>> = {}) {
  let taken = 0;
  const app = createApp(settings, (made) => {
    const { csrfToken, csrfField, csrfExempt } = csrf(made);
    csrfExempt("/webhooks/:name");
    const take = () => {
      taken += 1;
      return "taken";
    };
    for (const path of ["/form", "/webhooks/pay"]) {
      made.get(path, (ctx) => csrfToken(ctx));
      made.any(["post", "put", "patch", "delete"], path, take);
    }
    made.options("/form", () => "options");
    made.get("/field", (ctx) => String(csrfField(ctx)));
    made.get("/ambient", () => csrfToken());
    made.get("/plain", () => "plain");
    made.get("/login", ({ session }) => {
      session().bind("ada");
      return "ok";
    });
    made.get("/sneak", ({ forward }) => forward("/form", {}, { method: "POST" }));
    made.post("/webhooks/relay", ({ forward }) => forward("/form"));
  });
  return { app, client: visit(app), taken: () => taken };
}

const own = "https://app.test";

describe("requests with an unsafe method", () => {
  it.each<[string, string, Record<string, string>, number]>([
    ["the browser says same-origin", "POST", { "sec-fetch-site": "same-origin" }, 200],
    ["the browser says the user began it", "POST", { "sec-fetch-site": "none" }, 200],
    ["the browser says same-site", "POST", { "sec-fetch-site": "same-site" }, 403],
    ["the browser says cross-site", "POST", { "sec-fetch-site": "cross-site" }, 403],
    ["the browser says something new", "POST", { "sec-fetch-site": "nowhere" }, 403],
    [
      "an own Origin does not outweigh cross-site",
      "POST",
      { "sec-fetch-site": "cross-site", origin: own },
      403,
    ],
    ["the Origin is the app's", "POST", { origin: own }, 200],
    ["the Origin is the app's over http", "POST", { origin: "http://app.test" }, 403],
    ["the Origin has another port", "POST", { origin: `${own}:8443` }, 403],
    ["the Origin is a subdomain", "POST", { origin: "https://evil.app.test" }, 403],
    ["the Origin only begins like the app's", "POST", { origin: `${own}.evil.test` }, 403],
    ["the Origin is no URL", "POST", { origin: "app.test" }, 403],
    ["the Origin is null", "POST", { origin: "null" }, 403],
    ["nothing is said", "POST", {}, 403],
    ["nothing is said", "PUT", {}, 403],
    ["nothing is said", "PATCH", {}, 403],
    ["nothing is said", "DELETE", {}, 403],
    ["the method is safe", "GET", { "sec-fetch-site": "cross-site" }, 200],
    ["the method is safe", "HEAD", { origin: "https://evil.test" }, 200],
    ["the method is safe", "OPTIONS", { origin: "https://evil.test" }, 200],
    ["another site is trusted", "POST", { origin: "https://admin.test" }, 200],
    [
      "another site is trusted",
      "POST",
      { "sec-fetch-site": "same-site", origin: "https://admin.test" },
      200,
    ],
  ])("SEC-412 where %s, %s with %j gets %i", async (_what, method, headers, status) => {
    const { client, taken, app } = bench({
      plugins: { CSRF: { trusted_origins: ["https://admin.test"] } },
    });
    const reply = await client.request(method, "/form", { headers: { origin: "", ...headers } });
    expect(reply.status).toBe(status);
    const passes = status === 200 && !["GET", "HEAD", "OPTIONS"].includes(method);
    expect(taken()).toBe(passes ? 1 : 0);
    expect(app.securityEvents.count("csrf-refused")).toBe(status === 403 ? 1 : 0);
  });

  it("SEC-412 are refused before any route is looked at, and tell a stranger nothing", async () => {
    const { app } = bench();
    const reply = await visit(app).post("/nowhere", { headers: { origin: "https://evil.test" } });
    expect(reply.status).toBe(403);
    expect(reply.text).not.toMatch(/origin|token|csrf|plugins/i);
  });

  it("SEC-412 pass where the app lets them, and only there", async () => {
    const { client, taken } = bench();
    const headers = { origin: "https://evil.test" };
    expect((await client.post("/webhooks/pay", { headers })).status).toBe(200);
    expect((await client.post("/webhooks/pay/more", { headers })).status).toBe(403);
    expect((await client.post("/x/webhooks/pay", { headers })).status).toBe(403);
    expect(taken()).toBe(1);
  });

  it("SEC-412 are looked at again when a route forwards to another path", async () => {
    const { client, taken } = bench();
    expect((await client.get("/sneak", { headers: { origin: "" } })).status).toBe(403);
    const headers = { origin: "https://evil.test" };
    expect((await client.post("/webhooks/relay", { headers })).status).toBe(403);
    expect(taken()).toBe(0);
  });

  it("SEC-412 may come over https to a proxy that the settings do not name", async () => {
    const { app } = bench();
    const served = await serve(app);
    const origin = served.url.replace("http:", "https:");
    expect((await served.client.post("/form", { headers: { origin } })).status).toBe(200);
    await served.stop();
  });

  it("say which setting names an origin wrongly", async () => {
    const { client } = bench({ plugins: { CSRF: { trusted_origins: ["admin.test"] } } });
    expect((await client.post("/form")).status).toBe(500);
    expect(client.log.messages("error").join()).toContain(
      'plugins.CSRF.trusted_origins must name origins such as "https://admin.shop.test", got "admin.test"',
    );
  });
});

/** What a program sends, or a browser that tells nothing. */
const bare = { origin: "" };

describe.each(engines)("a token with the %s engine", (session) => {
  it("SEC-412 lets a form through, in a field or a header, for every method", async () => {
    const { client, taken } = bench({ session });
    const token = (await client.get("/form")).text;
    expect(token).toMatch(/^[A-Za-z0-9_-]{86}$/);
    const sent = [
      client.post("/form", { form: { csrf_token: token }, headers: bare }),
      client.post("/form", { json: { csrf_token: token }, headers: bare }),
      client.del("/form", { headers: { ...bare, "x-csrf-token": token } }),
      client.post("/form", { form: { csrf_token: token }, headers: { origin: "null" } }),
    ];
    for (const reply of await Promise.all(sent)) expect(reply.status).toBe(200);
    expect(taken()).toBe(sent.length);
  });

  it("SEC-412 is masked anew each time, and each one is good", async () => {
    const { client } = bench({ session });
    const tokens: string[] = [];
    for (let i = 0; i < 20; i += 1) tokens.push((await client.get("/form")).text);
    expect(new Set(tokens).size).toBe(20);
    expect(new Set(tokens.map((token) => token.slice(0, 8))).size).toBe(20);
    expect(new Set(tokens.map((token) => token.slice(-8))).size).toBe(20);
    for (const token of tokens) {
      const headers = { ...bare, "x-csrf-token": token };
      expect((await client.post("/form", { headers })).status).toBe(200);
    }
  });

  it("SEC-412 is worth nothing with another session, after a login or without a session", async () => {
    const { app, client } = bench({ session });
    const token = (await client.get("/form")).text;
    const other = visit(app);
    await other.get("/form");
    const headers = { ...bare, "x-csrf-token": token };
    expect((await other.post("/form", { headers })).status).toBe(403);
    expect((await visit(app).post("/form", { headers })).status).toBe(403);
    await client.get("/login");
    expect((await client.post("/form", { headers })).status).toBe(403);
    const anew = (await client.get("/form")).text;
    expect(
      (await client.post("/form", { headers: { ...bare, "x-csrf-token": anew } })).status,
    ).toBe(200);
  });

  it("SEC-412 that is empty, short, long or changed never matches", async () => {
    const { app, client, taken } = bench({ session });
    const token = (await client.get("/form")).text;
    const bytes = Buffer.from(token, "base64url");
    const flipped = [0, 31, 32, 63].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy.toString("base64url");
    });
    const junk = ["", "A", "A".repeat(86), "A".repeat(85), token.slice(1), `${token}AA`, "é", " "];
    for (const wrong of [...junk, ...flipped]) {
      for (const who of [client, visit(app)]) {
        const reply = await who.post("/form", { form: { csrf_token: wrong }, headers: bare });
        expect(reply.status, wrong).toBe(403);
      }
    }
    const lists = await client.post("/form", {
      form: { csrf_token: ["", ""] },
      headers: bare,
    });
    expect(lists.status).toBe(403);
    expect(taken()).toBe(0);
  });

  it("SEC-412 is not looked for in the address, where others could see it", async () => {
    const { client } = bench({ session });
    const token = (await client.get("/form")).text;
    const reply = await client.post(`/form?csrf_token=${token}`, { headers: bare });
    expect(reply.status).toBe(403);
  });

  it("needs a session from the moment it is asked for, and no earlier", async () => {
    const { client } = bench({ session });
    expect((await client.get("/plain")).setCookies).toEqual([]);
    expect((await client.get("/ambient")).setCookies).toHaveLength(1);
    expect((await client.get("/ambient")).setCookies).toEqual([]);
    expect(await client.session()).toEqual({});
  });
});

describe("tokens and keys", () => {
  it("SEC-105 come from a key of their own: no other use of the session's secret matches", async () => {
    const secrets: Buffer[] = [];
    const app = createApp({}, (made) => {
      csrf(made);
      made.get("/", ({ session }) => {
        for (const use of ["csrf", "other", "csrf2"]) secrets.push(session().secretFor(use));
        secrets.push(session().secretFor("csrf"), Buffer.from(session().id));
        return session().fingerprint;
      });
      made.post("/", () => "taken");
    });
    const client = visit(app);
    const fingerprint = (await client.get("/")).text;
    const [mine, other, another, again, id] = secrets as [Buffer, Buffer, Buffer, Buffer, Buffer];
    expect(again.equals(mine)).toBe(true);
    const pad = Buffer.alloc(32);
    const post = async (secret: Buffer): Promise<number> => {
      const token = Buffer.concat([pad, secret]).toString("base64url");
      return (await client.post("/", { headers: { ...bare, "x-csrf-token": token } })).status;
    };
    expect(await post(mine)).toBe(200);
    const foreign = [other, another, Buffer.alloc(32), Buffer.concat([id, id]).subarray(0, 32)];
    foreign.push(Buffer.from(fingerprint.repeat(2)));
    for (const secret of foreign) expect(await post(secret)).toBe(403);
  });
});

describe("in templates", () => {
  it.each([
    ["simple", ".tt", "<% csrf_field %>|<% csrf_token %>"],
    ["eta", ".eta", "<%= it.csrf_field() %>|<%= it.csrf_token() %>"],
  ])("the field and the token stand ready for %s", async (template, ending, text) => {
    const appdir = tempFolder({ [`views/form${ending}`]: text, [`views/plain${ending}`]: "plain" });
    const app = createApp(
      { template },
      (made) => {
        csrf(made);
        made.get("/", (ctx) => ctx.template("form"));
        made.get("/plain", (ctx) => ctx.template("plain"));
        made.post("/", () => "taken");
      },
      { appdir },
    );
    const client = visit(app);
    expect((await client.get("/plain")).setCookies).toEqual([]);
    const page = (await client.get("/")).text;
    const [, inField, alone] =
      /^<input type="hidden" name="csrf_token" value="([\w-]{86})">\|([\w-]{86})$/.exec(page) ?? [];
    for (const token of [inField!, alone!]) {
      const form = { csrf_token: token };
      expect((await client.post("/", { form, headers: bare })).status).toBe(200);
    }
  });
});

it("gives an app the same keywords each time, and works without ambient words", async () => {
  const app = createApp({}, () => undefined, { ambient: false });
  expect(csrf(app)).toBe(csrf(app));
  expect(app).toBeInstanceOf(App);
  const { csrfToken } = csrf(app);
  app.get("/", (ctx) => csrfToken(ctx));
  expect((await visit(app).get("/")).text).toMatch(/^[\w-]{86}$/);
});
