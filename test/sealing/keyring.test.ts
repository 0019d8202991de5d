import * as crypto from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { createKeyring } from "../../src/sealing/keyring.ts";
import { publishedKeys } from "../../src/sealing/sealing-key.ts";

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, scryptSync: vi.fn(real.scryptSync) };
});

const raw = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 3));
const hexKey = `hex:${raw.toString("hex")}`;
const base64Key = `base64:${raw.toString("base64")}`;
const passphrase = "correct horse battery staple, and more";

function keyring(setting: unknown, environment: unknown = "production", warn = vi.fn()) {
  return createKeyring(setting, { environment, warn });
}

function refusal(setting: unknown, environment?: unknown): ConfigError {
  try {
    keyring(setting, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the key was accepted");
}

afterEach(() => {
  vi.clearAllMocks();
});

describe("the configured keys", () => {
  it.each([
    ["nothing", undefined, "session-key-missing"],
    ["null", null, "session-key-missing"],
    ["an empty string", "", "session-key-missing"],
    ["an empty list", [], "session-key-missing"],
    ["a list with a hole", [hexKey, undefined], "session-key-missing"],
    ["15 characters", "abcdefghijklmno", "session-key-weak"],
    ["15 characters and a line end", "abcdefghijklmno\n", "session-key-weak"],
    ["one character repeated", "x".repeat(64), "session-key-weak"],
    ["one wide character repeated", "😀".repeat(20), "session-key-weak"],
    ["blanks", " ".repeat(40), "session-key-weak"],
    ["zero bytes in hex", `hex:${"00".repeat(32)}`, "session-key-weak"],
    ["zero bytes in base64", `base64:${"A".repeat(43)}=`, "session-key-weak"],
    ["a weak second key", [hexKey, "short"], "session-key-weak"],
    ["a number", 1234567890123456, "session-key-invalid"],
    ["a list in a list", [[hexKey]], "session-key-invalid"],
  ])("SEC-111 refuses %s and says how to make a key", (_, setting, code) => {
    const error = refusal(setting);
    expect(error.code).toBe(code);
    expect(error.message).toContain("session_cookie_key");
    expect(error.message).toContain("make one with: npx quickstep secret");
  });

  it.each(publishedKeys.map((key, index) => ({ key, index })))(
    "SEC-111 refuses the published key $index outside development and test, and warns there",
    ({ key }) => {
      for (const environment of ["production", "staging", undefined]) {
        expect(refusal(key, environment).code).toBe("session-key-weak");
        expect(refusal(`${key}\n`, environment).message).not.toContain(key);
      }
      for (const environment of ["development", "test"]) {
        const warn = vi.fn();
        keyring(key, environment, warn);
        expect(warn.mock.calls.map(String).join()).toContain("example from the documentation");
        expect(warn.mock.calls.map(String).join()).not.toContain(key);
      }
    },
  );

  it("SEC-111 warns below 32 bytes of key material, counted in bytes, and not from there on", () => {
    for (const [key, warnings] of [
      ["0123456789abcdef", 1],
      ["0123456789abcdef0123456789abcde", 1],
      ["0123456789abcdef0123456789abcdef", 0],
      ["0123456789ab" + "é".repeat(10), 0],
      [hexKey, 0],
    ] as const) {
      const warn = vi.fn();
      keyring(key, "production", warn);
      expect(warn, key).toHaveBeenCalledTimes(warnings);
    }
  });

  it("SEC-111 takes 16 different characters as enough", () => {
    expect(keyring("0123456789abcdef").keys).toHaveLength(1);
  });

  it("SEC-111 never prints a key", () => {
    const secrets = [
      "tiny-secret",
      "base64:secret!",
      "hex:secretsecret",
      "hex:abcd",
      "base64:abcd",
    ];
    for (const secret of secrets) {
      expect(refusal(secret).message).not.toContain(secret.slice(secret.indexOf(":") + 1));
    }
  });

  it("SEC-112 gives one key whatever its encoding, with a byte-order mark or a line end", () => {
    const unpadded = base64Key.replace(/=$/, "");
    const urlSafe = `base64:${raw.toString("base64url")}`;
    const spellings = [
      hexKey,
      hexKey.replace(raw.toString("hex"), raw.toString("hex").toUpperCase()),
    ];
    spellings.push(
      base64Key,
      unpadded,
      urlSafe,
      `${hexKey}\n`,
      `${base64Key}\r\n`,
      `\uFEFF${hexKey}`,
    );
    const derived = spellings.map((key) => keyring(key).deriveKey("any").toString("hex"));
    expect(new Set(derived).size).toBe(1);
  });

  it("SEC-112 takes one line end off a passphrase, and nothing else", () => {
    const derived = (key: string): string => keyring(key).deriveKey("any").toString("hex");
    const plain = derived(passphrase);
    expect(derived(`\uFEFF${passphrase}\r\n`)).toBe(plain);
    for (const other of [`${passphrase}\n\n`, `${passphrase} `, ` ${passphrase}`]) {
      expect(derived(other)).not.toBe(plain);
    }
  });

  it.each([
    ["hex:", "32 bytes", "found 0"],
    [hexKey.slice(0, -2), "32 bytes", "found 31"],
    [hexKey.slice(0, -1), "32 bytes", "found 63 hex digits"],
    [`${hexKey}00`, "32 bytes", "found 33"],
    [`base64:${raw.toString("base64").slice(0, 40)}`, "32 bytes", "found 30"],
    [`base64:${Buffer.alloc(33, "ab").toString("base64")}`, "32 bytes", "found 33"],
    [`${hexKey.slice(0, -1)}g`, "not hex", ""],
    [`${hexKey} `, "not hex", ""],
    [`${hexKey}\n\n`, "not hex", ""],
    [`base64:*${raw.toString("base64").slice(1)}`, "not base64", ""],
    [`base64:-+${raw.toString("base64").slice(2)}`, "not base64", ""],
    [`${base64Key}=`, "32 bytes", "left-over"],
    [`base64:${raw.toString("base64").slice(0, 42)}9`, "32 bytes", "left-over"],
  ])("SEC-112 says what is expected and what it found: %#", (key, expected, found) => {
    const error = refusal(key);
    expect(error.code).toBe("session-key-invalid");
    expect(error.message).toContain(expected);
    expect(error.message).toContain(found);
  });

  it("SEC-112 names the place of a bad key in a list", () => {
    expect(refusal([hexKey, "hex:00"]).message).toContain("session_cookie_key[1]");
  });

  it("SEC-105 derives unrelated keys for different uses", () => {
    const ring = keyring(hexKey);
    const labels = ["session-data", "session-last-use", "csrf", "signed-cookies", "", "use:csrf"];
    const derived = labels.map((label) => ring.deriveKey(label).toString("hex"));
    expect(new Set([...derived, raw.toString("hex")]).size).toBe(labels.length + 1);
    expect(ring.deriveKey("csrf")).toEqual(keyring(base64Key).deriveKey("csrf"));
    expect(ring.deriveKey("csrf")).toHaveLength(32);
  });

  it("SEC-105 derives keys and key ids as RFC 5869 has it", () => {
    const extracted = crypto.createHmac("sha256", Buffer.alloc(32)).update(raw).digest();
    const expanded = (info: string): Buffer =>
      crypto.createHmac("sha256", extracted).update(`quickstep/v1/${info}\x01`).digest();
    const ring = keyring(hexKey);
    expect(ring.deriveKey("csrf")).toEqual(expanded("use:csrf"));
    expect(ring.keys[0].id).toEqual(expanded("key-id").subarray(0, 4));
  });

  it("SEC-113 stretches each passphrase once, at creation, and keys of 32 bytes not at all", () => {
    keyring([hexKey, base64Key]);
    expect(crypto.scryptSync).not.toHaveBeenCalled();
    const ring = keyring([passphrase, hexKey, passphrase]);
    expect(crypto.scryptSync).toHaveBeenCalledTimes(1);
    expect(ring.keys).toHaveLength(2);
    for (let use = 0; use < 10; use += 1) ring.deriveKey(`use ${use}`);
    expect(crypto.scryptSync).toHaveBeenCalledTimes(1);
  });

  it("SEC-113 keeps the costs of stretching as they are, for they are part of every cookie", () => {
    const root = crypto.scryptSync(passphrase, "quickstep/v1/session_cookie_key", 32, {
      N: 32_768,
      r: 8,
      p: 1,
      maxmem: 2 ** 27,
    });
    expect(keyring(passphrase).deriveKey("any")).toEqual(
      keyring(`hex:${root.toString("hex")}`).deriveKey("any"),
    );
  });
});
