/** Loads the Connect middlewares that the setting `middlewares` names. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "../errors.ts";
import type { ConnectMiddleware } from "./connect.ts";

/**
 * Makes a middleware that the setting `middlewares` names: a module of the app or a package it has
 * installed, whose default export is called with the options.
 *
 * @throws ConfigError `middleware-invalid` when it cannot be loaded or is no function.
 */
export async function loadMiddleware(
  entry: string | Readonly<Record<string, unknown>>,
  appdir: string,
): Promise<ConnectMiddleware> {
  const [name = "", options] =
    typeof entry === "string" ? [entry] : (Object.entries(entry)[0] ?? []);
  let loaded: { default?: unknown };
  try {
    const file = createRequire(join(appdir, "package.json")).resolve(name);
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    throw new ConfigError(
      "middleware-invalid",
      `the middleware "${name}" could not be loaded; install it: npm install ${name}`,
      { cause },
    );
  }
  if (typeof loaded.default !== "function") {
    throw new ConfigError(
      "middleware-invalid",
      `the middleware "${name}" has no default export that makes one`,
    );
  }
  return (loaded.default as (options?: unknown) => ConnectMiddleware)(options);
}
