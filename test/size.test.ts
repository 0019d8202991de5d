/** How much is loaded: counts, never times, so that this cannot fail by chance. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { Size } from "../bench/size.ts";
import { projectDir } from "./support/run-app.ts";

let sizes: { imported: Size; served: Size };

beforeAll(async () => {
  const args = ["--import", "tsx", "--conditions=source", "bench/size.ts", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectDir });
  sizes = JSON.parse(stdout) as typeof sizes;
}, 60_000);

describe('import "quickstep"', () => {
  it("loads at most 4,280 code lines in 65 modules", () => {
    expect(sizes.imported.files["app.ts"]).toBeGreaterThan(0);
    expect(sizes.imported.codeLines).toBeLessThanOrEqual(4280);
    expect(sizes.imported.modules).toBeLessThanOrEqual(65);
  });

  it("loads the router's, the YAML, the query and the cookie library, and no other", () => {
    const routerNeeds = ["fast-decode-uri-component", "fast-deep-equal", "ret", "safe-regex2"];
    expect(sizes.imported.packages).toEqual(
      [
        "cookie",
        "fast-querystring",
        "fastest-levenshtein",
        "find-my-way",
        "js-yaml",
        ...routerNeeds,
      ].sort(),
    );
  });

  it("leaves the road of a request to the start, and sessions, keys, files, bodies, views and engines to the apps that use them", () => {
    const names = Object.keys(sizes.imported.files).join(" ");
    expect(names).not.toMatch(
      /request-cycle|app-parts|respond\.ts|session\/|views\/(?:page|views)|static-files|engines\/\w+\/(?!level)|request\/(?:received-)?body|keyring/,
    );
  });
});

describe("a hello-world app that has answered", () => {
  it("has loaded at most 5,650 code lines in all and no more packages", () => {
    expect(sizes.served.files["engines/logger/console.ts"]).toBeGreaterThan(0);
    expect(sizes.served.codeLines).toBeLessThanOrEqual(5650);
    expect(sizes.served.packages).toEqual(sizes.imported.packages);
  });
});
