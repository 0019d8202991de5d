/** XAES-256-GCM over node:crypto: AES-256-GCM with a nonce long enough to be random for ever. */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import type { Cipher, KeyObject } from "node:crypto";

/** How many bytes a nonce has; drawn at random, it stays safe for 2^80 messages under one key. */
export const nonceBytes = 24;

/** How many bytes the authentication tag adds to a plaintext. */
export const tagBytes = 16;

/**
 * One key of XAES-256-GCM, with everything that does not depend on the message worked out once.
 *
 * The first half of the nonce derives a key for this one message, by two blocks of the KDF in
 * counter mode with CMAC (NIST SP 800-108r1, SP 800-38B); the second half is the nonce of an
 * ordinary AES-256-GCM (NIST SP 800-38D) under that key. Specification: C2SP, XAES-256-GCM.
 */
export class Xaes256Gcm {
  readonly #blockCipher: Cipher;
  /** The CMAC subkey, K1 in the specification. */
  readonly #mask: Buffer;
  /** M1 and M2 xor K1; each message fills in its half nonce. */
  readonly #blocks: Buffer;

  /** `key` is 32 bytes of good randomness. */
  constructor(key: Buffer) {
    // One cipher serves for life: ECB remembers nothing from one whole block to the next.
    this.#blockCipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    this.#mask = doubled(this.#blockCipher.update(Buffer.alloc(16)));
    this.#blocks = Buffer.alloc(32);
    const head = this.#mask.readInt32BE(0);
    this.#blocks.writeInt32BE(head ^ 0x00015800, 0);
    this.#blocks.writeInt32BE(head ^ 0x00025800, 16);
  }

  /**
   * Encrypts and authenticates; the answer is the head, the nonce, the ciphertext and the tag. The
   * head is neither encrypted nor authenticated.
   *
   * @throws RangeError if the nonce is not 24 bytes.
   */
  seal(head: Uint8Array, nonce: Buffer, plaintext: Uint8Array, aad: Uint8Array): Buffer {
    if (nonce.length !== nonceBytes) throw new RangeError(`a nonce has ${nonceBytes} bytes`);
    const gcm = createCipheriv("aes-256-gcm", this.#messageKey(nonce, 0), nonce.subarray(12));
    gcm.setAAD(aad);
    const ciphertext = gcm.update(plaintext);
    gcm.final();
    return Buffer.concat([head, nonce, ciphertext, gcm.getAuthTag()]);
  }

  /**
   * Gives the plaintext back, or `undefined` for anything that was not sealed just so. `at` says how
   * long the head is, and so where the nonce begins.
   */
  open(sealed: Buffer, at: number, aad: Uint8Array): Buffer | undefined {
    const start = at + nonceBytes;
    const end = sealed.length - tagBytes;
    if (end < start) return undefined;
    const key = this.#messageKey(sealed, at);
    const gcm = createDecipheriv("aes-256-gcm", key, sealed.subarray(at + 12, start));
    gcm.setAAD(aad);
    // Always the whole 16 bytes; shorter tags, which node would take, never come here.
    gcm.setAuthTag(sealed.subarray(end));
    const plaintext = gcm.update(sealed.subarray(start, end));
    try {
      gcm.final();
    } catch {
      return undefined;
    }
    return plaintext;
  }

  /** The key of the message whose nonce begins here. */
  #messageKey(bytes: Buffer, at: number): Buffer | KeyObject {
    for (let word = 0; word < 12; word += 4) {
      const half = bytes.readInt32BE(at + word) ^ this.#mask.readInt32BE(word + 4);
      this.#blocks.writeInt32BE(half, word + 4);
      this.#blocks.writeInt32BE(half, word + 20);
    }
    const key = this.#blockCipher.update(this.#blocks);
    return takesBytesSlowly ? createSecretKey(key) : key;
  }
}

// Since Node 24 a cipher takes four times as long to make from bytes as from a KeyObject; before, the object costs more.
const takesBytesSlowly = Number.parseInt(process.versions.node) >= 24;

/** Doubles a block in GF(2^128), as NIST SP 800-38B makes K1 out of L. */
function doubled(block: Buffer): Buffer {
  const shifted = BigInt(`0x${block.toString("hex")}`) << 1n;
  const carry = shifted >> 128n === 1n ? 0x87n : 0n;
  const hex = (BigInt.asUintN(128, shifted) ^ carry).toString(16).padStart(32, "0");
  return Buffer.from(hex, "hex");
}
