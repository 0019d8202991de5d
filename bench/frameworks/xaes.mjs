// XAES-256-GCM (C2SP) by hand over node:crypto, with one kept ECB object and nothing else: the floor that sealing is measured against.
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from "node:crypto";

// Since Node 24 a cipher takes four times as long to make from bytes as from a KeyObject; before, the object costs more.
const takesBytesSlowly = Number.parseInt(process.versions.node) >= 24;

/** Text to base64url(nonce 24 | ciphertext | tag 16) and back; `open` answers undefined for what does not open. */
export function createXaes(key) {
  const ecb = createCipheriv("aes-256-ecb", createSecretKey(key), null).setAutoPadding(false);
  const l = ecb.update(Buffer.alloc(16));
  const k1 = Buffer.alloc(16);
  for (let i = 0; i < 16; i++) k1[i] = (l[i] << 1) | (i < 15 ? l[i + 1] >> 7 : 0);
  if (l[0] & 0x80) k1[15] ^= 0x87;
  const blocks = Buffer.alloc(32);
  const messageKey = (nonce) => {
    blocks[0] = k1[0];
    blocks[1] = 1 ^ k1[1];
    blocks[2] = 0x58 ^ k1[2];
    blocks[3] = k1[3];
    blocks[16] = k1[0];
    blocks[17] = 2 ^ k1[1];
    blocks[18] = 0x58 ^ k1[2];
    blocks[19] = k1[3];
    for (let i = 0; i < 12; i++) blocks[4 + i] = blocks[20 + i] = nonce[i] ^ k1[4 + i];
    const derived = ecb.update(blocks);
    return takesBytesSlowly ? createSecretKey(derived) : derived;
  };
  const pool = Buffer.allocUnsafe(24 * 256);
  let at = pool.length;
  const drawNonce = () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    return pool.subarray(at, (at += 24));
  };
  return {
    messageKey,
    drawNonce,
    seal(text) {
      const nonce = drawNonce();
      const gcm = createCipheriv("aes-256-gcm", messageKey(nonce), nonce.subarray(12));
      const sealed = gcm.update(text, "utf8");
      gcm.final();
      return Buffer.concat([nonce, sealed, gcm.getAuthTag()]).toString("base64url");
    },
    open(text) {
      const bytes = Buffer.from(text, "base64url");
      if (bytes.length < 40) return undefined;
      const gcm = createDecipheriv("aes-256-gcm", messageKey(bytes), bytes.subarray(12, 24));
      gcm.setAuthTag(bytes.subarray(bytes.length - 16));
      const out = gcm.update(bytes.subarray(24, bytes.length - 16), undefined, "utf8");
      try {
        gcm.final();
      } catch {
        return undefined;
      }
      return out;
    },
  };
}
