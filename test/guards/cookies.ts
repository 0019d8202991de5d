/** Guards of group 2xx: what is put into cookie headers, and what is read from them. */
import { guardsOf } from "./guard.ts";

export const cookies = [
  ...guardsOf("config.yml", [
    [
      "SEC-201",
      "session_is_http_only: true",
      "session_is_http_only: false",
      ["session/cookie-attributes.test.ts", "cli/scaffold.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/session-cookie.ts", [
    ["SEC-201", '(settings.environment === "development" ? "auto" : true)', "false"],
    ["SEC-202", 'path === "/" && domain === undefined;', "true;"],
    ["SEC-202", "if (!is.secure) refuse(", 'if (name === "") refuse('],
    ["SEC-202", 'prefix.startsWith("__host-") && is.path !== "/"', 'prefix === ""'],
    ["SEC-202", 'prefix.startsWith("__host-") && is.domain !== undefined', 'prefix === ""'],
    ["SEC-202", 'prefix.endsWith("http-") && !is.httpOnly', 'prefix === ""'],
    [
      "SEC-203",
      "return this.#secure === true && !secureRequest;",
      "return secureRequest && false;",
    ],
    [
      "SEC-203",
      "return secureRequest ? this.#secured : this.#plain;",
      "return secureRequest ? this.#plain : this.#plain;",
    ],
    ["SEC-204", 'if (sameSite === "None" && this.#secure !== true) {', "if (path === undefined) {"],
    ["SEC-215", "const LONGEST = 400 * 86_400;", "const LONGEST = 4000 * 86_400;"],
  ]),
  ...guardsOf("src/session/session-life-cycle.ts", [
    [
      "SEC-206",
      "const values = rawCookies(headers.cookie, this.#options.cookie.name, MOST_TRIED);",
      `const chunk = (at: string) => rawCookie(headers.cookie, this.#options.cookie.name + at);
    const whole = [".0", ".1", "-0", "-1", "_0", "_1"].map((at) => chunk(at) ?? "").join("");
    const values = whole === "" ? rawCookies(headers.cookie, this.#options.cookie.name, MOST_TRIED) : [whole];`,
    ],
    [
      "SEC-209",
      "const outcome = session.settle(failed);",
      'const outcome = session.settle(failed || request.method === "HEAD");',
    ],
    [
      "SEC-210 SEC-502",
      "if (progress.sessionSettled) {",
      'if (request.method === "NONE") {',
      ["session/settling.test.ts"],
    ],
    [
      "SEC-216",
      "const values = rawCookies(headers.cookie, this.#options.cookie.name, MOST_TRIED);",
      'const other = (headers as Record<string, string | undefined>)["x-session"];\n    const values = other === undefined ? rawCookies(headers.cookie, this.#options.cookie.name, MOST_TRIED) : [other];',
    ],
    ["SEC-213", "const MOST_TRIED = 4;", "const MOST_TRIED = 40;"],
    ["SEC-213", "if (values.length === 1) return opened;", "if (opened !== null) return opened;"],
    ["SEC-213", 'this.#options.report("cookie-duplicate", detail);', ""],
  ]),
  ...guardsOf("src/session/session-headers.ts", [
    [
      "SEC-203",
      "    const lifetime = limits.absolute - ",
      "    if (cookie.isAtOdds(secure)) return;\n    const lifetime = limits.absolute - ",
      ["session/cookie-attributes.test.ts"],
    ],
    [
      "SEC-207",
      '    response.appendHeader("Set-Cookie", text);',
      '    for (const one of [text, text]) response.appendHeader("Set-Cookie", one);',
    ],
    [
      "SEC-214",
      "for (const name of [cookie.name, cookie.seenName]) {",
      "for (const name of [cookie.name]) {",
    ],
    [
      "SEC-214",
      'response.appendHeader("Set-Cookie", cookie.expire(name, request.secure));',
      'response.appendHeader("Set-Cookie", `${name}=; Max-Age=0`);',
    ],
  ]),
  ...guardsOf("src/session/session.ts", [
    ["SEC-208", "(this.#keepsNewId() ? NO_CHANGES : undefined)", "NO_CHANGES"],
    ["SEC-210", "    if (!this.#settled) return;", "    if (this.id !== undefined) return;"],
    [
      "SEC-214",
      "    this.#destroyed ??= [];\n    if (this.#record !== undefined) this.#destroyed.push(this.#record);",
      "    if (this.#record !== undefined) (this.#destroyed ??= []).push(this.#record);",
    ],
  ]),
  ...guardsOf("src/session/session-values.ts", [
    ["SEC-205", "      this.#touch(key, before);\n", "", ["session/size.test.ts"]],
    ["SEC-205", "      check();", "      check.toString();", ["session/size.test.ts"]],
    [
      "SEC-205",
      "return keys.filter((key) => this.has(key));",
      "return keys;",
      ["session/size.test.ts"],
    ],
  ]),
  ...guardsOf("src/engines/session/cookie.ts", [
    [
      "SEC-205 SEC-206",
      "if (size > cookieLimit) {",
      "if (size > 10 * cookieLimit) {",
      [
        "engines/session/cookie-limits.test.ts",
        "session/size.test.ts",
        "session/plain-cookies.test.ts",
        "session/overflow.test.ts",
        "server/nginx.test.ts",
      ],
    ],
    [
      "SEC-205",
      "if (size > cookieLimit) {",
      "if (size >= cookieLimit) {",
      ["session/size.test.ts"],
    ],
    [
      "SEC-205",
      "headBytes + Buffer.byteLength(JSON.stringify(record.data))",
      "headBytes + JSON.stringify(record.data).length",
      ["engines/session/cookie-limits.test.ts", "session/size.test.ts"],
    ],
    [
      "SEC-205",
      "this.#checkSize(record, bytes.length);",
      "",
      ["engines/session/cookie-limits.test.ts", "session/size.test.ts"],
    ],
    [
      "SEC-205",
      "const warnAt = cookieLimit * 0.8;",
      "const warnAt = cookieLimit * 8;",
      ["engines/session/cookie-limits.test.ts", "session/size.test.ts"],
    ],
    [
      "SEC-205",
      "${JSON.stringify(key.slice(0, 40))} has ${size}",
      "${JSON.stringify(data[key])} has ${size}",
      ["engines/session/cookie-limits.test.ts", "session/size.test.ts"],
    ],
  ]),
  ...guardsOf("src/session/overflow-store.ts", [
    [
      "SEC-205",
      'if (!(error instanceof SessionError && error.code === "session-too-large")) throw error;',
      "if (error !== undefined) throw error;",
      ["session/overflow.test.ts"],
    ],
    [
      "SEC-301",
      "const own = expires === undefined ? {} : { [EXPIRES]: expires };",
      "const own = {};",
      ["session/overflow.test.ts"],
    ],
    [
      "SEC-301",
      "return chain(this.#large.touch(unmoved(record)), () => this.inner.touch(record));",
      "return this.inner.touch(record);",
      ["session/overflow.test.ts"],
    ],
  ]),
  ...guardsOf("src/request-cycle.ts", [
    [
      "SEC-209",
      "settle(session, request, response, failed)",
      "settle(session, request, response, true)",
      ["session/settling.test.ts"],
    ],
    [
      "SEC-209",
      "settle(session, request, response, failed)",
      "settle(session, request, response, false)",
      ["session/settling.test.ts"],
    ],
    ["SEC-210", "    ctx.progress.sessionSettled = true;\n", "", ["session/settling.test.ts"]],
  ]),
  ...guardsOf("src/request/cookies.ts", [
    ["SEC-205", "pair.length - 1, 4096);", "pair.length - 1, 8192);", ["request/cookies.test.ts"]],
    ["SEC-205", "pair.length - 1, 4096);", "pair.length - 1, 4000);", ["request/cookies.test.ts"]],
    [
      "SEC-205 SEC-211",
      "attribute.length - equals - 1, 1024);",
      "attribute.length - equals - 1, 8192);",
      ["request/cookies.test.ts", "session/cookie-attributes.test.ts"],
    ],
    ["SEC-211", "raw === true ? String : escapeText", "String"],
    ["SEC-211", "if (broken !== undefined) throw invalid(name, broken);", ""],
    [
      "SEC-211",
      "line = stringifySetCookie(cookie, { encode: (text) => text });",
      "line = `${name}=${cookie.value}; Path=${cookie.path}; Domain=${cookie.domain}; HttpOnly`;",
    ],
    [
      "SEC-212",
      "return code === 0x20 || code === 0x09;",
      'return String.fromCharCode(code).trim() === "";',
    ],
    [
      "SEC-212",
      "return parseCookie(reversed, { decode: firstValue }) as",
      "return { ...parseCookie(reversed, { decode: firstValue }) } as",
    ],
    [
      "SEC-212",
      "return parseCookie(reversed, { decode: firstValue }) as",
      "return parseCookie(reversed, { decode: (text) => text }) as",
    ],
    [
      "SEC-212",
      '  if (!part.includes("%")) return part;',
      "  for (let at = 0, sum = 0; at < 40_000_000; at += 1) sum += at;",
    ],
    [
      "SEC-212",
      "  let found: string[] = [];",
      "  let found: string[] = [];\n  for (let at = 0, sum = 0; at < 40_000_000; at += 1) sum += at;",
    ],
  ]),
  ...guardsOf("src/config/setting-kinds.ts", [
    [
      "SEC-211",
      'value !== "" && pattern.test(value) ? value',
      'value !== "" ? value',
      ["session/cookie-attributes.test.ts"],
      {
        file: "src/request/cookies.ts",
        guard: "line = stringifySetCookie(cookie, { encode: (text) => text });",
        without: "line = `${name}=${cookie.value}; Path=${cookie.path}; Domain=${cookie.domain}`;",
      },
    ],
  ]),
];
