/** Where this Quickstep itself lies, installed or as a checkout, and what its manifest says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds Quickstep's `package.json`. */
export const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

/** The version that the manifest states. */
export function readVersion(): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
