/** Starts the board; on a developer's machine it makes the key that seals the session cookies first. */
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { dance } from "quickstep";

const { env } = process;
const { values } = parseArgs({
  options: { environment: { type: "string", short: "e" } },
  strict: false,
});
const environment = values.environment ?? (env["QUICKSTEP_ENVIRONMENT"] || env["NODE_ENV"]);
const file = join(import.meta.dirname, ".env");

if (
  (environment || "development") === "development" &&
  !env["SESSION_COOKIE_KEY"] &&
  !existsSync(file)
) {
  const key = `hex:${randomBytes(32).toString("hex")}`;
  writeFileSync(file, `SESSION_COOKIE_KEY=${key}\n`, { mode: 0o600, flag: "wx" });
  console.log(`made ${relative(process.cwd(), file)} with a new key for the session cookies`);
}

await import("./app.ts");
await dance();
