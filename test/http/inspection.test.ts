import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createApp, newKey, visit } from "../support/app.ts";
import { projectDir } from "../support/run-app.ts";

const canary = "canary-in-the-settings";

/** Where frameworks, servers and careless deployments show what is inside. */
const paths = [
  ...["/routes", "/_routes", "/__routes__", "/debug", "/_debug", "/__debug__/", "/debug/vars"],
  ...[
    "/debug/pprof",
    "/config",
    "/config.yml",
    "/_config",
    "/settings",
    "/environments/production.yml",
  ],
  ...["/.env", "/.git/config", "/.git/HEAD", "/package.json", "/package-lock.json", "/app.ts"],
  ...[
    "/dist/app.js",
    "/node_modules/quickstep/package.json",
    "/views/index.eta",
    "/views/layouts/main.eta",
  ],
  ...["/public/style.css", "/data/accounts.json", "/sessions", "/logs/production.log"],
  ...[
    "/info",
    "/phpinfo.php",
    "/server-info",
    "/server-status",
    "/nginx_status",
    "/status",
    "/metrics",
  ],
  ...[
    "/actuator",
    "/actuator/env",
    "/actuator/mappings",
    "/rails/info/routes",
    "/telescope",
    "/_profiler",
  ],
  ...[
    "/console",
    "/__inspect",
    "/swagger.json",
    "/openapi.json",
    "/graphql",
    "/_next/routes",
    "/trace",
  ],
  ...["/quickstep", "/_quickstep", "/__quickstep/routes", "/dancer", "/error", "/__error"],
];

describe("SEC-908 an app in production", () => {
  const app = createApp(
    {
      session_cookie_key: newKey(),
      session_secure: true,
      logger: "capture",
      app: { word: canary },
    },
    (made) => {
      made.get("/", ({ template }) => template("index"));
      made.get("/hidden/:name/route", () => "found");
    },
    {
      appdir: join(projectDir, "templates/app"),
      environment: "production",
      env: { SESSION_COOKIE_KEY: newKey() },
    },
  );
  const client = visit(app);

  it.each(paths)("shows nothing of itself under %s", async (path) => {
    for (const suffix of ["", "?debug=1", "?_debug=true&XDEBUG_SESSION=1"]) {
      const headers = { "x-debug": "1", accept: "text/html" };
      const reply = await client.get(path + suffix, { headers });
      expect(reply.status).toBe(404);
      expect(reply.text).not.toMatch(/hidden|session_cookie_key|node_modules|\bat .*:\d+:\d+/);
      expect(reply.text).not.toContain(canary);
      expect(reply.text).not.toContain(projectDir);
    }
  });

  it("answers what it is made for", async () => {
    expect((await client.get("/hidden/any/route")).text).toBe("found");
    expect((await client.get("/style.css")).status).toBe(200);
  });
});
