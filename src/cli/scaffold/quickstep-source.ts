/** Where a new app gets Quickstep from: the registry, if this one came from there, or this very build. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { CommandError } from "../command.ts";
import { packageRoot, readVersion } from "../package-root.ts";
import { runProgram } from "./program.ts";

/** What stands in the app's manifest, and the package that goes with it. */
export interface QuickstepSource {
  /** The version, or the `file:` of a package inside the app. */
  readonly spec: string;
  /** Where that package goes in the app; `undefined` when the registry has it. */
  readonly file: string | undefined;
}

/** Finds out where this Quickstep came from. */
export function findQuickstepSource(): QuickstepSource {
  const version = readVersion();
  if (cameFromRegistry()) return { spec: `^${version}`, file: undefined };
  const file = `vendor/quickstep-${version}.tgz`;
  return { spec: `file:${file}`, file };
}

/**
 * Packs this very Quickstep; a checkout is built first, what was installed is packed as it is.
 *
 * @throws CommandError `pack-failed` with what npm said.
 */
export async function packQuickstep(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "quickstep-pack-"));
  try {
    const args = ["pack", "--silent", "--pack-destination", folder];
    const isInstalled = packageRoot.split(sep).includes("node_modules");
    const packed = await runProgram(
      "npm",
      isInstalled ? [...args, "--ignore-scripts"] : args,
      packageRoot,
    );
    const [file] = readdirSync(folder);
    if (packed.ok && file !== undefined) return readFileSync(join(folder, file));
    throw new CommandError("pack-failed", `npm could not pack Quickstep:\n${packed.output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm notes beside what it installed where that came from. */
function cameFromRegistry(): boolean {
  try {
    const lock = JSON.parse(readFileSync(join(packageRoot, "../.package-lock.json"), "utf8")) as {
      readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
    };
    return /^https?:/.test(lock.packages?.["node_modules/quickstep"]?.resolved ?? "");
  } catch {
    return false;
  }
}
