import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ConfigError, SessionError } from "../../../src/errors.ts";
import { createCookieStore } from "../../../src/engines/session/cookie.ts";
import type { SessionRecord } from "../../../src/engines/session/store.ts";
import { Xaes256Gcm } from "../../../src/sealing/xaes-256-gcm.ts";
import { cookieBench, newKey } from "./cookie-bench.ts";
import {
  allOf,
  describeSessionStore,
  newRecord,
  storeOptions,
} from "../../support/session-store.ts";

const drawn = vi.hoisted(() => ({ next: undefined as Buffer | undefined }));

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof crypto>();
  const randomFillSync = (bytes: Buffer): Buffer =>
    drawn.next === undefined ? real.randomFillSync(bytes) : bytes.fill(drawn.next);
  return { ...real, randomFillSync, scryptSync: vi.fn(real.scryptSync) };
});

function fixture(name: string): unknown {
  const file = new URL(`../../fixtures/session-vectors/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

describeSessionStore("cookie", {
  create: createCookieStore,
  remembers: false,
  settings: { session_cookie_key: newKey() },
});

describe("the cookie engine", () => {
  let { key, clock, store, make, save, open, touch, sealed, head } = cookieBench();

  beforeEach(() => {
    ({ key, clock, store, make, save, open, touch, sealed, head } = cookieBench());
  });

  it("SEC-101 hides what is in the session", () => {
    const bytes = Buffer.from(save({ secret: "marmalade" }), "base64url").toString("latin1");
    expect(bytes).not.toContain("marmalade");
    expect(bytes).not.toContain("secret");
  });

  it("SEC-101 opens nothing with a bit flipped, at another length or with something appended", () => {
    const cookie = save();
    const bytes = Buffer.from(cookie, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(flipped.toString("base64url"))).toBeUndefined();
    }
    for (let length = 0; length < cookie.length; length += 1) {
      expect(open(cookie.slice(0, length))).toBeUndefined();
      expect(open(cookie + cookie.slice(0, length + 1))).toBeUndefined();
    }
  });

  it("SEC-102 tries nothing weaker: plain, signed-only and legacy Dancer values are empty", () => {
    const legacy = fixture("dancer-cbc-cookie.json") as Record<string, string>;
    const json = Buffer.from('{"user":"alice"}');
    const signature = crypto.createHmac("sha256", key).update(json).digest("base64url");
    const values = [json.toString("base64url"), json.toString("base64"), json.toString("utf8")];
    values.push(`${json.toString("base64url")}.${signature}`, legacy["cookie_value"]!);
    values.push(Buffer.concat([head(), json]).toString("base64url"));
    const legacyStore = make(legacy["key"], { cookieName: legacy["cookie_name"]! });
    for (const value of values) {
      expect(open(value)).toBeUndefined();
      expect(open(value, undefined, legacyStore)).toBeUndefined();
    }
  });

  describe("with the golden cookie of format version 1", () => {
    interface Golden extends SessionRecord {
      readonly key: string;
      readonly nonce: string;
      readonly cookieName: string;
      readonly sealedAt: number;
      readonly seenAt: number;
      readonly cookie: string;
      readonly seen: string;
    }
    const golden = fixture("golden-v1.json") as Golden;
    const { id, createdAt, data, cookieName } = golden;

    it("SEC-104 opens it and its last-use cookie", () => {
      const aged = make(golden.key, { cookieName });
      clock.time = golden.sealedAt;
      const record = { id, createdAt, data, version: 1 };
      expect(open(golden.cookie, undefined, aged)).toEqual({
        ...record,
        lastSeen: golden.sealedAt,
      });
      clock.time = golden.seenAt;
      expect(open(golden.cookie, golden.seen, aged)).toEqual({
        ...record,
        lastSeen: golden.seenAt,
      });
    });

    it("SEC-104 seals it to the letter, given its nonce and moment", async () => {
      // Nonces are drawn ahead: only a module of its own has none left from before.
      vi.resetModules();
      const fresh = await import("../../../src/engines/session/cookie.ts");
      const keys = { session_cookie_key: golden.key };
      const aged = fresh.createCookieStore(storeOptions(keys, clock, { cookieName }));
      drawn.next = Buffer.from(golden.nonce, "hex");
      clock.time = golden.sealedAt;
      const record = { id, createdAt, data, version: 0, lastSeen: createdAt };
      expect(aged.save(record, allOf(record))).toBe(golden.cookie);
      clock.time = golden.seenAt;
      expect(touch(record, aged)).toBe(golden.seen);
      drawn.next = undefined;
    });
  });

  it("SEC-105 takes a session for no last use, and a last use for no session", () => {
    const report = vi.fn();
    const wary = make(key, { report });
    const cookie = save();
    const record = open(cookie)!;
    clock.advance(10);
    expect(open(touch(record), undefined, wary)).toBeUndefined();
    expect(open(cookie, cookie, wary)!.lastSeen).toBe(record.lastSeen);
    // By the key already, before anybody looks at what is inside.
    expect(report.mock.calls.flat()).toEqual(
      ["cookie-refused", "tampered"].concat(["cookie-refused", "tampered"]),
    );
  });

  it("SEC-106 refuses a cookie minted for another name under the same key", () => {
    const other = make(key, { cookieName: "other.session" });
    const record = open(save())!;
    expect(open(save(), undefined, other)).toBeUndefined();
    clock.advance(10);
    const cookie = save({}, other);
    const { lastSeen } = open(cookie, touch(record), other)!;
    expect(lastSeen).toBe(clock.time);
  });

  it("SEC-107 believes a last-use cookie of the same session only", () => {
    const [mine, other] = [save(), save()];
    const seen = [touch(open(mine)!), touch(open(other)!)];
    clock.advance(1800);
    seen.push(touch(open(mine)!), touch(open(other)!));
    clock.advance(1801);
    expect(seen.map((value) => open(mine, value) !== undefined)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it("SEC-110 carries a session over to a new key, with its lifetime, and drops it with the old one", () => {
    const newest = newKey();
    const cookie = save({ user: "alice" });
    const { createdAt } = open(cookie)!;
    expect(open(cookie)).not.toHaveProperty("stale");
    clock.advance(3000);
    const rotated = make([newest, key]);
    const record = open(cookie, undefined, rotated)!;
    expect(record).toMatchObject({ stale: true, createdAt, data: { user: "alice" } });
    const resealed = rotated.save(record, { written: [], deleted: [] }) as string;
    const dropped = make(newest);
    expect(open(resealed, undefined, dropped)).toMatchObject({ createdAt, id: record.id });
    expect(open(resealed, undefined, dropped)).not.toHaveProperty("stale");
    expect(open(cookie, undefined, dropped)).toBeUndefined();
  });

  it("SEC-111 does not start without a good key", () => {
    for (const bad of [null, [], "", "short", "x".repeat(40), "hex:00"]) {
      expect(() => make(bad)).toThrow(ConfigError);
    }
  });

  it("SEC-113 stretches a passphrase when it is made and never for a request", () => {
    vi.mocked(crypto.scryptSync).mockClear();
    const stretched = make("correct horse battery staple, and more");
    expect(crypto.scryptSync).toHaveBeenCalledTimes(1);
    const cookie = save({ a: 1 }, stretched);
    for (let request = 0; request < 1000; request += 1) {
      open(request % 2 === 0 ? cookie : `bogus${request}`, undefined, stretched);
    }
    expect(crypto.scryptSync).toHaveBeenCalledTimes(1);
  });

  it("SEC-114 reads no value of more than 4096 characters", () => {
    const decrypt = vi.spyOn(Xaes256Gcm.prototype, "open");
    expect(open("A".repeat(15_360), "A".repeat(15_360))).toBeUndefined();
    expect(open(sealed([head(), JSON.stringify({ a: "x".repeat(4000) })]))).toBeUndefined();
    expect(decrypt).not.toHaveBeenCalled();
    decrypt.mockRestore();
  });

  it("SEC-118 neither throws nor opens for any of 10,000 random and mutated values", () => {
    const cookie = save();
    const seen = touch(open(cookie)!);
    const naughty = ["Fe26.1*1*a*b*c*d*e*f~2", "%", "%E0%A4%A", "null", "{}", "[]", "\ud800", "\0"];
    naughty.push("__proto__", "constructor", "undefined", "NaN", "-1", "1e999", "AQ", "AQ==");
    const mutated = fc
      .tuple(fc.nat(cookie.length - 1), fc.nat(5), fc.string({ maxLength: 5, unit: "binary" }))
      .map(([at, cut, put]) => cookie.slice(0, at) + put + cookie.slice(at + cut))
      .filter((value) => value !== cookie);
    const bytes = fc.uint8Array({ maxLength: 400 }).map((raw) => {
      return Buffer.concat([Buffer.from(cookie, "base64url").subarray(0, 5), raw]);
    });
    const anything = fc.oneof(
      fc.constantFrom(...naughty),
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.base64String(),
      bytes.map((raw) => raw.toString("base64url")),
      mutated,
    );
    fc.assert(
      fc.property(anything, (value) => {
        expect(open(value, seen)).toBeUndefined();
        expect(open(cookie, value)?.lastSeen).toBe(clock.time);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ["nothing", []],
    ["a head cut short", [Buffer.alloc(29)]],
    ["no data", [Buffer.alloc(30)]],
    ["malformed JSON", ["{"]],
    ["a list", ["[]"]],
    ["null", ["null"]],
    ["a text", ['"a"']],
    ["two values", ["{}{}"]],
    ["a __proto__ key", ['{"__proto__":{"x":1}}']],
    ["a __proto__ key in disguise", [String.raw`{"\u005f_proto__":{"x":1}}`]],
    ["a __proto__ key further down", ['{"a":[{"b":{"__proto__":{"x":1}}}]}']],
    ["data nested too deep", [`{"a":${"[".repeat(101)}${"]".repeat(101)}}`]],
    ["data nested as deep as it fits", [`{"a":${"[".repeat(1400)}${"]".repeat(1400)}}`]],
  ] as [string, (string | Buffer)[]][])(
    "SEC-119 opens nothing when %s is sealed inside, though the seal is right",
    (_, parts) => {
      const withHead = parts.some((part) => typeof part === "string") ? [head(), ...parts] : parts;
      expect(open(sealed([head(), "{}"]))).toBeDefined();
      expect(open(sealed(withHead))).toBeUndefined();
      expect(({} as { x?: unknown }).x).toBeUndefined();
    },
  );

  it("SEC-119 keeps keys called constructor and prototype as ordinary keys", () => {
    const data = { constructor: { prototype: { x: 1 } }, prototype: 1, hasOwnProperty: "mine" };
    expect(open(save(data))!.data).toEqual(data);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("SEC-907 reports why a cookie was refused, and everyday junk never", () => {
    const report = vi.fn();
    const wary = make(key, { report });
    const [cookie, foreign] = [save(), save({}, make(newKey()))];
    const tampered = cookie.slice(0, -5) + (cookie.at(-5) === "A" ? "B" : "A") + cookie.slice(-4);
    for (const value of ["junk", "A".repeat(99), tampered, foreign]) open(value, value, wary);
    expect(report.mock.calls).toEqual([
      ["cookie-refused", "tampered"],
      ["cookie-refused", "key"],
    ]);
  });

  it("SEC-402 saves under nothing but a well-formed id", () => {
    const record = { ...newRecord(clock, {}), id: "../x" };
    expect(() => store.save(record, allOf(record))).toThrow(SessionError);
  });
});
