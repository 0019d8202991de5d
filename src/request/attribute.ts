/** A request's attributes by the names that route conditions use. */
import type { Request } from "./request.ts";

const attributes = new Map<string, (request: Request) => string | undefined>([
  ["method", (request) => request.method],
  ["path", (request) => request.path],
  ["path_info", (request) => request.pathInfo],
  ["scheme", (request) => request.scheme],
  ["remote_address", (request) => request.address],
  ["address", (request) => request.address],
  ["agent", (request) => request.header("user-agent")],
  ["ajax", (request) => (request.isAjax ? "1" : undefined)],
  ["is_forward", (request) => (request.isForward ? "1" : undefined)],
]);

/** The attribute of this name if a request has one, a flag as "1", and otherwise the header. */
export function attribute(request: Request, name: string): string | undefined {
  const find = attributes.get(name);
  return find === undefined ? request.header(name) : find(request);
}
