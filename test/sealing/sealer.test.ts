import { readFileSync, readdirSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ESLint, Linter } from "eslint";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createKeyring } from "../../src/sealing/keyring.ts";
import { Sealer, sealedLength } from "../../src/sealing/sealer.ts";
import type { SealerOptions } from "../../src/sealing/sealer.ts";
import { Xaes256Gcm } from "../../src/sealing/xaes-256-gcm.ts";

function newKey(): string {
  return `base64:${randomBytes(32).toString("base64")}`;
}

function ringOf(...keys: string[]) {
  return createKeyring(keys, { environment: "production", warn: () => undefined });
}

const keyring = ringOf(newKey());

function sealer(changed: Partial<SealerOptions> = {}): Sealer {
  return new Sealer({ keyring, purpose: "session-data", cookieName: "a", ...changed });
}

const message = Buffer.from("a message of some length");

function bytesOf(text: string): Buffer {
  return Buffer.from(text, "base64url");
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a sealed text", () => {
  it("opens to the bytes that were sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const opened = sealer().open(sealer().seal(bytes));
        expect(opened).toMatchObject({ bytes: Buffer.from(bytes), keyIsOld: false });
      }),
    );
  });

  it("has the length that was foretold", () => {
    for (let size = 0; size < 50; size += 1) {
      expect(sealer().seal(Buffer.alloc(size))).toHaveLength(sealedLength(size));
    }
  });

  it("SEC-122 uses only letters, digits, - and _, and survives both kinds of URL decoding", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = sealer().seal(bytes);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeURIComponent(text.replaceAll("+", " "))).toBe(text);
      }),
    );
  });

  it("SEC-101 does not open with any one bit flipped", () => {
    const subject = sealer();
    const bytes = bytesOf(subject.seal(message));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(typeof subject.open(flipped.toString("base64url")), `bit ${bit}`).toBe("string");
    }
  });

  it("SEC-101 does not open cut to any length, or with anything added", () => {
    const subject = sealer();
    const text = subject.seal(message);
    for (let length = 0; length < text.length; length += 1) {
      expect(typeof subject.open(text.slice(0, length))).toBe("string");
      expect(typeof subject.open(text.slice(text.length - length))).toBe("string");
    }
    const bytes = bytesOf(text);
    for (let extra = 1; extra < 40; extra += 1) {
      const longer = Buffer.concat([bytes, Buffer.alloc(extra, extra)]);
      expect(typeof subject.open(longer.toString("base64url"))).toBe("string");
      expect(typeof subject.open(text + "A".repeat(extra))).toBe("string");
    }
  });

  it("SEC-101 does not open in another spelling of the same bytes", () => {
    const subject = sealer();
    const text = subject.seal(Buffer.alloc(4));
    expect(text.length % 4).not.toBe(0);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = alphabet[alphabet.indexOf(text.at(-1)!) + 1]!;
    const leftOverBits = text.slice(0, -1) + next;
    expect(bytesOf(leftOverBits)).toEqual(bytesOf(text));
    const others = [leftOverBits, `${text}=`, `${text}==`, ` ${text}`, `${text} `, `${text}\n`];
    others.push(
      `"${text}"`,
      `${text.slice(0, 9)}\u00a0${text.slice(9)}`,
      bytesOf(text).toString("hex"),
    );
    for (const other of others) expect(["alphabet", "tampered"]).toContain(subject.open(other));
    expect(subject.open(leftOverBits)).toBe("alphabet");
  });

  it("SEC-103 is different each time for equal data, 100,000 times", () => {
    const subject = sealer();
    const texts = new Set<string>();
    for (let count = 0; count < 100_000; count += 1) texts.add(subject.seal(message).slice(7, 39));
    expect(texts.size).toBe(100_000);
  });

  it("SEC-103 owes nothing to Math.random, which shipped code never calls", () => {
    const root = new URL("../../src/", import.meta.url);
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    const sources = files.filter((file) => file.endsWith(".ts"));
    expect(sources.length).toBeGreaterThan(8);
    for (const file of sources) {
      expect(readFileSync(new URL(file, root), "utf8"), file).not.toMatch(/Math\s*\.\s*random/);
    }
  });

  it("SEC-105 SEC-106 opens only under its own purpose and cookie name", () => {
    const text = sealer().seal(message);
    expect(sealer({ purpose: "session-last-use" }).open(text)).toBe("tampered");
    for (const cookieName of ["b", "A", "", "a\0", "__Host-a"]) {
      expect(sealer({ cookieName }).open(text)).toBe("tampered");
    }
  });

  it("SEC-106 authenticates the purpose and the name apart, wherever one ends", () => {
    // With one key for all purposes, only the authenticated data keeps these two apart.
    const first = keyring.keys[0];
    const key = first.derive("any");
    const shared = {
      keys: [{ id: first.id, derive: () => key }],
    } as unknown as SealerOptions["keyring"];
    const text = sealer({ keyring: shared, purpose: "ab", cookieName: "c" }).seal(message);
    expect(sealer({ keyring: shared, purpose: "a", cookieName: "bc" }).open(text)).toBe("tampered");
    expect(typeof sealer({ keyring: shared, purpose: "ab", cookieName: "c" }).open(text)).toBe(
      "object",
    );
  });

  it("SEC-107 does not open with any clear byte edited", () => {
    const subject = sealer({ keyring: ringOf(newKey(), newKey(), newKey()) });
    const bytes = bytesOf(subject.seal(message));
    for (let at = 0; at < 29; at += 1) {
      for (let value = 0; value < 256; value += 1) {
        if (bytes[at] === value) continue;
        const edited = Buffer.from(bytes);
        edited[at] = value;
        expect(typeof subject.open(edited.toString("base64url"))).toBe("string");
      }
    }
  });

  it("SEC-107 does not open when its key id is exchanged for that of another listed key", () => {
    const ring = ringOf(newKey(), newKey());
    const subject = sealer({ keyring: ring });
    const bytes = bytesOf(subject.seal(message));
    ring.keys[1]!.id.copy(bytes, 1);
    expect(subject.open(bytes.toString("base64url"))).toBe("tampered");
  });

  it("SEC-108 of any version but 1 does not open and is no error", () => {
    const subject = sealer();
    const bytes = bytesOf(subject.seal(message));
    for (let version = 0; version < 256; version += 1) {
      bytes[0] = version;
      const opened = subject.open(bytes.toString("base64url"));
      if (version === 1) expect(opened).toHaveProperty("bytes", message);
      else expect(opened).toBe("version");
    }
  });

  it("SEC-109 is tried with the one key it names, whether one or fifty are listed", () => {
    const keys = Array.from({ length: 51 }, newKey);
    const subject = sealer({ keyring: ringOf(...keys) });
    const decrypt = vi.spyOn(Xaes256Gcm.prototype, "open");
    const own = subject.seal(message);
    const old = sealer({ keyring: ringOf(keys[50]!) }).seal(message);
    const foreign = sealer().seal(message);
    const tampered = own.slice(0, 60) + (own[60] === "A" ? "B" : "A") + own.slice(61);
    const attempts = [own, old, tampered, foreign, "junk", "A".repeat(400)].map((text) => {
      decrypt.mockClear();
      subject.open(text);
      return decrypt.mock.calls.length;
    });
    expect(attempts).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("SEC-110 opens with every listed key, tells that a key is old, and ends when it is dropped", () => {
    const [old, current] = [newKey(), newKey()];
    const text = sealer({ keyring: ringOf(old) }).seal(message);
    const rotated = sealer({ keyring: ringOf(current, old) });
    expect(rotated.open(text)).toMatchObject({ bytes: message, keyIsOld: true });
    const anew = rotated.seal(message);
    expect(rotated.open(anew)).toMatchObject({ bytes: message, keyIsOld: false });
    const dropped = sealer({ keyring: ringOf(current) });
    expect(dropped.open(text)).toBe("key");
    expect(dropped.open(anew)).toMatchObject({ bytes: message, keyIsOld: false });
  });

  it("SEC-114 is refused before it is decoded when it is longer than the limit", () => {
    const subject = sealer({ maxLength: sealedLength(100) });
    expect(typeof subject.open(subject.seal(Buffer.alloc(100)))).toBe("object");
    const long = sealer().seal(Buffer.alloc(102));
    const decode = vi.spyOn(Buffer, "from");
    expect(subject.open(long)).toBe("length");
    expect(sealer().open("A".repeat(15_360))).toBe("length");
    expect(decode.mock.calls.filter(([text]) => (text as unknown) === long)).toEqual([]);
  });

  it("SEC-114 is refused when it is longer than 4096 characters, unless another limit is set", () => {
    const size = 3026;
    expect(sealedLength(size)).toBeLessThanOrEqual(4096);
    expect(sealedLength(size + 2)).toBeGreaterThan(4096);
    expect(typeof sealer().open(sealer().seal(Buffer.alloc(size)))).toBe("object");
    expect(sealer().open(sealer().seal(Buffer.alloc(size + 2)))).toBe("length");
  });
});

describe("the rule for comparing secrets", () => {
  it("SEC-116 is enforced by ESLint, and the tag is compared by AES-GCM itself", async () => {
    const eslint = new ESLint({ cwd: fileURLToPath(new URL("../../", import.meta.url)) });
    const { rules } = (await eslint.calculateConfigForFile("src/csrf.ts")) as Linter.Config;
    const rule = rules?.["no-restricted-syntax"];
    const complaints = (code: string) =>
      new Linter().verify(code, { rules: { "no-restricted-syntax": rule ?? "off" } });
    for (const name of ["mac", "tag", "token", "sig", "csrfToken", "SIG"]) {
      for (const sign of ["===", "!==", "==", "!="]) {
        for (const code of [`${name} ${sign} given;`, `given ${sign} ${name};`]) {
          expect(
            complaints(code).map(({ message }) => message),
            code,
          ).toEqual(["SEC-116: compare secrets with timingSafeEqual."]);
        }
      }
    }
    expect(complaints("timingSafeEqual(mac, given); stage === one;")).toEqual([]);
  });
});
