import type * as crypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { createSessionId, isSessionId, sessionIdBytes } from "../../../src/session/session-id.ts";

const generator = vi.hoisted(() => ({ fails: false }));

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof crypto>();
  const randomBytes = (size: number): Buffer => {
    if (generator.fails) throw new Error("no entropy");
    return real.randomBytes(size);
  };
  return { ...real, randomBytes };
});

describe("a session id", () => {
  it("SEC-401 holds at least 128 bits in one fixed form", () => {
    expect(sessionIdBytes * 8).toBeGreaterThanOrEqual(128);
    for (let count = 0; count < 1000; count += 1) {
      const id = createSessionId();
      expect(id).toMatch(/^[A-Za-z0-9_-]{24}$/);
      expect(Buffer.from(id, "base64url")).toHaveLength(sessionIdBytes);
    }
  });

  it("SEC-401 is never the same twice in a million", () => {
    const ids = new Set<string>();
    for (let count = 0; count < 1_000_000; count += 1) ids.add(createSessionId());
    expect(ids.size).toBe(1_000_000);
  });

  it("SEC-401 is not made at all when the system's generator fails", () => {
    generator.fails = true;
    expect(() => createSessionId()).toThrow("no entropy");
    generator.fails = false;
  });

  it("SEC-402 is recognised by its exact form only", () => {
    const id = createSessionId();
    expect(isSessionId(id)).toBe(true);
    const others = ["", "../x", `${id}\n`, `\n${id}`, ` ${id}`, `${id}A`, id.slice(1)];
    others.push("x".repeat(10_240), `${id.slice(1)}é`, `${id.slice(1)}+`, `${id.slice(1)}\0`);
    for (const other of others) expect(isSessionId(other), JSON.stringify(other)).toBe(false);
  });
});
