import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { ConfigError } from "../../src/errors.ts";
import { TestClock } from "../support/session-store.ts";
import {
  cookieName,
  createApp,
  engines,
  logged,
  serve,
  tempFolder,
  visit,
} from "../support/app.ts";
import { CookieJar } from "../../src/testing/index.ts";

function define(app: App): void {
  app.get("/login", ({ session }) => session("user", "alice"));
  app.get("/who", ({ session }) => session("user") ?? "nobody");
  app.get("/logout", ({ session }) => {
    session().destroy();
    return session("user") ?? "nobody";
  });
  app.any("/channel/**", ({ session }) => session("user") ?? "nobody");
}

/** The attributes of a Set-Cookie text, its name and value apart. */
function parts(text: string): { name: string; value: string; attributes: string[] } {
  const [pair = "", ...attributes] = text.split("; ");
  const [name = "", value = ""] = pair.split("=");
  return { name, value, attributes: attributes.sort() };
}

describe.each(engines)("the cookie of the %s engine", (session) => {
  it.each([
    ["test", "https", true],
    ["production", "https", true],
    ["production", "http", true],
    ["staging", "https", true],
    ["staging", "http", true],
    ["development", "https", "auto"],
    ["development", "http", false],
  ] as const)("SEC-201 is safe by default in %s over %s", async (environment, scheme, secure) => {
    const appdir = tempFolder({ "environments/staging.yml": "" });
    const app = createApp({ session }, define, { environment, appdir });
    const [text, ...others] = (await visit(app, `${scheme}://app.test`).get("/login")).setCookies;
    expect(others).toEqual([]);
    const { name, attributes } = parts(text!);
    expect(name).toBe(environment === "development" ? "quickstep.session" : cookieName);
    const expected = ["HttpOnly", "Path=/", "SameSite=Lax"];
    expect(attributes).toEqual(secure === false ? expected : [...expected, "Secure"].sort());
  });

  it("SEC-203 is sent although the request came over plain HTTP, with one warning for the process", async () => {
    const app = createApp({ session }, define);
    const served = await serve(app);
    for (let count = 0; count < 3; count += 1) {
      const reply = await served.newClient().get("/login");
      expect(parts(reply.setCookies[0]!).attributes).toContain("Secure");
    }
    await served.stop();
    const warnings = logged(app).filter((text) => text.includes("plain HTTP"));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/session_secure/);
  });

  it.each([
    [{}, "development"],
    [{ session_secure: "auto" }, "production"],
  ])(
    "SEC-203 is Secure over https only with %j in %s, without a warning",
    async (more, environment) => {
      const app = createApp({ session, ...more }, define, { environment });
      const [http, https] = [visit(app, "http://app.test"), visit(app, "https://app.test")];
      expect(parts((await http.get("/login")).setCookies[0]!).attributes).not.toContain("Secure");
      expect(parts((await https.get("/login")).setCookies[0]!).attributes).toContain("Secure");
      for (const client of [http, https]) expect((await client.get("/who")).text).toBe("alice");
      expect(logged(app)).toEqual([]);
    },
  );

  it.each([
    {},
    { session_cookie_path: "/inner" },
    { session_domain: "app.test" },
    { session_secure: "auto" },
    { session_secure: false, session_is_http_only: false },
    { session_same_site: "None" },
    { session_name: "__Secure-sid", session_cookie_path: "/inner", session_domain: "app.test" },
    { session_expires: 3600, session_name: "sid" },
  ])(
    "SEC-214 leaves the jar empty after destroy, the last-use cookie included, with %j",
    async (more) => {
      const clock = new TestClock();
      const now = () => clock.time;
      const app = createApp(
        { session, ...more },
        (made) => made.prefix("/inner", () => define(made)),
        {
          now,
        },
      );
      const client = visit(app, "https://www.app.test");
      if (!("session_domain" in more)) client.jar.store("https://www.app.test/", "mine=1; Path=/");
      await client.get("/inner/login");
      clock.advance(("session_expires" in more ? 3600 : 86_400) / 2);
      await client.get("/inner/who");
      const names = client.jar.names.filter((name) => name !== "mine");
      expect(names).toHaveLength(session === "cookie" ? 2 : 1);
      const stolen = client.jar.copy();
      const reply = await client.get("/inner/logout");
      expect(reply.text).toBe("nobody");
      expect(reply.setCookies.map((text) => parts(text).name)).toEqual(names);
      expect(client.jar.names.filter((name) => name !== "mine")).toEqual([]);
      expect((await client.get("/inner/who")).text).toBe("nobody");
      client.jar.replaceBy(stolen);
      // A copy of a sealed cookie lives until it expires; a stored session is gone.
      const copied = (await client.get("/inner/who")).text;
      expect(copied).toBe(session === "cookie" ? "alice" : "nobody");
    },
  );

  it("SEC-214 leaves the jar empty when the cookie that is destroyed had expired or was junk", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    client.jar.store("https://app.test/", `${cookieName}=junk; Path=/; Secure; HttpOnly`);
    expect((await client.get("/logout")).header("cache-control")).toBe("no-store");
    expect(client.jar.names).toEqual([]);
    const again = await client.get("/logout");
    expect(again.setCookies).toEqual([]);
    expect(again.header("cache-control")).toBeUndefined();
  });

  it("SEC-216 is the only way in: no query, form, JSON, path or other header opens a session", async () => {
    const app = createApp({ session }, define);
    const client = visit(app);
    await client.get("/login");
    const value = client.jar.value(cookieName)!;
    const pair = `${cookieName}=${value}`;
    const asked = [
      visit(app).get(`/channel/x?${pair}&session=${value}&sid=${value}`),
      visit(app).get(`/channel/${value}/${pair};${pair}`),
      visit(app).get(`/channel/;jsessionid=${value}`),
      visit(app).post("/channel/x", { form: { [cookieName]: value, session: value } }),
      visit(app).post("/channel/x", { json: { [cookieName]: value, session: value } }),
    ];
    for (const name of [cookieName, "X-Session", "Authorization", "Cookie2", "Set-Cookie"]) {
      for (const text of [value, pair, `Bearer ${value}`]) {
        asked.push(visit(app).get("/channel/x", { headers: { [name]: text } }));
      }
    }
    for (const reply of await Promise.all(asked)) {
      expect([reply.status, reply.text, reply.setCookies]).toEqual([200, "nobody", []]);
    }
    const headers = { cookie: pair };
    expect((await visit(app).get("/channel/x", { headers })).text).toBe("alice");
  });
});

describe("the settings of the session cookie", () => {
  it("SEC-202 give the default name __Host- exactly where browsers accept it", async () => {
    for (const session_secure of [true, false, "auto"]) {
      for (const session_cookie_path of ["/", "/app"]) {
        for (const session_domain of [null, "app.test"]) {
          const settings = { session_secure, session_cookie_path, session_domain };
          const app = createApp({ session: "simple", ...settings }, define);
          const [text] = (await visit(app).get("/login")).setCookies;
          const mayBe = session_secure === true && session_cookie_path === "/" && !session_domain;
          expect(parts(text!).name, JSON.stringify(settings)).toBe(
            mayBe ? cookieName : "quickstep.session",
          );
        }
      }
    }
  });

  it("SEC-202 are refused, with the rule named, exactly where a browser would drop the cookie", async () => {
    let refused = 0;
    for (const session_name of prefixedNames) {
      for (const more of allSettings()) {
        const settings = { session_name, ...more };
        const what = JSON.stringify(settings);
        const app = createApp({ session: "simple", ...settings }, define);
        const text =
          `${session_name}=x; Path=${more.session_cookie_path}; SameSite=Lax` +
          (more.session_domain === null ? "" : `; Domain=${more.session_domain}`) +
          (more.session_secure === true ? "; Secure" : "") +
          (more.session_is_http_only ? "; HttpOnly" : "");
        if (new CookieJar().store("https://app.test/", text)) {
          const reply = await visit(app).get("/login");
          expect(new CookieJar().store("https://app.test/", reply.setCookies[0]!), what).toBe(true);
          expect(parts(reply.setCookies[0]!).name).toBe(session_name);
        } else {
          refused += 1;
          const error: unknown = await app.start().catch((thrown: unknown) => thrown);
          expect(error, what).toBeInstanceOf(ConfigError);
          expect(error).toMatchObject({
            code: "session-cookie-invalid",
            message: expect.stringMatching(
              /^session_name: the prefix of ".*" needs (?:session_secure: true|session_cookie_path: \/|no session_domain|session_is_http_only: true)$/,
            ) as string,
          });
        }
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it.each([
    [true, "test", true],
    [null, "test", true],
    [null, "production", true],
    [null, "development", false],
    [false, "test", false],
    ["auto", "test", false],
  ])(
    "SEC-204 allow SameSite=None only with Secure: session_secure %j in %s",
    async (secure, environment, ok) => {
      const settings = { session: "simple", session_secure: secure, session_same_site: "None" };
      const app = createApp(settings, define, { environment });
      if (ok) {
        const { attributes } = parts((await visit(app).get("/login")).setCookies[0]!);
        expect(attributes).toEqual(["HttpOnly", "Path=/", "SameSite=None", "Secure"]);
      } else {
        await expect(app.start()).rejects.toThrow(
          /session_same_site: None needs session_secure: true/,
        );
      }
    },
  );

  const bad = [
    ";",
    "\r",
    "\n",
    "\r\nSet-Cookie: a=b",
    "\0",
    "\x7F",
    "\t",
    "é",
    "\u2028",
    "; Secure",
  ];
  it.each(["session_name", "session_cookie_path", "session_domain", "session_same_site"])(
    "SEC-211 refuse characters in %s that could change the header",
    async (name) => {
      const good: Record<string, string> = {
        session_name: "sid",
        session_cookie_path: "/app",
        session_domain: "app.test",
        session_same_site: "Lax",
      };
      for (const character of bad) {
        for (const value of [`${good[name]!}${character}`, `${character}x`]) {
          const start = async () => createApp({ session: "simple", [name]: value }).start();
          await expect(start(), JSON.stringify(value)).rejects.toThrow(ConfigError);
        }
      }
      await createApp({ session: "simple", [name]: good[name] }).start();
    },
  );

  it("SEC-205 SEC-211 refuse a path or domain that browsers would ignore", async () => {
    const start = async (more: object) => createApp({ session: "simple", ...more }).start();
    await start({ session_cookie_path: `/${"p".repeat(1023)}` });
    await expect(start({ session_cookie_path: `/${"p".repeat(1024)}` })).rejects.toThrow(
      ConfigError,
    );
    for (const session_domain of ["a..b", "-a.test", "a.test.", "x".repeat(64), "a/b", "a b"]) {
      await expect(start({ session_domain }), session_domain).rejects.toThrow(ConfigError);
    }
    await expect(start({ session_cookie_path: "app" })).rejects.toThrow(ConfigError);
    await expect(start({ session_same_site: "Loose" })).rejects.toThrow(ConfigError);
  });
});

const prefixedNames = [
  "sid",
  "__Host-sid",
  "__HOST-sid",
  "__Secure-sid",
  "__secure-sid",
  "__Http-sid",
  "__hTTp-sid",
  "__Host-Http-sid",
  "__host-http-sid",
];

function allSettings() {
  return [true, false, "auto"].flatMap((session_secure) =>
    ["/", "/login"].flatMap((session_cookie_path) =>
      [null, "app.test"].flatMap((session_domain) =>
        [true, false].map((session_is_http_only) => ({
          session_secure,
          session_cookie_path,
          session_domain,
          session_is_http_only,
        })),
      ),
    ),
  );
}
