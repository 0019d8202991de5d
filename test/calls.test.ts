/** How many of our functions run for one request: counts, never times, so that this cannot fail by chance. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "./support/run-app.ts";

let calls: Record<string, number>;

beforeAll(async () => {
  const args = ["--import", "tsx", "--conditions=source", "bench/calls.ts", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectDir });
  calls = JSON.parse(stdout) as typeof calls;
}, 60_000);

describe("one request runs at most so many of our functions:", () => {
  it.each([
    ["hello", 80],
    ["hello, explicit", 80],
    ["param", 90],
    ["json", 100],
    ["notfound", 113],
    ["session unused", 85],
    ["session read", 150],
    ["session write", 230],
    ["memory session", 205],
  ])("%s, %i", (name, most) => {
    expect(calls[name]).toBeGreaterThan(0);
    expect(calls[name]).toBeLessThanOrEqual(most);
  });
});
