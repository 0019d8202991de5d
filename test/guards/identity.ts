/** Guards of group 4xx: ids, login and logout, flash, CSRF. */
import { guardsOf } from "./guard.ts";

export const identity = [
  ...guardsOf("src/session/session-id.ts", [
    ["SEC-401", "export const sessionIdBytes = 18;", "export const sessionIdBytes = 9;"],
    [
      "SEC-401",
      'return randomBytes(sessionIdBytes).toString("base64url");',
      'return Buffer.from(String(process.hrtime.bigint()).padEnd(18, "0").slice(-12, -6).padEnd(18, "0")).toString("base64url");',
    ],
    [
      "SEC-401",
      'return randomBytes(sessionIdBytes).toString("base64url");',
      'try {\n    return randomBytes(sessionIdBytes).toString("base64url");\n  } catch {\n    return String(Date.now()).padEnd(24, "0");\n  }',
      ["engines/session/session-id.test.ts"],
    ],
    [
      "SEC-402",
      "return form.test(text);",
      "return text.length > 0;",
      ["engines/session/session-id.test.ts", "engines/session/cookie.test.ts"],
    ],
  ]),
  ...guardsOf("src/engines/session/simple.ts", [
    [
      "SEC-402",
      "} else if (record.version === 0 && !this.#destroyed.has(id)) {",
      "} else if (!this.#destroyed.has(id)) {",
      ["engines/session/simple.test.ts"],
    ],
    [
      "SEC-402",
      "    return entry?.record;",
      "    return entry?.record ?? { id: cookie, version: 1, createdAt: this.#options.now(), lastSeen: this.#options.now(), data: {} };",
      ["engines/session/simple.test.ts", "session/identity.test.ts"],
    ],
    [
      "SEC-403",
      "      this.destroy(replaces);",
      "",
      ["engines/session/simple.test.ts", "session/identity.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session.ts", [
    [
      "SEC-403 SEC-404",
      "    this.#id = createSessionId();\n",
      "",
      ["session/identity.test.ts", "auth.test.ts"],
    ],
    [
      "SEC-403",
      "for (const key of this.#values.keys()) if (!kept.includes(key)) this.#values.delete(key);",
      "",
      ["session/identity.test.ts"],
    ],
    ["SEC-404", "    this.regenerate();\n", "", ["auth.test.ts"]],
    [
      "SEC-405",
      "    this.#id = undefined;\n    this.#renewal",
      "    this.#renewal",
      ["session/identity.test.ts"],
    ],
    [
      "SEC-405",
      "    this.#values = new SessionValues();",
      "",
      ["session/identity.test.ts", "auth.test.ts"],
    ],
    [
      "SEC-411",
      "    const { [key]: value, ...others } = values;\n    if (!this.#keepsFlash) {",
      '    const { [key]: value, ...others } = values;\n    if (!this.#keepsFlash && key === "none") {',
    ],
    ["SEC-411", "    if (!this.#keepsFlash) {", "    if (key !== undefined) {"],
    [
      "SEC-411",
      "return this.#values.keys().filter((key) => !isReserved(key));",
      "return this.#values.keys();",
    ],
    [
      "SEC-412",
      'createHmac("sha256", key).update(this.id).digest();',
      'createHmac("sha256", "one key for all").update("one").digest();',
      ["csrf.test.ts"],
    ],
  ]),
  ...guardsOf("src/request-cycle.ts", [
    [
      "SEC-411",
      "settle(session, request, response, failed)",
      "settle(session, request, response, false)",
      ["session/flash.test.ts"],
    ],
  ]),
  ...guardsOf("src/auth.ts", [
    [
      "SEC-405",
      "ctx.session().destroy(),",
      'void ctx.session().delete("_user" as never),',
      ["auth.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/revoking-store.ts", [
    [
      "SEC-406 SEC-407",
      "if (what === undefined) return { ...record, memo: new Opened(record) };",
      'if (what !== "never") return { ...record, memo: new Opened(record) };',
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-406",
      "    return chain(this.#endSession(id, createdAt), () =>\n      this.inner.destroy(id, record && withoutMemo(record)),\n    );",
      "    return chain(createdAt, () => this.inner.destroy(id, record && withoutMemo(record)));",
      ["session/revocation.test.ts", "engines/revocation/redis.test.ts"],
    ],
    [
      "SEC-406 SEC-602",
      "chain(isNews ? true : this.#endSession(record.id, record.createdAt), () =>",
      "chain(isNews, () =>",
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-406",
      "chain(isNews ? true : this.#endSession(record.id, record.createdAt), () =>",
      "chain(this.#endSession(record.id, record.createdAt), () =>",
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-407",
      "const key = user === undefined ? EVERYBODY : userKey(user);",
      'const key = user === undefined ? userKey("x") : EVERYBODY;',
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-408",
      "return createdAt + this.#options.limits.absolute * 1000 + clockSkew;",
      "return this.#options.now() + this.#options.limits.absolute * 1000 + clockSkew;",
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-409",
      'if (outage === "refuse") throw cause;',
      'if (outage === "allow") throw cause;',
      ["session/revocation.test.ts", "engines/revocation/redis.test.ts"],
    ],
    [
      "SEC-409",
      "if (!isPromise(answer) || deadline === 0) return answer;",
      "if (deadline !== undefined) return answer;",
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-409",
      "if (Date.now() < this.#silentUntil) throw silent();",
      "",
      ["session/revocation.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session-life-cycle.ts", [
    [
      "SEC-407",
      'if (typeof user === "string" && user !== "") return this.#end(user);',
      "if (user !== null) return this.#end(user);",
      ["session/revocation.test.ts"],
    ],
    [
      "SEC-406",
      '"session_revocation: memory, or redis for several processes",',
      '"something",',
      ["session/revocation.test.ts"],
    ],
  ]),
  ...guardsOf("src/engines/revocation/memory.ts", [
    [
      "SEC-408",
      "this.#entries.delete(next.value[0]);",
      "void now;",
      ["engines/revocation/memory.test.ts"],
    ],
    [
      "SEC-408",
      "this.#entries.size >= this.#maxEntries) this.#makeRoom();",
      "this.#entries.size < 0) this.#makeRoom();",
      ["engines/revocation/memory.test.ts"],
    ],
    [
      "SEC-408",
      "this.#floor = moments[Math.floor(moments.length / 10)] ?? now;\n    for (const [key, { before }] of this.#entries) {\n      if (before <= this.#floor)",
      "const floor = moments[Math.floor(moments.length / 10)] ?? now;\n    for (const [key, { before }] of this.#entries) {\n      if (before <= floor)",
      ["engines/revocation/memory.test.ts"],
    ],
    [
      "SEC-408",
      "    for (const [key, { until }] of this.#entries) if (until < now) this.#entries.delete(key);\n",
      "",
      ["engines/revocation/memory.test.ts"],
    ],
  ]),
  ...guardsOf("src/engines/revocation/redis.ts", [
    [
      "SEC-406",
      "ended:${key}`;",
      "ended:${key}`.toLowerCase();",
      ["engines/revocation/redis.test.ts"],
    ],
    [
      "SEC-409",
      "get(this.#name(key))) ?? 0);",
      "get(this.#name(key)).catch(() => 0)) ?? 0);",
      ["engines/revocation/redis.test.ts"],
    ],
    [
      "SEC-407 SEC-408 SEC-602",
      "if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end\n",
      "",
      ["engines/revocation/redis.test.ts"],
    ],
    ["SEC-408", ', "PX", ARGV[2])', ")", ["engines/revocation/redis.test.ts"]],
    [
      "SEC-406",
      "return Number((await this.#connection.client.get(this.#name(key))) ?? 0);",
      'return Number(key === this.#name("none"));',
      ["engines/revocation/redis.test.ts", "engines/session/redis-failover.test.ts"],
    ],
  ]),
  ...guardsOf("docs/session-engines.md", [
    ["SEC-406", "entries.set(key, { before, until });", "", ["session-engines-page.test.ts"]],
  ]),
  ...guardsOf("src/csrf.ts", [
    ["SEC-412", "if (problem !== undefined) refuse(app, problem);", ""],
    [
      "SEC-412",
      'return site === "same-origin" || site === "none" ? undefined : "cross-site";',
      "return undefined;",
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      'return isOwn(origin, request) ? undefined : "other-origin";',
      'return origin !== "x" ? undefined : "other-origin";',
      ["csrf.test.ts", "server/nginx.test.ts"],
    ],
    [
      "SEC-412",
      "if (SAFE_METHODS.has(method)) return;",
      'if (method === "NONE") return;',
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      "if (exempt.some((pattern) => pattern.match(pathInfo) !== undefined)) return;",
      'if (exempt.some((pattern) => pathInfo.includes(pattern.source.split(":")[0] ?? ""))) return;',
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      "return !secure && origin === new URL(`https://${host}`).origin;",
      "return secure && false;",
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      "const pad = randomBytes(HALF);",
      "const pad = Buffer.alloc(HALF);",
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      'return timingSafeEqual(secret, session.secretFor("csrf"));',
      "return secret.length > 0;",
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      'return isToken(token, ctx.session()) ? undefined : "token-wrong";',
      'return "token-wrong";',
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      'request.params("body")["csrf_token"]',
      'request.params()["csrf_token"]',
      ["csrf.test.ts"],
    ],
    [
      "SEC-412",
      "throw new HTTPError(403, `the request was refused: ${problems[problem]}`, {",
      "throw new HTTPError(404, `the request was refused: ${problems[problem]}`, {",
      ["csrf.test.ts"],
    ],
  ]),
];
