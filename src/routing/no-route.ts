/** Why no route answers: an unknown method, path, or a method that this path does not answer. */
import { HTTPError, NO_ROUTE } from "../errors.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The error 501, 404 or 405, where `allowed` are the methods that the path answers; sent as `Allow`. */
export function noRoute(method: string, path: string, allowed: readonly string[]): HTTPError {
  const headers = { Allow: allowed.join(", ") };
  const code = NO_ROUTE;
  if (!METHODS.has(method)) {
    return new HTTPError(501, `the method ${method} is not supported`, { code, headers });
  }
  if (allowed.length === 0 || allowed.includes(method)) {
    return new HTTPError(404, `no route answers ${method} ${path}`, { code });
  }
  return new HTTPError(405, `${path} answers ${headers.Allow}, not ${method}`, { code, headers });
}
