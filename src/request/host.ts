/** The host that a client may ask for. */
import { HTTPError } from "../errors.ts";
import type { RequestLimits } from "./raw-request.ts";

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** The host, if it is one and allowed. @throws HTTPError 400 `host-invalid` or `host-not-allowed`. */
export function allowedHost(host: string, { allowsHost }: RequestLimits): string {
  if (!HOST.test(host)) {
    throw new HTTPError(400, "the Host header is not a host name", { code: "host-invalid" });
  }
  if (allowsHost?.(host.toLowerCase().replace(/:\d+$/, "")) === false) {
    const message = `"allowed_hosts" does not name the host "${host}"`;
    throw new HTTPError(400, message, { code: "host-not-allowed" });
  }
  return host;
}
