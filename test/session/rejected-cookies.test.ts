import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { TestClock } from "../support/session-store.ts";
import { cookieName, createApp, logged, newKey, seenName, serve, visit } from "../support/app.ts";
import type { Served } from "../support/app.ts";

const hour = 3600;

function define(app: App): void {
  app.get("/who", ({ session }) => session("user") ?? "nobody");
  app.get("/login/:user", ({ session, params }) => session("user", params.user));
  app.get("/use", ({ session }) => Object.keys(session().toJSON()).join());
  app.get("/private", ({ session, sendError }) => session("user") ?? sendError("no", 403));
  app.get("/break", ({ session }) => {
    if (session("user") === undefined) throw new Error("nobody is here");
    return "fine";
  });
}

/** The cookies of somebody who has logged in as Alice, after half the idle time so that both are there. */
async function aliceOf(app: App, clock: TestClock): Promise<{ session: string; seen: string }> {
  const client = visit(app);
  await client.get("/login/alice");
  clock.advance(hour / 2);
  await client.get("/who");
  return { session: client.jar.value(cookieName)!, seen: client.jar.value(seenName)! };
}

/** One answer as it stands on the wire, but for its date and its request id. */
function wire(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (data: string) => (answer += data));
    socket.on("error", reject);
    socket.on("end", () =>
      resolve(answer.replace(/^Date: .*\r\n/m, "").replace(/[a-z0-9]+-[a-z0-9]+(?=<)/g, "ID")),
    );
  });
}

function ask(port: number, path: string, cookie?: string): Promise<string> {
  const header = cookie === undefined ? "" : `Cookie: ${cookie}\r\n`;
  return wire(port, `GET ${path} HTTP/1.1\r\nHost: app.test\r\n${header}Connection: close\r\n\r\n`);
}

let served: Served | undefined;

afterEach(async () => {
  await served?.stop();
  served = undefined;
});

describe("a session cookie that does not open", () => {
  it("SEC-117 is answered alike, byte for byte, whatever is wrong with it", async () => {
    const clock = new TestClock();
    const key = newKey();
    const settings = { session_cookie_key: key, session_expires: hour, show_errors: false };
    const now = () => clock.time;
    const app = createApp(settings, define, { now });
    served = await serve(app);
    const { port } = served;

    const old = await aliceOf(app, clock);
    clock.advance(hour + 1);
    const { session, seen } = await aliceOf(app, clock);
    const strange = createApp({ ...settings, session_cookie_key: newKey() }, define, { now });
    const renamed = createApp({ ...settings, session_name: "other" }, define, { now });
    const other = visit(renamed);
    await other.get("/login/alice");
    const flipped = session.slice(0, 80) + (session[80] === "A" ? "B" : "A") + session.slice(81);
    const bad: Record<string, string> = {
      tampered: flipped,
      truncated: session.slice(0, -4),
      lengthened: `${session}AAAA`,
      expired: old.session,
      "of another key": (await aliceOf(strange, clock)).session,
      "of another name": other.jar.cookies[0]!.value,
      "of another version": `Ag${session.slice(2)}`,
      "a last use": seen,
      junk: "junk",
      empty: "",
    };

    for (const path of ["/who", "/use", "/private", "/break", "/nowhere"]) {
      const none = await ask(port, path);
      expect(none).toMatch(/^HTTP\/1\.1 (?:200|403|500|404) /);
      for (const [what, value] of Object.entries(bad)) {
        const cookie = `${cookieName}=${value}; ${seenName}=${seen}`;
        expect(await ask(port, path, cookie), `${what} at ${path}`).toBe(none);
      }
    }
    const good = await ask(port, "/who", `${cookieName}=${session}; ${seenName}=${seen}`);
    expect(good).toMatch(/alice$/);
    expect(logged(app).join("\n")).toMatch(/cookie-refused: key/);
    expect(logged(app).join("\n")).toMatch(/cookie-refused: tampered/);
  });

  it("SEC-118 is no exception, no 5xx and no data in 10,000 cases, and a good one opens all along", async () => {
    const clock = new TestClock();
    const app = createApp({ session_expires: hour }, define, { now: () => clock.time });
    served = await serve(app);
    const { session, seen } = await aliceOf(app, clock);
    const foreign = createApp({ session_expires: hour }, define, { now: () => clock.time });
    const theirs = await aliceOf(foreign, clock);
    clock.time -= (hour / 2) * 1000;
    const { newClient } = served;

    const who = async (value: string, last = seen): Promise<[number, string, string[]]> => {
      const cookie = `${cookieName}=${value}; ${seenName}=${last}`;
      const { status, text, setCookies } = await newClient().get("/who", { headers: { cookie } });
      return [status, text, setCookies];
    };
    const nobody = [200, "nobody", []];
    const alice = [200, "alice", []];

    const values = fc.sample(anything(session, seen, theirs), { numRuns: 10_000, seed: 118 });
    expect(values.filter((value) => value === session)).toEqual([]);
    for (let from = 0; from < values.length; from += 500) {
      const batch = values.slice(from, from + 500);
      const controls = batch.filter((_, at) => at % 10 === 0).map((last) => who(session, last));
      const [control, ...answers] = await Promise.all([
        who(session),
        ...batch.map((value) => who(value)),
      ]);
      expect(control).toEqual(alice);
      // With a last use that is junk the session opens all the same, and gets a new one.
      for (const [status, text] of await Promise.all(controls)) {
        expect([status, text]).toEqual([200, "alice"]);
      }
      const wrong = answers.flatMap((answer, at) =>
        isDeepStrictEqual(answer, nobody) ? [] : [{ value: batch[at], answer }],
      );
      expect(wrong).toEqual([]);
    }
    expect(logged(app, "error")).toEqual([]);
  });

  it("SEC-118 is refused before it reaches the app where its bytes make no header", async () => {
    const app = createApp({}, define);
    served = await serve(app);
    for (const bytes of ["\0", "a\0b", "\x01", "\x7F", "a\rb", "\x1B[31m"]) {
      const answer = await ask(served.port, "/who", `${cookieName}=${bytes}`);
      expect(answer, JSON.stringify(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    }
    for (const bytes of ["\x80\xFF", "\t", " ", ";;;=;=", "=".repeat(9000), '"', "é"]) {
      const answer = await ask(served.port, "/who", `${cookieName}=${bytes}`);
      expect(answer, JSON.stringify(bytes)).toMatch(/^HTTP\/1\.1 200 .*nobody$/s);
    }
    expect(logged(app, "error")).toEqual([]);
  });

  it("SEC-102 is tried with nothing weaker, Perl Dancer's own format under its own key included", async () => {
    const file = new URL("../fixtures/session-vectors/dancer-cbc-cookie.json", import.meta.url);
    const legacy = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    const key = legacy["key"]!;
    const name = legacy["cookie_name"]!;
    const app = createApp({ session_cookie_key: key, session_name: name }, define);
    const json = Buffer.from('{"user":"alice"}');
    const mac = createHmac("sha256", key).update(json).digest("base64url");
    const weaker = [legacy["cookie_value"]!, encodeURIComponent(json.toString())];
    weaker.push(json.toString("base64"), json.toString("base64url"), json.toString("hex"));
    weaker.push(`${json.toString("base64url")}.${mac}`, `${json.toString("base64")}--${mac}`);
    for (const value of weaker) {
      const headers = { cookie: `${name}=${value}` };
      const reply = await visit(app).get("/use", { headers });
      expect([reply.status, reply.text, reply.setCookies], value).toEqual([200, "", []]);
    }
    const client = visit(app);
    await client.get("/login/alice");
    expect((await client.get("/use")).text).toBe("user");
  });

  it("SEC-106 is empty under another name, and each name opens its own", async () => {
    const key = newKey();
    const settings = { session_cookie_key: key };
    const [a, b] = ["a", "b"].map((session_name) =>
      createApp({ ...settings, session_name }, define),
    );
    const [inA, inB] = [visit(a!), visit(b!)];
    await inA.get("/login/alice");
    await inB.get("/login/bob");
    const [forA, forB] = [inA.jar.value("a")!, inB.jar.value("b")!];
    const who = async (app: App, cookie: string): Promise<string> =>
      (await visit(app).get("/who", { headers: { cookie } })).text;
    expect(await who(a!, `a=${forA}; b=${forB}`)).toBe("alice");
    expect(await who(b!, `a=${forA}; b=${forB}`)).toBe("bob");
    expect(await who(a!, `a=${forB}; b=${forA}`)).toBe("nobody");
    expect(await who(b!, `a=${forB}; b=${forA}`)).toBe("nobody");
  });

  it("SEC-107 SEC-108 is empty with any byte outside the sealed part changed, each version among them", async () => {
    const app = createApp({}, define);
    const client = visit(app);
    await client.get("/login/alice");
    const sealed = Buffer.from(client.jar.value(cookieName)!, "base64url");
    const who = async (bytes: Buffer): Promise<[number, string]> => {
      const cookie = `${cookieName}=${bytes.toString("base64url")}`;
      const reply = await visit(app).get("/who", { headers: { cookie } });
      return [reply.status, reply.text];
    };
    for (let version = 0; version < 256; version += 1) {
      const changed = Buffer.from(sealed);
      changed[0] = version;
      expect(await who(changed)).toEqual([200, version === sealed[0] ? "alice" : "nobody"]);
    }
    const clearBytes = 1 + 4 + 24;
    for (let at = 1; at < clearBytes; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1 << (at % 8);
      expect(await who(changed)).toEqual([200, "nobody"]);
    }
    expect(await who(sealed)).toEqual([200, "alice"]);
  });
});

/** Whatever a header can carry and is not Alice's session. */
function anything(
  session: string,
  seen: string,
  theirs: { session: string; seen: string },
): fc.Arbitrary<string> {
  const naughty = ["Fe26.1*1*a*b*c*d*e*f~2", "%", "%E0%A4%A", "null", "{}", "[]", "%00", "%0d%0a"];
  naughty.push("__proto__", "constructor", "undefined", "NaN", "-1", "1e999", "AQ", "AQ==", "../x");
  naughty.push("<script>", "${7*7}", "'--", "A".repeat(4096), "A".repeat(9000), "%".repeat(3000));
  naughty.push(seen, theirs.session, theirs.seen, `${session}${session}`, `${session} ${session}`);
  naughty.push(
    session.toUpperCase(),
    `"${session}"`,
    `${session}=`,
    encodeURIComponent(`${session}é`),
  );
  const headerText = fc
    .string({ unit: fc.integer({ min: 0x21, max: 0xff }).map(toHeaderCharacter), maxLength: 300 })
    .map((text) => text.trim());
  const bytes = fc.uint8Array({ maxLength: 400 });
  const mutated = fc
    .tuple(fc.nat(session.length - 1), fc.nat(5), headerText)
    .map(([at, cut, put]) => session.slice(0, at) + put.slice(0, 5) + session.slice(at + cut));
  const flipped = fc.nat(Buffer.from(session, "base64url").length * 8 - 1).map((bit) => {
    const changed = Buffer.from(session, "base64url");
    changed[bit >> 3]! ^= 1 << (bit & 7);
    return changed.toString("base64url");
  });
  const own = Buffer.from(session, "base64url");
  return fc
    .oneof(
      fc.constantFrom(...naughty),
      headerText,
      bytes.map((raw) => Buffer.from(raw).toString("base64url")),
      bytes.map((raw) => Buffer.concat([own.subarray(0, 5), raw]).toString("base64url")),
      fc.nat(session.length - 1).map((length) => session.slice(0, length)),
      fc.nat(60).map((at) => splice(session, theirs.session, at * 4)),
      fc.constant(0).map(() => randomBytes(120).toString("base64url")),
      mutated,
      flipped,
    )
    .filter((value) => value !== session);
}

/** The head of one sealed text with the tail of another. */
function splice(head: string, tail: string, at: number): string {
  return head.slice(0, at) + tail.slice(at);
}

function toHeaderCharacter(code: number): string {
  return code === 0x7f || code === 0x3b ? "x" : String.fromCharCode(code);
}
