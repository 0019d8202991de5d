/** Temporary app folders for the configuration tests. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { loadConfig, type Config, type ConfigSources } from "../../src/config/config.ts";
import { ConfigError } from "../../src/errors.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A new folder with these files in it. */
export function createFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "quickstep-config-")));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The configuration of an app with these files; without variables unless they are given. */
export function load(
  files: Readonly<Record<string, string>>,
  sources: Omit<ConfigSources, "appdir"> = {},
): Config {
  return loadConfig({ env: {}, ...sources, appdir: createFolder(files) });
}

/** The error that loading ends with. */
export function loadError(
  files: Readonly<Record<string, string>>,
  sources: Omit<ConfigSources, "appdir"> = {},
): ConfigError {
  return errorOf(() => load(files, sources));
}

/** The ConfigError that a function throws. */
export function errorOf(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error("nothing was thrown");
}
