/** A request's attributes by the names that route conditions use. */
import type { Request } from "./request.ts";

/** The attribute of this name if a request has one, a flag as "1", and otherwise the header. */
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
    case "ajax":
      return request.isAjax ? "1" : undefined;
    case "is_forward":
      return request.isForward ? "1" : undefined;
    default:
      return request.header(name);
  }
}
