// Sessions sealed by hand with the guarantees of Quickstep's cookies: the cookie's name, purpose and format are authenticated, the key
// is told by an id, a text has one spelling, id and times are inside and are checked, and what comes out is plain data.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createXaes } from "./xaes.mjs";

const HEAD = Buffer.from("01c0ffee01", "hex");
const [ID, TIMES] = [18, 12];
const IDLE = 24 * 3_600_000;
const LIFETIME = 14 * IDLE;

export function createSafeSeal(key, name) {
  const xaes = createXaes(key);
  const aad = Buffer.from(`\x01\0session\0${name}`);
  return {
    /** `record` is what `open` gave, or `{ data }`. */
    seal({ id = randomBytes(ID).toString("base64url"), createdAt, data }) {
      const json = JSON.stringify(data);
      const plain = Buffer.allocUnsafe(ID + TIMES + Buffer.byteLength(json));
      const now = Date.now();
      plain.write(id, 0, "base64url");
      plain.writeUIntBE(createdAt ?? now, ID, 6);
      plain.writeUIntBE(now, ID + 6, 6);
      plain.write(json, ID + TIMES);
      const nonce = xaes.drawNonce();
      const gcm = createCipheriv("aes-256-gcm", xaes.messageKey(nonce), nonce.subarray(12));
      gcm.setAAD(aad);
      const sealed = gcm.update(plain);
      gcm.final();
      const text = Buffer.concat([HEAD, nonce, sealed, gcm.getAuthTag()]).toString("base64url");
      if (name.length + text.length > 4096) throw new Error("this session is too large");
      return text;
    },
    /** The session's id, beginning and data; `null` for what does not open, has expired or is not plain. */
    open(text) {
      if (text === undefined || text.length > 4096) return null;
      const bytes = Buffer.from(text, "base64url");
      if (bytes.length < HEAD.length + 40 + ID + TIMES) return null;
      if (bytes.toString("base64url") !== text) return null;
      if (bytes.compare(HEAD, 0, HEAD.length, 0, HEAD.length) !== 0) return null;
      const nonce = bytes.subarray(HEAD.length, HEAD.length + 24);
      const gcm = createDecipheriv("aes-256-gcm", xaes.messageKey(nonce), nonce.subarray(12));
      gcm.setAAD(aad);
      gcm.setAuthTag(bytes.subarray(bytes.length - 16));
      const plain = gcm.update(bytes.subarray(HEAD.length + 24, bytes.length - 16));
      try {
        gcm.final();
      } catch {
        return null;
      }
      const now = Date.now();
      const createdAt = plain.readUIntBE(ID, 6);
      const age = now - createdAt;
      const idle = now - plain.readUIntBE(ID + 6, 6);
      if (age > LIFETIME || idle > IDLE || age < -60_000 || idle < -60_000) return null;
      const data = JSON.parse(plain.toString("utf8", ID + TIMES));
      return isPlain(data) ? { id: plain.toString("base64url", 0, ID), createdAt, data } : null;
    },
  };
}

function isPlain(value) {
  if (typeof value !== "object" || value === null) return true;
  for (const key in value) if (key === "__proto__" || !isPlain(value[key])) return false;
  return true;
}
