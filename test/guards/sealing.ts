/** Guards of group 1xx: keys and what they seal. */
import { guardsOf } from "./guard.ts";

export const sealing = [
  ...guardsOf("src/sealing/xaes-256-gcm.ts", [
    [
      "SEC-101 SEC-104 SEC-105 SEC-106 SEC-107 SEC-117",
      "    try {\n      gcm.final();\n    } catch {\n      return undefined;\n    }\n",
      "",
      [
        "sealing/sealer.test.ts",
        "sealing/xaes-256-gcm.test.ts",
        "engines/session/cookie.test.ts",
        "session/rejected-cookies.test.ts",
      ],
    ],
    [
      "SEC-101",
      "const ciphertext = gcm.update(plaintext);",
      "gcm.update(plaintext);\n    const ciphertext = Buffer.from(plaintext);",
      ["engines/session/cookie.test.ts"],
    ],
    ["SEC-104", "? 0x87n : 0n", "? 0x86n : 0n"],
  ]),
  ...guardsOf("src/sealing/sealer.ts", [
    ["SEC-101", 'if (bytes.toString("base64url") !== text) return "alphabet";', ""],
    ["SEC-103", "    randomFillSync(pool);\n", "", ["sealing/sealer.test.ts"]],
    ["SEC-104", "const formatVersion = 1;", "const formatVersion = 2;"],
    ["SEC-106", "withLength(options.cookieName),", 'withLength("cookie"),'],
    [
      "SEC-106",
      "  return Buffer.concat([length, bytes]);",
      "  return bytes;",
      ["sealing/sealer.test.ts"],
    ],
    ["SEC-107 SEC-108", 'if (bytes[0] !== formatVersion) return "version";', ""],
    [
      "SEC-107",
      "const cipher = this.#byKeyId.get(bytes.readUInt32BE(1));",
      "const cipher: Xaes256Gcm | undefined = this.#cipher;",
      ["sealing/sealer.test.ts"],
    ],
    [
      "SEC-109",
      "const cipher = this.#byKeyId.get(bytes.readUInt32BE(1));",
      "const cipher = [...this.#byKeyId.values()].find((one) => one.open(bytes, headBytes, this.#aad));",
      ["sealing/sealer.test.ts"],
    ],
    [
      "SEC-110",
      "this.#byKeyId.set(key.id.readUInt32BE(), new Xaes256Gcm(key.derive(purpose)));",
      "",
    ],
    ["SEC-114", "text.length > this.#maxLength || ", ""],
    [
      "SEC-118",
      'if (cipher === undefined) return "key";',
      'if (cipher === undefined) throw new Error("no such key");',
    ],
    ["SEC-122", 'this.#aad).toString("base64url");', 'this.#aad).toString("base64");'],
  ]),
  ...guardsOf("src/sealing/keyring.ts", [
    ["SEC-111", "if (first === undefined) {", 'if (setting === "no such setting") {'],
    [
      "SEC-112",
      "? `${name}[${values.indexOf(value)}]` : name",
      "? name : name",
      ["sealing/keyring.test.ts"],
    ],
    ["SEC-113", "[...new Set(values)]", "[...values]", ["sealing/keyring.test.ts"]],
  ]),
  ...guardsOf("src/session/inspect.ts", [
    [
      "SEC-109",
      "seals: at === 0,",
      "seals: at >= 0,",
      ["cli/session.test.ts", "session/inspect.test.ts"],
    ],
  ]),
  ...guardsOf("src/sealing/sealing-key.ts", [
    ["SEC-105", "`use:${label}`", '"use"'],
    ["SEC-105", "`quickstep/v1/${info}`", "info", ["sealing/keyring.test.ts"]],
    ["SEC-111", "if (characters.length < 16) {", "if (characters.length < 1) {"],
    ["SEC-111", "if (characters.length < 16) {", "if (characters.length < 17) {"],
    [
      "SEC-111",
      "if (new Set<number | string>(root ?? characters).size === 1)",
      "if (characters.length < 1)",
      ["sealing/keyring.test.ts", "engines/session/cookie.test.ts", "session/seed.test.ts"],
    ],
    ["SEC-111", "if (publishedKeys.includes(text)) {", 'if (text === "") {'],
    ["SEC-111", "if (root === undefined && size < 32) {", "if (size < 0) {"],
    [
      "SEC-111",
      "has ${characters.length} characters and",
      "is ${text} and",
      ["sealing/keyring.test.ts"],
    ],
    [
      "SEC-111",
      '"session-key-missing", `${rules.name} is not set; ${keyAdvice}`',
      '"session-key-missing", rules.name',
    ],
    ["SEC-112", '.replace(/^\\uFEFF/, "").replace(/\\r?\\n$/, "")', ""],
    ["SEC-112", '.replace(/^\\uFEFF/, "").replace(/\\r?\\n$/, "")', ".trim()"],
    ["SEC-112", "if (odd || bytes.length !== 32) {", "if (bytes.length > 99) {"],
    ["SEC-112", "if (!wellFormed)", 'if (digits === "no digits")'],
    ["SEC-113", "root ?? stretch(text)", "stretch(text)", ["sealing/keyring.test.ts"]],
    [
      "SEC-113",
      "return expand(this.#root, `use:${label}`, length);",
      "stretch(label);\n    return expand(this.#root, `use:${label}`, length);",
      ["sealing/keyring.test.ts"],
    ],
    ["SEC-113", "N: 2 ** 15", "N: 2 ** 14", ["sealing/keyring.test.ts"]],
  ]),
  ...guardsOf("src/engines/session/cookie.ts", [
    [
      "SEC-102",
      "      this.#report(opened);\n      return undefined;",
      `      try {
        const data = JSON.parse(Buffer.from(decodeURIComponent(cookie).split(/[.]|--/)[0] ?? "", "base64").toString());
        const now = this.#options.now();
        return { id: "A".repeat(24), version: 1, createdAt: now, lastSeen: now, data };
      } catch {
        return undefined;
      }`,
    ],
    [
      "SEC-107",
      "if (lastUse?.id !== id) return sealedAt;",
      "if (lastUse === undefined) return sealedAt;",
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-109 SEC-110",
      'report?.("old-key", opened.keyId);\n    return { ...record, stale: true };',
      "return record;",
      ["session/inspect.test.ts", "session/lifetime.test.ts", "engines/session/cookie.test.ts"],
    ],
    [
      "SEC-111",
      'createKeyring(options.setting("session_cookie_key"), {',
      'createKeyring(options.setting("session_cookie_key") ?? "a key for everybody to know", {',
    ],
    [
      "SEC-113",
      "const opened = this.#sessions.open(cookie);",
      'if (cookie === "bogus99") createKeyring("a passphrase of a request", { environment: "test", warn: () => undefined });\n    const opened = this.#sessions.open(cookie);',
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-117",
      "      this.#report(opened);\n      return undefined;",
      '      if (opened === "tampered") throw new Error("tampered with");\n      return undefined;',
    ],
  ]),
  ...guardsOf("src/session/sealed-session.ts", [
    [
      "SEC-105",
      'LAST_USE_PURPOSE = "session-last-use"',
      'LAST_USE_PURPOSE = "session-data"',
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-115",
      "  bytes.write(json, headBytes);\n  return bytes;",
      '  return Buffer.concat([bytes.subarray(0, headBytes), process.getBuiltinModule("node:zlib").deflateRawSync(json)]);',
    ],
    [
      "SEC-119",
      "return isPlainJson(data, -1) ?",
      "return data !== undefined ?",
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-119",
      "  } catch {\n    return undefined;\n  }\n  if (typeof data",
      "  } catch {\n    data = {};\n  }\n  if (typeof data",
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-119",
      "return isPlainJson(data, -1) ?",
      'return isPlainJson(data, -1) && !Object.hasOwn(data, "constructor") ?',
      ["engines/session/cookie.test.ts"],
    ],
    [
      "SEC-120",
      "bytes.write(json, headBytes);",
      'bytes.write(json, headBytes, "latin1");',
      ["session/values.test.ts"],
    ],
    [
      "SEC-402",
      "if (!isSessionId(id)) throw new SessionError",
      "if (id === undefined) throw new SessionError",
      ["engines/session/cookie.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/plain-data.ts", [
    ["SEC-119", "export const maxDepth = 100;", "export const maxDepth = 1000;"],
    [
      "SEC-119",
      "  if (depth >= maxDepth) return false;\n",
      "  if (depth >= 2 * maxDepth) return false;\n",
      ["session/plain-data.test.ts"],
    ],
    [
      "SEC-119",
      'if (key === "__proto__") {',
      'if (key === "constructor" || key === "prototype") {',
    ],
    ["SEC-120", "if (!Number.isFinite(value)) throw", "if (value === 42.5) throw"],
    [
      "SEC-120",
      "return value + 0;\n      case",
      "return Math.round(value);\n      case",
      ["session/plain-data.test.ts"],
    ],
    [
      "SEC-120",
      'if (typeof value === "number" && Number.isFinite(value)) return value + 0;',
      'if (typeof value === "number") return value + 0;',
    ],
    ["SEC-120", "if (!isPlainHolder(value, isArray)) throw", "if (value instanceof Error) throw"],
    ["SEC-120", "if (this.#parents.includes(value)) {", "if (this.#parents.length > 99) {"],
    [
      "SEC-120",
      "    const copy = isArray ? this.#copyArray(value) : this.#copyRecord(value);",
      "    const copy = value;",
      ["session/plain-data.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session-values.ts", [
    ["SEC-119", 'if (key === "__proto__") {', 'if (key === "no such key") {'],
    ["SEC-120", "    copyPlain(value, key);\n    const before", "    const before"],
    ["SEC-120", "plain[key] = copyPlain(value, key);", "plain[key] = value;"],
    ["SEC-120", "if (!mayChange) this.#plain = plain;", "this.#plain = plain;"],
  ]),
  ...guardsOf("src/session/session.ts", [
    [
      "SEC-105",
      "const use = `session-secret:${label}`;",
      'const use = "session-fingerprint";',
      ["csrf.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/reserved-keys.ts", [
    ["SEC-119", "if (word === undefined) return;", "if (word !== key) return;"],
  ]),
  ...guardsOf("src/session/session-id.ts", [
    [
      "SEC-103",
      'return randomBytes(sessionIdBytes).toString("base64url");',
      'return String(Math.random()).padEnd(24, "A").slice(0, 24).replace(".", "-");',
    ],
  ]),
  ...guardsOf("src/server/server.ts", [
    ["SEC-118", "requireHostHeader: false,", "requireHostHeader: false, insecureHTTPParser: true,"],
  ]),
  ...guardsOf("src/config/setting-kinds.ts", [
    [
      "SEC-111",
      'value !== "" && pattern.test(value) ? value',
      "pattern.test(value) ? value",
      ["session/seed.test.ts"],
    ],
  ]),
  ...guardsOf("eslint.config.js", [["SEC-116", "(mac|tag|token|sig)$/i", "(mac|tag|token)$/i"]]),
];
