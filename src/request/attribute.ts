/** A request's attributes by the names that route conditions use. */
import type { Request } from "./request.ts";

/** The attribute `method`, `path`, `path_info`, `scheme` or `remote_address`, and otherwise the header of this name. */
export function attribute(request: Request, name: string): string | undefined {
  switch (name) {
    case "method":
      return request.method;
    case "path":
      return request.path;
    case "path_info":
      return request.pathInfo;
    case "scheme":
      return request.scheme;
    case "remote_address":
      return request.address;
    default:
      return request.header(name);
  }
}
