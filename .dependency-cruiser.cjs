/** Who may import whom: a module uses its own level and those below, never one above. See docs/architecture.md. */
const levels = [
  // 0: words and values that know nothing of requests
  "response/uri|log-text|errors|json|awaitable|nearest|routing/path-params|views/html|secrets|response/status|response/mime-types|request/media-type|duration|response/header-value|security-events|session/plain-data|session/session-id",
  // 1: text in, values out; the engines' contracts
  "registry|request/query|request/params|request/body|request/cookies|request/request-path|request/request-abort|config/settings|config/setting-kinds|sealing/.*|session/sealed-session|routing/route-pattern|routing/route-shape|routing/route-conditions|command-line|server/connect|server/load-middleware|engines/session/store|engines/template/template|engines/serializer/serializer|engines/logger/logger",
  // 2: parts that stand alone
  "config/config|config/(config|check|files|yaml|substitute|outside|snapshot|node|variables|production|json-schema)|routing/router|request/request|request-progress|response/response|response/response-cookie|session/session|session/session-cookie|session/session-values|response/static-files|views/views|signals|hooks|response/respond|server/server|server/node-adapter|server/web-adapter|server/proxies|server/allowed-hosts|engines/(session|template|serializer|logger)/.*|server/process",
  // 3: the life of a request
  "context|current-context|session/session-life-cycle|views/page|views/auto-page|response/file-response|response/error-page|response/development-page|session/session-setup|routing/route-table|request-cycle|server/front-door|app-options|app-parts|engines/built-in",
  // 4
  "app",
  // 5
  "keywords|plugin|testing/.*",
  // 6
  "ajax",
  // 7
  "index",
];
const path = (names) => `^src/(${names})[.]ts$`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two modules that need each other are one module, or lack a contract between them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...levels.slice(0, -1).map((names, level) => ({
      name: `level-${level}`,
      comment: `Level ${level} may not import from a level above.`,
      severity: "error",
      from: { path: path(names), pathNot: levels.slice(0, level).map(path) },
      to: {
        path: levels.slice(level + 1).map(path),
        pathNot: levels.slice(0, level + 1).map(path),
      },
    })),
    {
      name: "every-module-has-a-level",
      comment: "Put the new module on a level in .dependency-cruiser.cjs.",
      severity: "error",
      from: { path: "^src/", pathNot: levels.map(path) },
      to: {},
    },
    {
      name: "engines-know-no-app",
      comment: "An engine imports its contract, values of level 0 and 1, and its own library.",
      severity: "error",
      from: { path: "^src/engines/", pathNot: "built-in" },
      to: { path: "^src/", pathNot: ["^src/engines/", ...levels.slice(0, 2).map(path)] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
