/** Guards of group 6xx: what stores keep, and what happens when they do not answer. */
import { guardsOf } from "./guard.ts";

const redis = ["engines/session/redis.test.ts"];
const failover = ["engines/session/redis-failover.test.ts"];
const postgres = ["engines/session/postgres.test.ts"];
const yaml = ["engines/session/yaml.test.ts"];
const simple = ["engines/session/simple.test.ts"];

export const stores = [
  ...guardsOf("src/engines/session/redis.ts", [
    [
      "SEC-601",
      "const written = (isNew ? Object.keys(data) : changes.written).filter((key) =>",
      "const other = isNew ? undefined : await this.open(id);\n    for (const key of Object.keys(other?.data ?? {})) if (!Object.hasOwn(data, key)) (deleted as string[]).push(key);\n    const written = Object.keys(data).filter((key) =>",
      ["server/nginx.test.ts"],
    ],
    [
      "SEC-602",
      "    await this.#run(endScript, id);\n",
      "",
      ["server/nginx.test.ts", ...redis, ...failover],
    ],
    [
      "SEC-607",
      "await this.#connection.client.hGetAll(this.#keyOf(cookie));",
      "await this.#connection.client.hGetAll(this.#keyOf(cookie)).catch(() => ({}) as Record<string, string>);",
      [...redis, ...failover],
    ],
    [
      "SEC-602 SEC-603",
      "local live = created\n  and now - seen <= idleTime(own)\n",
      "local live = created\n",
      redis,
    ],
    [
      "SEC-602",
      "if created or ended or ARGV[6] == '' then return 0 end",
      "if ARGV[6] == '' then return 0 end",
      redis,
    ],
    [
      "SEC-402",
      "if created or ended or ARGV[6] == '' then return 0 end",
      "if created or ended then return 0 end",
      redis,
    ],
    ["SEC-603", "if live then keep() end", "keep()", redis],
    [
      "SEC-602",
      "redis.call('HSET', key, 'ended', ARGV[1])\n",
      "redis.call('HSET', key, 'other', ARGV[1])\n",
      redis,
    ],
    ["SEC-602", "return live and 1 or 0", "return 1", redis],
    [
      "SEC-403",
      "if (replaces !== undefined && !(await this.#run(endScript, replaces))) return id;",
      "void endScript;",
      redis,
    ],
    [
      "SEC-601",
      "const written = (isNew ? Object.keys(data) : changes.written).filter((key) =>",
      "const written = Object.keys(data).filter((key) =>",
      redis,
    ],
    [
      "SEC-301 SEC-302 SEC-305",
      "return isExpired(record, this.#options.limits, this.#options.now()) ? undefined : record;",
      "return record;",
      redis,
    ],
  ]),
  ...guardsOf("src/engines/session/redis-client.ts", [
    ["SEC-607", "if (!this.#isCluster) {", "if (this.#patience > 0) {", redis],
    [
      "SEC-607",
      "          topologyRefreshOnReconnectionAttemptStrategy: longestPause,\n",
      "",
      failover,
    ],
    [
      "SEC-607",
      "      return await command(client);\n    } finally {",
      "      return await command(client);\n    } catch (error) {\n      if (!messageOf(error).startsWith(`NOSCRIPT`)) this.#replace(client);\n      throw error;\n    } finally {",
      failover,
      {
        file: "src/engines/session/redis-client.ts",
        guard: "if (!this.#isCluster) {",
        without: "if (this.#patience > 0) {",
      },
    ],
  ]),
  ...guardsOf("src/engines/session/postgres.ts", [
    [
      "SEC-603",
      "WHERE id = $1 AND ${this.#live}`,\n      [idBytes(id), this.#options.now()],",
      "WHERE id = $1`,\n      [idBytes(id), this.#options.now()],",
      postgres,
    ],
    [
      "SEC-602",
      "WHERE id = $1 AND ${this.#live}`,\n      [\n",
      "WHERE id = $1`,\n      [\n",
      postgres,
    ],
    [
      "SEC-602",
      "ON CONFLICT (id) DO UPDATE SET data = NULL, ends_at = ${this.#tombstoneEnd}`,",
      "ON CONFLICT (id) DO NOTHING`,",
      postgres,
    ],
    [
      "SEC-602",
      "       WHERE ${this.#live.replaceAll(",
      "       WHERE true OR ${this.#live.replaceAll(",
      postgres,
    ],
    [
      "SEC-602",
      "WHERE id = $6 AND ${this.#live} RETURNING id",
      "WHERE id = $6 RETURNING id",
      postgres,
    ],
    ["SEC-602", '"WHERE EXISTS (SELECT FROM ended)"', '""', postgres],
    [
      "SEC-602 SEC-603",
      '`data IS NOT NULL AND $2::bigint - last_seen <= ${this.#idleTime("idle")}\n',
      "`data IS NOT NULL\n",
      postgres,
    ],
    [
      "SEC-402",
      "if (version > 0) await this.#merge(record, changes);",
      "if (version > 99) await this.#merge(record, changes);",
      postgres,
    ],
    [
      "SEC-403",
      "const ending = `WITH ended AS (\n        UPDATE ${table} SET data = NULL,",
      "const ending = `WITH ended AS (\n        UPDATE ${table} SET",
      postgres,
    ],
    ["SEC-601", "written.filter((key) => Object.hasOwn(data, key))", "Object.keys(data)", postgres],
    [
      "SEC-601",
      "data = (data - $4::text[]) || $3::jsonb",
      "data = $3::jsonb || ('{}'::jsonb - $4::text[])",
      postgres,
    ],
    [
      "SEC-301 SEC-302 SEC-305",
      "return isExpired(record, this.#options.limits, this.#options.now()) ? undefined : record;",
      "return record;",
      postgres,
    ],
  ]),
  ...guardsOf("src/engines/session/yaml.ts", [
    ["SEC-601", "data: mergeData(current.data, data, changes),", "data,", yaml],
    [
      "SEC-602",
      "if (!this.#isLive(current)) return undefined;",
      "if (!this.#isLive(current)) return { version, createdAt, lastSeen, data };",
      yaml,
    ],
    [
      "SEC-602 SEC-603",
      "return session?.data !== undefined && !isExpired(session, limits, now());",
      "return session?.data !== undefined && limits !== undefined && now() > 0;",
      yaml,
    ],
    [
      "SEC-403",
      "if (replaces !== undefined && !this.#change(replaces, endedAt(lastSeen))) return id;",
      "void replaces;",
      yaml,
    ],
  ]),
  ...guardsOf("src/engines/session/session-files.ts", [
    [
      "SEC-601",
      "linkSync(draft, join(folder, fileOf(version)));",
      "writeFileSync(join(folder, fileOf(version)), text, { mode: 0o600 });",
      yaml,
    ],
    ["SEC-608", "mode: 0o600 });", "mode: 0o644 });", yaml],
    [
      "SEC-608",
      '      writeFileSync(draft, text, { flag: "wx", mode: 0o600 });\n      utimesSync(draft, keepUntil / 1000, keepUntil / 1000);\n      linkSync(draft, join(folder, fileOf(version)));',
      '      writeFileSync(join(folder, fileOf(version)), "", { mode: 0o600 });\n      utimesSync(join(folder, fileOf(version)), keepUntil / 1000, keepUntil / 1000);\n      writeFileSync(join(folder, fileOf(version)), text, { mode: 0o600 });',
      yaml,
    ],
    [
      "SEC-608",
      "linkSync(draft, join(folder, fileOf(version)));\n      return true;",
      "for (const old of versionsIn(folder)) rmSync(join(folder, fileOf(old)));\n      linkSync(draft, join(folder, fileOf(version)));\n      return true;",
      yaml,
    ],
    ["SEC-601", "if (Math.max(...versions) > version) return false;", "", yaml],
  ]),
  ...guardsOf("src/engines/session/id-hash.ts", [
    [
      "SEC-608",
      'return createHash("sha256").update(id).digest("hex");',
      'return createHash("sha256").update("").digest("hex").slice(0, 0) + id;',
      yaml,
    ],
  ]),
  ...guardsOf("src/engines/session/simple.ts", [
    [
      "SEC-601",
      "const data = merged(old, record.data, changes);",
      "const { data } = record;",
      simple,
    ],
    ["SEC-602", "this.#destroyed.set(id, this.#options.now());", "", simple],
    [
      "SEC-602",
      "if (this.#live(replaces, now) === undefined) return id;",
      "",
      ["session/identity.test.ts", ...simple],
    ],
    [
      "SEC-602 SEC-603",
      "if (!isExpired(entry.record, this.#options.limits, now)) return entry;",
      "return entry;",
      simple,
    ],
    [
      "SEC-605",
      "if (map.size <= maxEntries) return false;",
      "if (map.size > 0) return false;",
      [...simple, "session/isolation.test.ts"],
    ],
    [
      "SEC-605",
      "if (isExpired(record, limits, moment)) this.#entries.delete(id);",
      "void [id, record, limits];",
      simple,
    ],
    [
      "SEC-605",
      "setInterval(() => this.#sweep(), sweepInterval).unref()",
      "setInterval(() => this.#sweep(), sweepInterval)",
      simple,
    ],
    [
      "SEC-605",
      "if (Object.hasOwn(data, key)) data[key] = frozen(copyPlain(data[key], key));",
      "",
      [...simple, "session/isolation.test.ts"],
    ],
    ["SEC-605", "frozen(copyPlain(data[key], key))", "copyPlain(data[key], key)", simple],
  ]),
  ...guardsOf("src/session/session-values.ts", [
    [
      "SEC-605",
      "const copy = copyPlain(value, key);",
      "const copy = value;",
      ["session/isolation.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session-life-cycle.ts", [
    [
      "SEC-604",
      "    return chain(\n      ask(() => this.#store.save(record, changes)),\n",
      "    void ask(() => this.#store.save(record, changes));\n    return chain(\n      record.id,\n",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "throw cause instanceof SessionError ? cause : unavailable(cause);",
      "throw cause;",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "if (progress.sessionFailure !== undefined) throw unavailable(progress.sessionFailure);",
      "if (progress.sessionFailure !== undefined) return (progress.session = new Session(this.#sessionOptions, undefined, false));",
      ["session/outage.test.ts", ...redis, ...postgres],
    ],
    [
      "SEC-607",
      'headers: { "Retry-After": "1" },',
      "headers: {},",
      ["session/outage.test.ts", ...redis, ...postgres],
    ],
  ]),
  ...guardsOf("src/engines/session/postgres.ts", [
    [
      "SEC-607",
      '(options.setting("session_timeout") ?? 1) * 2000 || 2000;',
      '(options.setting("session_timeout") ?? 1) * 500 || 500;',
      postgres,
    ],
  ]),
  ...guardsOf("src/engines/session/circuit-breaker.ts", [
    [
      "SEC-607",
      "if (!isLate) this.#closeCircuit();",
      "this.#closeCircuit();",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "if (this.#openedAt === undefined) return this.#limited(work());",
      "if (this.#deadline > 0) return this.#limited(work());",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "if (!isPromise(answer)) return answer;",
      "if (this.#deadline > 0) return answer;",
      ["session/outage.test.ts", ...redis],
    ],
    ["SEC-607", "    this.#openedAt = undefined;\n", "", ["session/outage.test.ts"]],
    [
      "SEC-607",
      "    this.#probeLater();\n  }\n\n  #closeCircuit",
      "  }\n\n  #closeCircuit",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "if (this.#openedAt !== undefined && !this.#closed) this.#probeLater();",
      "if (this.#openedAt !== undefined) this.#probeLater();",
      ["session/outage.test.ts"],
    ],
    [
      "SEC-607",
      "if (this.#openedAt !== undefined && !this.#closed) this.#probeLater();",
      "",
      ["session/outage.test.ts"],
    ],
  ]),
  ...guardsOf("src/request-cycle.ts", [
    ["SEC-607", "|| !mayUse) return", ") return", ["session/outage.test.ts"]],
  ]),
  ...guardsOf("src/testing/server-session-cases.ts", [
    [
      "SEC-606",
      '"SEC-602 keeps a destroyed session destroyed"',
      '"SEC-602 keeps a destroyed session gone"',
      ["testing/session-store-contract.test.ts"],
    ],
    [
      "SEC-606",
      'await mustBeGone(store, cookie, "that was destroyed while others wrote to it");',
      "",
      ["testing/session-store-contract.test.ts"],
    ],
  ]),
  ...guardsOf("docs/session-engines.md", [
    ["SEC-606", "end(changes.replaces);", "", ["session-engines-page.test.ts"]],
  ]),
  ...guardsOf("src/request/body.ts", [
    [
      "SEC-609",
      "  return new Promise((resolve, reject) => {\n    const chunks",
      "  type Start = (yes: (value: unknown) => void, no: (error: unknown) => void) => void;\n  const inEvents = (start: Start) => ({ then: (yes: (value: unknown) => unknown) => new Promise((done, no) => start((value) => done(yes(value)), no)) });\n  return inEvents((resolve, reject) => {\n    const chunks",
      ["request/body.test.ts"],
    ],
  ]),
  ...guardsOf("src/current-context.ts", [
    [
      "SEC-609",
      "const ctx = currentContext.getStore();",
      'const ctx = ((globalThis as Record<string, unknown>)["ctx"] ??= currentContext.getStore()) as Context | undefined;',
      ["session/isolation.test.ts", "keywords.test.ts", "http/body.test.ts"],
    ],
    [
      "SEC-609",
      "if (ctx !== undefined) return ctx;",
      "return ctx as unknown as Context;",
      ["session/isolation.test.ts"],
    ],
  ]),
];
