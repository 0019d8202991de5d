/** Guards of group 3xx: how long sessions live. */
import { guardsOf } from "./guard.ts";

const engines = [
  "engines/session/cookie.test.ts",
  "engines/session/cookie-limits.test.ts",
  "engines/session/simple.test.ts",
  "engines/session/yaml.test.ts",
];

export const lifetimes = [
  ...guardsOf("src/engines/session/store.ts", [
    [
      "SEC-301 SEC-307",
      "now - record.lastSeen > idleLimit(record.data, limits) * 1000 ||",
      "",
      [...engines, "session/lifetime.test.ts", "session/overflow.test.ts"],
    ],
    [
      "SEC-302",
      "now - record.createdAt > limits.absolute * 1000 ||",
      "",
      [...engines, "session/lifetime.test.ts"],
    ],
    ["SEC-305", "Math.max(record.createdAt, record.lastSeen) - now > clockSkew", "false", engines],
    [
      "SEC-307",
      ": limits.idle;",
      ": Math.max(limits.idle, 1_209_600);",
      ["engines/session/cookie-limits.test.ts", "session/lifetime.test.ts"],
    ],
    [
      "SEC-308",
      "Math.min(own, limits.absolute) : limits.idle",
      "own : limits.idle",
      ["session/remember-me.test.ts"],
    ],
    [
      "SEC-308",
      'return typeof own === "number" ?',
      'return typeof own === "bigint" ?',
      [...engines, "session/remember-me.test.ts"],
    ],
    [
      "SEC-308",
      "now - record.createdAt > limits.absolute * 1000 ||",
      "",
      ["session/remember-me.test.ts"],
    ],
  ]),
  ...guardsOf("src/engines/session/cookie.ts", [
    [
      "SEC-301",
      "return isUsable ? Math.max(sealedAt, moment) : sealedAt;",
      "return isUsable ? moment : sealedAt;",
      ["engines/session/cookie-limits.test.ts"],
    ],
    [
      "SEC-305",
      "return isUsable ? Math.max(sealedAt, moment) : sealedAt;",
      "return isUsable || moment > now ? Math.max(sealedAt, moment) : sealedAt;",
      ["engines/session/cookie-limits.test.ts"],
    ],
    [
      "SEC-304",
      "if (lastUse?.id !== id) return sealedAt;",
      "if (lastUse === undefined) return sealedAt;",
      ["session/lifetime.test.ts"],
    ],
    [
      "SEC-302 SEC-110",
      "const { id, createdAt, data } = record;",
      "const { id, data } = record;\n    const createdAt = this.#options.now();",
      [
        "engines/session/cookie.test.ts",
        "engines/session/cookie-limits.test.ts",
        "session/lifetime.test.ts",
      ],
    ],
  ]),
  ...guardsOf("src/session/session-life-cycle.ts", [
    ["SEC-303", "idleLimit(record.data, limits) * 500) return undefined;", "0) return undefined;"],
    [
      "SEC-110",
      "if (now - record.lastSeen < idleLimit(record.data, limits) * 500) return undefined;",
      "if (record.stale !== true && now - record.lastSeen < idleLimit(record.data, limits) * 500) return undefined;",
      ["session/lifetime.test.ts"],
    ],
    ["SEC-304", "const anew = record.stale === true;", "const anew = record.version === 1;"],
  ]),
  ...guardsOf("src/session/session.ts", [
    ["SEC-302", "beginsAnew: true };", "beginsAnew: false };", ["auth.test.ts"]],
    [
      "SEC-302",
      "createdAt: this.#renewal?.beginsAnew === true ? now : (opened?.createdAt ?? now),",
      "createdAt: now,",
      ["session/lifetime.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session-limits.ts", [
    [
      "SEC-301",
      "const DEFAULT_IDLE = 24 * 3600;",
      "const DEFAULT_IDLE = 48 * 3600;",
      ["session/lifetime.test.ts"],
    ],
  ]),
  ...guardsOf("src/duration.ts", [
    [
      "SEC-306",
      'if (seconds < 0 && !negative) throw invalid(value, "is negative");',
      "",
      ["duration.test.ts"],
    ],
    [
      "SEC-306",
      "if (seconds === undefined || !(",
      "if (seconds === undefined && (",
      ["duration.test.ts"],
    ],
    [
      "SEC-306",
      '"h hr hrs hour hours": 3600',
      '"h hr hrs hour hours": 60',
      ["duration.test.ts", "config/checks.test.ts", "session/lifetime.test.ts"],
    ],
  ]),
  ...guardsOf("src/config/setting-kinds.ts", [
    [
      "SEC-306",
      "const seconds = isOne(value) ? secondsOf(value) : undefined;",
      "const seconds = isOne(value) ? secondsOf(value) : 3600;",
      ["config/checks.test.ts", "session/lifetime.test.ts"],
    ],
  ]),
];
