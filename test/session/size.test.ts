import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, logged, logOf, visit } from "../support/app.ts";

/** What an empty session costs once sealed: version, key id, nonce, tag, id and two moments. */
const overhead = 1 + 4 + 24 + 16 + 18 + 6 + 6;
const limit = 4096;

function sealed(jsonBytes: number): number {
  return Math.ceil(((overhead + jsonBytes) * 4) / 3);
}

/** A cookie name and a size of data that together make exactly this many bytes. */
function fitting(target: number): { name: string; jsonBytes: number } {
  for (let jsonBytes = 2900; jsonBytes < 3100; jsonBytes += 1) {
    const length = target - sealed(jsonBytes);
    // An odd size would leave half a character.
    if (length > 0 && length < 8 && jsonBytes % 2 === 0)
      return { name: "s".repeat(length), jsonBytes };
  }
  throw new Error("no such size");
}

function define(app: App): void {
  app.get("/old", ({ session }) => session("old", "kept"));
  app.get("/keys", ({ session }) => session().keys().sort().join());
  app.get("/fill/:bytes", ({ session, params }) => {
    session().delete("old");
    const { length } = JSON.stringify({ text: "", n: 12 });
    session("n", 12);
    // Two bytes each: characters would not do as a measure.
    session("text", "é".repeat((Number(params.bytes) - length) / 2));
    return "filled";
  });
}

describe("the size of a cookie session", () => {
  it.each([4095, 4096])(
    "SEC-205 may be %i octets of name and value, multi-byte data included",
    async (size) => {
      const { name, jsonBytes } = fitting(size);
      const app = createApp({ session_name: name }, define);
      const client = visit(app);
      await client.get("/old");
      const reply = await client.get(`/fill/${jsonBytes}`);
      expect([reply.status, reply.text]).toEqual([200, "filled"]);
      const [pair = ""] = reply.setCookies[0]!.split(";");
      expect(Buffer.byteLength(pair) - "=".length).toBe(size);
      expect((await client.get("/keys")).text).toBe("n,text");
    },
  );

  it.each([4097, 4098])(
    "SEC-205 is an error at %i octets, and the visitor keeps the old cookie",
    async (size) => {
      const { name, jsonBytes } = fitting(size);
      const app = createApp({ session_name: name }, define, { environment: "production" });
      const client = visit(app);
      await client.get("/old");
      const before = client.jar.value(name);
      const reply = await client.get(`/fill/${jsonBytes}`);
      expect([reply.status, reply.setCookies]).toEqual([500, []]);
      expect(client.jar.value(name)).toBe(before);
      expect((await client.get("/keys")).text).toBe("old");
      const [message] = logged(app, "error");
      expect(message).toContain(`would be ${size} bytes and browsers keep ${limit} ("text" has `);
      expect(message).toContain(`"text" has ${jsonBytes - '{"n":12,"text":}'.length}, "n" has 2`);
      expect(JSON.stringify(logOf(app).entries)).not.toContain("éé");
      expect(reply.text).not.toMatch(/é|4096|cookie/);
    },
  );

  it("SEC-205 is an error at the very write that crosses the limit, and what was there before stays", async () => {
    const app = createApp({}, (made) => {
      define(made);
      made.get("/until-full", ({ session }) => {
        for (let index = 0; index < 100; index += 1) {
          try {
            session(`k${index}`, "x".repeat(100));
          } catch (error) {
            return {
              index,
              code: (error as { code?: string }).code,
              keys: session().keys().length,
            };
          }
        }
        return "never full";
      });
    });
    const client = visit(app);
    const reply = await client.get("/until-full");
    const json = (count: number): number =>
      Buffer.byteLength(
        JSON.stringify(
          Object.fromEntries(
            Array.from({ length: count }, (_, at): [string, string] => [`k${at}`, "x".repeat(100)]),
          ),
        ),
      );
    const nameBytes = "__Host-quickstep.session".length;
    let most = 0;
    while (nameBytes + sealed(json(most + 1)) <= limit) most += 1;
    expect(reply.json).toEqual({ index: most, code: "session-too-large", keys: most });
    expect((await client.get("/keys")).text.split(",")).toHaveLength(most);
  });

  it("SEC-205 is an error at the end of the request when a live value grew beyond it", async () => {
    const app = createApp({}, (made) => {
      define(made);
      made.get("/list", ({ session }) => session("list", ["short"]));
      made.get("/grow", ({ session }) => {
        (session("list") as string[]).push("secret".repeat(700));
        return "grown";
      });
    });
    const client = visit(app);
    await client.get("/list");
    const reply = await client.get("/grow");
    expect([reply.status, reply.setCookies]).toEqual([500, []]);
    expect(reply.header("vary")).toBe("Cookie");
    expect(logged(app, "error")[0]).toMatch(/"list" has 4\d\d\d/);
    expect(logged(app, "error")[0]).not.toContain("secret");
    expect((await client.get("/keys")).text).toBe("list");
  });

  it.each(["null", "delete"])("SEC-205 leaves room at once for what went by %s", async (how) => {
    const app = createApp({}, (made) => {
      define(made);
      made.get("/big", ({ session }) => session("big", "x".repeat(2500)));
      made.get("/swap", ({ session }) => {
        if (how === "null") session("big", null);
        else session().delete("big");
        return session("other", "y".repeat(2500));
      });
      made.get("/both", ({ session }) => session("third", "z".repeat(2500)));
    });
    const client = visit(app);
    await client.get("/big");
    expect((await client.get("/swap")).status).toBe(200);
    expect((await client.get("/both")).status).toBe(500);
  });

  it("SEC-205 is warned about from 80 % on, once, with the biggest keys and no values", async () => {
    const app = createApp({}, define);
    const nameBytes = "__Host-quickstep.session".length;
    let below = 2000;
    while (nameBytes + sealed(below + 2) < limit * 0.8) below += 2;
    await visit(app).get(`/fill/${below}`);
    expect(logged(app)).toEqual([]);
    await visit(app).get(`/fill/${below + 2}`);
    await visit(app).get(`/fill/${below + 4}`);
    const warnings = logged(app);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/of the 4096 bytes.*\("text" has \d+, "n" has 2\)/);
    expect(warnings[0]).not.toContain("é");
  });
});
