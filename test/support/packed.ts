/** This very build, packed once and installed as a user would have it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./app.ts";
import { childEnv, projectDir } from "./run-app.ts";

/** Packs this checkout into a folder and gives the file. It is built in a copy, so that tests may run side by side. */
function packProject(folder: string): string {
  const copy = tempFolder();
  const { files } = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
    files: readonly string[];
  };
  for (const name of [...files, "package.json", "tsconfig.json", "tsconfig.build.json"]) {
    if (name === "dist") continue;
    cpSync(join(projectDir, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(projectDir, "node_modules"), join(copy, "node_modules"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: copy,
    env: childEnv(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new Error("npm pack made nothing");
  return join(folder, file);
}

/** The packed project, installed. */
export interface Installed {
  /** An empty folder for apps. */
  readonly folder: string;
  /** What was packed. */
  readonly tarball: string;
  /** Where it was installed. */
  readonly root: string;
  /** The main script of the command line. */
  readonly command: string;
}

/** A folder in which the packed project is installed, and where its command is. */
export function installPacked(): Installed {
  const folder = tempFolder();
  const tarball = packProject(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  npm(["install", tarball], folder);
  const apps = join(folder, "apps");
  mkdirSync(apps);
  const root = join(folder, "node_modules/quickstep");
  return { folder: apps, tarball, root, command: join(root, "dist/cli/main.js") };
}

/** Runs npm, with what it has downloaded before where that is at hand. */
export function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", [...args, "--prefer-offline", "--no-audit", "--no-fund"], {
    cwd,
    env: childEnv(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
