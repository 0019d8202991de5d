/** Guards of group 5xx: what shared caches are told. */
import { guardsOf } from "./guard.ts";

export const caches = [
  ...guardsOf("src/session/session-headers.ts", [
    ["SEC-501 SEC-505", '    response.putHeader("Cache-Control", "no-store");\n', ""],
    ["SEC-501", "if (!/public|max-age=[1-9]|s-maxage/i.test(wanted)) return;", ""],
    [
      "SEC-501",
      'if (response.header("Cache-Control") !== undefined) this.#warnOfCaching(response);',
      "",
    ],
  ]),
  ...guardsOf("src/session/session-life-cycle.ts", [
    ["SEC-502 SEC-504 SEC-505", '    response.vary("Cookie");\n', ""],
  ]),
  ...guardsOf("src/response/response.ts", [
    ["SEC-503", 'if (names.includes("*") || names.includes(name.toLowerCase())) return;', ""],
  ]),
  ...guardsOf("src/request-cycle.ts", [
    [
      "SEC-504",
      "if (ctx.progress.session === undefined) return ctx.response;",
      'ctx.response.vary("Cookie");\n    if (ctx.progress.session === undefined) return ctx.response;',
    ],
    [
      "SEC-505",
      "if (session === undefined) return undefined;",
      "if (session === undefined || response.status !== 200) return undefined;",
    ],
  ]),
];
