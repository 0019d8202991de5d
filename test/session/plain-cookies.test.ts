import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { cookieName, createApp, logged, visit } from "../support/app.ts";

function define(app: App): void {
  app.post("/text", ({ session, request }) => {
    session("text", request.body);
    return "kept";
  });
  app.get("/text", ({ session }) => session("text") ?? "nothing");
}

const plain = { headers: { "content-type": "text/plain" } };

describe("the cookie of a session", () => {
  it("SEC-115 is as long for text that repeats as for text that does not: nothing is compressed", async () => {
    const lengths = await Promise.all(
      ["a".repeat(1500), "abc".repeat(500), Array.from({ length: 1500 }, letter).join("")].map(
        async (body) => {
          const client = visit(createApp({}, define));
          await client.post("/text", { ...plain, body });
          return client.jar.value(cookieName)?.length;
        },
      ),
    );
    expect(lengths[0]).toBeGreaterThan(1500);
    expect(new Set(lengths).size).toBe(1);
  });

  it("SEC-206 is one, or none: what does not fit is refused and not cut into chunks", async () => {
    const app = createApp({}, define);
    const client = visit(app);
    await client.post("/text", { ...plain, body: "small" });
    const before = client.jar.value(cookieName);
    const reply = await client.post("/text", { ...plain, body: "x".repeat(9000) });
    expect([reply.status, reply.setCookies]).toEqual([500, []]);
    expect(client.jar.names).toEqual([cookieName]);
    expect(client.jar.value(cookieName)).toBe(before);
    expect(logged(app, "error").join()).toContain("text");
  });

  it("SEC-206 is not put together from cookies that look like chunks of it", async () => {
    const app = createApp({}, define);
    const client = visit(app);
    await client.post("/text", { ...plain, body: "whole" });
    const value = client.jar.value(cookieName)!;
    const half = Math.floor(value.length / 2);
    for (const [first, second] of [
      [".0", ".1"],
      ["-0", "-1"],
      ["_0", "_1"],
      ["", ".1"],
      [".1", ".2"],
    ] as const) {
      const chunks = [
        `${cookieName}${first}=${value.slice(0, half)}`,
        `${cookieName}${second}=${value.slice(half)}`,
      ];
      const headers = { cookie: chunks.join("; ") };
      expect((await visit(app).get("/text", { headers })).text).toBe("nothing");
    }
  });
});

let seed = 12_345;

/** Letters without a pattern that a compressor could use, the same in every run. */
function letter(): string {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return String.fromCharCode(97 + ((seed >> 8) % 26));
}
