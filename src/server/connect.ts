/** Connect middleware, `(req, res, next)`, run ahead of the app. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "../errors.ts";

/** A middleware as Connect and Express know it. */
export type ConnectMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/** A middleware written for Express, whose types say more of `req` and `res` than node has. */
export type ForeignMiddleware = (
  req: never,
  res: never,
  next: (error?: unknown) => void,
) => unknown;

/** Runs the middlewares one after the other; `done` is called unless one of them answers. */
export function runMiddlewares(
  middlewares: readonly ConnectMiddleware[],
  req: IncomingMessage,
  res: ServerResponse,
  done: (error?: unknown) => void,
): void {
  const step = (at: number): void => {
    const middleware = middlewares[at];
    if (middleware === undefined) {
      done();
      return;
    }
    let called = false;
    const next = (error?: unknown): void => {
      if (called) return;
      called = true;
      if (error === undefined || error === null) step(at + 1);
      else done(error);
    };
    const fail = (error: unknown): void => next(error ?? new Error("a middleware threw nothing"));
    try {
      const result = middleware(req, res, next);
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  step(0);
}

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
