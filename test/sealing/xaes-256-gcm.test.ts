import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Xaes256Gcm } from "../../src/sealing/xaes-256-gcm.ts";

interface Vector {
  readonly id: string;
  readonly key: string;
  readonly nonce: string;
  readonly plaintext: string;
  readonly aad: string;
  readonly ciphertext: string;
  readonly valid: boolean;
}

const file = new URL("../fixtures/session-vectors/xaes-256-gcm.json", import.meta.url);
const { vectors, accumulated } = JSON.parse(readFileSync(file, "utf8")) as {
  vectors: Vector[];
  accumulated: Record<string, string>;
};

const none = Buffer.alloc(0);

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

describe("XAES-256-GCM", () => {
  it.each(vectors.filter((vector) => vector.valid))(
    "SEC-104 seals and opens the C2SP vector $id",
    (vector) => {
      const cipher = new Xaes256Gcm(bytes(vector.key));
      const [nonce, aad] = [bytes(vector.nonce), bytes(vector.aad)];
      const sealed = vector.nonce + vector.ciphertext;
      expect(cipher.seal(none, nonce, bytes(vector.plaintext), aad).toString("hex")).toBe(sealed);
      expect(cipher.open(bytes(sealed), 0, aad)?.toString("hex")).toBe(vector.plaintext);
      expect(cipher.open(bytes(`abcd${sealed}`), 2, aad)?.toString("hex")).toBe(vector.plaintext);
    },
  );

  it.each(vectors.filter((vector) => !vector.valid))("SEC-104 refuses the vector $id", (vector) => {
    const cipher = new Xaes256Gcm(bytes(vector.key));
    const sealed = bytes(vector.nonce + vector.ciphertext);
    expect(cipher.open(sealed, 0, bytes(vector.aad))).toBeUndefined();
  });

  it("SEC-104 agrees with the published hash over 10,000 random messages", () => {
    const iterations = 10_000;
    const stream = createHash("shake128", { outputLength: iterations * 600 }).digest();
    const result = createHash("shake128", { outputLength: 32 });
    let at = 0;
    const read = (length: number): Buffer => stream.subarray(at, (at += length));
    for (let round = 0; round < iterations; round += 1) {
      const cipher = new Xaes256Gcm(read(32));
      const nonce = read(24);
      const plaintext = read(read(1)[0]!);
      const aad = read(read(1)[0]!);
      const sealed = cipher.seal(none, nonce, plaintext, aad);
      result.update(sealed.subarray(nonce.length));
      if (round % 10 === 0) expect(cipher.open(sealed, 0, aad)).toEqual(plaintext);
    }
    expect(at).toBeLessThanOrEqual(stream.length);
    expect(stream.subarray(0, 16).toString("hex")).toBe(accumulated["rng_starts"]);
    expect(result.digest("hex")).toBe(accumulated["iterations_10000"]);
  });

  it("gives one key's messages the same result in any order", () => {
    const cipher = new Xaes256Gcm(Buffer.alloc(32, 7));
    const nonces = [Buffer.alloc(24, 1), Buffer.alloc(24, 2)] as const;
    const seal = (nonce: Buffer): string => cipher.seal(none, nonce, none, none).toString("hex");
    const first = nonces.map(seal);
    const last = nonces.toReversed().map(seal);
    expect(last.toReversed()).toEqual(first);
  });

  it("refuses to seal under a nonce of another length, and opens nothing that has no room for one", () => {
    const cipher = new Xaes256Gcm(Buffer.alloc(32, 7));
    for (const length of [0, 12, 23, 25]) {
      expect(() => cipher.seal(none, Buffer.alloc(length), none, none)).toThrow(RangeError);
    }
    const shortest = cipher.seal(none, Buffer.alloc(24), none, none);
    expect(cipher.open(shortest, 0, none)).toEqual(none);
    for (const length of [0, 12, 24, 39]) {
      expect(cipher.open(shortest.subarray(0, length), 0, none)).toBeUndefined();
    }
  });
});
