/** Connect middleware, `(req, res, next)`, run ahead of the app. */
import type { IncomingMessage, ServerResponse } from "node:http";

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

/**
 * Runs the middlewares one after the other; `done` is called unless one of them answers. `late` hears
 * of errors that come from one when the next is already on.
 */
export function runMiddlewares(
  middlewares: readonly ConnectMiddleware[],
  req: IncomingMessage,
  res: ServerResponse,
  done: (error?: unknown) => void,
  late: (error: unknown) => void,
): void {
  const step = (at: number): void => {
    const middleware = middlewares[at];
    if (middleware === undefined) {
      done();
      return;
    }
    let called = false;
    const next = (error?: unknown): void => {
      const failed = error !== undefined && error !== null;
      if (called) {
        if (failed) late(error);
        return;
      }
      called = true;
      if (!failed) step(at + 1);
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
