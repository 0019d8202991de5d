import { describe, expect, it } from "vitest";
import { createKey } from "../../src/sealing/create-key.ts";
import { listKeys, openCookie, type OpenedCookie } from "../../src/session/inspect.ts";
import { createKeyring } from "../../src/sealing/keyring.ts";
import { cookieName, createApp, logged, newKey, seenName, visit } from "../support/app.ts";

function define(app: ReturnType<typeof createApp>): void {
  app.get("/login", ({ session }) => session("user", "alice"));
  app.get("/who", ({ session }) => session("user") ?? "nobody");
}

describe("what operators can look at", () => {
  it("makes keys that are new, strong and accepted", () => {
    const [one, two] = [createKey(), createKey()];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^hex:[0-9a-f]{64}$/);
    const warnings: string[] = [];
    createKeyring(one, { environment: "production", warn: (text) => warnings.push(text) });
    expect(warnings).toEqual([]);
  });

  it("SEC-109 lists keys by id, the first seals, and never shows one; the log names the old one in use", async () => {
    const [old, fresh] = [newKey(), newKey()];
    const before = createApp({ session_cookie_key: old }, define);
    const app = createApp({ session_cookie_key: [fresh, old] }, define);
    const keys = listKeys(app.settings);
    expect(keys.map(({ seals }) => seals)).toEqual([true, false]);
    expect(listKeys(before.settings)).toEqual([{ id: keys[1]!.id, seals: true }]);
    expect(JSON.stringify(keys)).not.toContain(old.slice(7, 20));
    const client = visit(before);
    await client.get("/login");
    const other = visit(app);
    other.jar.replaceBy(client.jar);
    await other.get("/who");
    expect(logged(app).join()).toContain(`security event old-key: ${keys[1]!.id}`);
    expect(app.securityEvents.count("old-key", keys[1]!.id)).toBe(1);
    await other.get("/login");
    await other.get("/who");
    expect(app.securityEvents.count("old-key")).toBe(2);
  });

  it("opens a cookie for whoever holds the key: by value, or with its name", async () => {
    const app = createApp({ session_cookie_key: newKey(), session_expires: 60 }, define);
    const client = visit(app);
    await client.get("/login");
    const value = client.jar.value(cookieName)!;
    for (const text of [value, `${cookieName}=${value}`, ` ${cookieName}=${value}; Path=/`]) {
      const opened = openCookie(text, app.settings) as OpenedCookie;
      expect(opened).toMatchObject({
        kind: "session",
        cookieName,
        keyId: listKeys(app.settings)[0]!.id,
        keyIsOld: false,
        isExpired: false,
        data: { user: "alice" },
      });
      expect(opened.endsAt).toBe(opened.sealedAt + 60_000);
    }
    const later = openCookie(value, app.settings, Date.now() + 61_000);
    expect(later).toMatchObject({ isExpired: true });
  });

  it("opens a last-use cookie too", async () => {
    let time = Date.now();
    const app = createApp({ session_expires: 60 }, define, { now: () => time });
    const client = visit(app);
    await client.get("/login");
    time += 40_000;
    await client.get("/who");
    const opened = openCookie(`${seenName}=${client.jar.value(seenName)!}`, app.settings);
    expect(opened).toMatchObject({ kind: "last-use", sealedAt: time });
  });

  it("says why a cookie does not open", async () => {
    const [app, other] = [createApp({}, define), createApp({}, define)];
    const client = visit(app);
    await client.get("/login");
    const value = client.jar.value(cookieName)!;
    expect(openCookie(value, other.settings)).toBe("key");
    expect(openCookie(`elsewhere=${value}`, app.settings)).toBe("tampered");
    expect(openCookie("", app.settings)).toBe("length");
    expect(openCookie("é".repeat(120), app.settings)).toBe("alphabet");
  });
});

describe("several cookies of the session's name", () => {
  const define2 = (app: ReturnType<typeof createApp>): void => {
    app.get("/login/:user", ({ session, params }) => session("user", params.user));
    app.get("/who", ({ session }) => session("user") ?? "nobody");
  };

  it.each(["cookie", "simple"])(
    "SEC-213 are tried from the last on, four at most, and are a security event: %s",
    async (session) => {
      const app = createApp({ session }, define2);
      const values: string[] = [];
      for (const user of ["alice", "bob"]) {
        const client = visit(app);
        await client.get(`/login/${user}`);
        values.push(client.jar.value(cookieName)!);
      }
      const [alice = "", bob = ""] = values;
      const junk = "A".repeat(alice.length);
      const who = async (...sent: string[]): Promise<string> => {
        const cookie = sent.map((value) => `${cookieName}=${value}`).join("; ");
        return (await visit(app).get("/who", { headers: { cookie } })).text;
      };
      expect(await who(alice)).toBe("alice");
      expect(app.securityEvents.count("cookie-duplicate")).toBe(0);
      expect(await who(alice, bob)).toBe("bob");
      expect(app.securityEvents.count("cookie-duplicate", "1 from last")).toBe(1);
      expect([await who(junk, alice), await who(alice, junk)]).toEqual(["alice", "alice"]);
      expect(await who(alice, junk, "", junk)).toBe("alice");
      expect(await who(alice, junk, junk, junk, junk)).toBe("nobody");
      expect(app.securityEvents.count("cookie-duplicate", "none opened")).toBe(1);
      expect(logged(app).join("\n")).toMatch(/cookie-duplicate: 1 from last/);
    },
  );
});
