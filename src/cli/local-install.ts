/** The Quickstep that the app in the working directory has for itself, which goes before one that is installed globally. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { packageRoot } from "./package-root.ts";

/** The main script of its command line, absolute; `undefined` where there is none, or none but this. */
export function findLocalCommand(folder = process.cwd()): string | undefined {
  let manifest: string;
  try {
    manifest = createRequire(join(folder, "package.json")).resolve("quickstep/package.json");
  } catch {
    return undefined;
  }
  if (dirname(manifest) === resolve(realpathSync(packageRoot))) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: { quickstep?: string } };
  if (bin?.quickstep === undefined) return undefined;
  const script = join(dirname(manifest), bin.quickstep);
  // A checkout that has not been built has no command yet.
  return existsSync(script) ? script : undefined;
}
