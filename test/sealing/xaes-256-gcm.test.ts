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

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

describe("XAES-256-GCM", () => {
  it.each(vectors.filter((vector) => vector.valid))(
    "SEC-104 seals and opens the C2SP vector $id",
    (vector) => {
      const cipher = new Xaes256Gcm(bytes(vector.key));
      const [nonce, aad] = [bytes(vector.nonce), bytes(vector.aad)];
      expect(cipher.seal(nonce, bytes(vector.plaintext), aad).toString("hex")).toBe(
        vector.ciphertext,
      );
      expect(cipher.open(nonce, bytes(vector.ciphertext), aad)?.toString("hex")).toBe(
        vector.plaintext,
      );
    },
  );

  it.each(vectors.filter((vector) => !vector.valid))("SEC-104 refuses the vector $id", (vector) => {
    const cipher = new Xaes256Gcm(bytes(vector.key));
    expect(
      cipher.open(bytes(vector.nonce), bytes(vector.ciphertext), bytes(vector.aad)),
    ).toBeUndefined();
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
      const sealed = cipher.seal(nonce, plaintext, aad);
      result.update(sealed);
      if (round % 10 === 0) expect(cipher.open(nonce, sealed, aad)).toEqual(plaintext);
    }
    expect(at).toBeLessThanOrEqual(stream.length);
    expect(stream.subarray(0, 16).toString("hex")).toBe(accumulated["rng_starts"]);
    expect(result.digest("hex")).toBe(accumulated["iterations_10000"]);
  });

  it("gives one key's messages the same result in any order", () => {
    const cipher = new Xaes256Gcm(Buffer.alloc(32, 7));
    const nonces = [Buffer.alloc(24, 1), Buffer.alloc(24, 2)] as const;
    const none = Buffer.alloc(0);
    const first = nonces.map((nonce) => cipher.seal(nonce, none, none).toString("hex"));
    const last = nonces.toReversed().map((nonce) => cipher.seal(nonce, none, none).toString("hex"));
    expect(last.toReversed()).toEqual(first);
  });

  it("refuses to seal under a nonce of another length, and opens nothing under one", () => {
    const cipher = new Xaes256Gcm(Buffer.alloc(32, 7));
    const none = Buffer.alloc(0);
    for (const length of [0, 12, 23, 25]) {
      expect(() => cipher.seal(Buffer.alloc(length), none, none)).toThrow(RangeError);
      expect(cipher.open(Buffer.alloc(length), Buffer.alloc(40), none)).toBeUndefined();
    }
  });
});
