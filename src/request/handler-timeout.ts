/** The limit on how long the app's own code may take to answer. */
import { isPromise } from "../awaitable.ts";
import { HTTPError } from "../errors.ts";
import type { Request } from "./request.ts";

/**
 * The value, if it is there or comes within these seconds (0: whenever it comes); otherwise the
 * request is given up and an HTTPError 503 `handler-timeout` comes in its place. Code cannot be
 * stopped: it is told by `request.signal`.
 */
export function withinTime<T>(
  { abort }: Request,
  value: T,
  seconds: number,
): T | Promise<Awaited<T>> {
  if (seconds === 0 || !isPromise(value)) return value;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `no answer within ${seconds} seconds (handler_timeout)`;
      const error = new HTTPError(503, message, { code: "handler-timeout" });
      abort.abort(error);
      reject(error);
    }, seconds * 1000);
    void Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
