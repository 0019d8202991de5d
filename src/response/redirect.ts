/** Redirects: how a response says where to go, and which targets of clients are followed. */
import { HTTPError, ResponseError } from "../errors.ts";
import { toLocation } from "./header-value.ts";
import type { Response } from "./response.ts";
import { toStatus } from "./status.ts";
import { absoluteUri } from "./uri.ts";

/** Sets status and Location. @throws ResponseError `redirect-invalid` for a status that is none of a redirect. */
export function setRedirect(
  response: Response,
  base: string,
  target: string,
  status: number | string,
): void {
  const code = toStatus(status);
  if (code === undefined || code < 300 || code > 399) {
    const message = `a redirect needs a status from 300 to 399, not "${status}"`;
    throw new ResponseError("redirect-invalid", message);
  }
  response.setHeader("Location", absoluteUri(base, toLocation(target)));
  response.status = code;
}

/**
 * Tells whether a target that came from a client is a path of this app: one slash, and no character that
 * browsers drop or take for another slash (SEC-808).
 */
export function isLocalTarget(target: string): boolean {
  return /^\/(?![/\\])\P{Cc}*$/u.test(target);
}

/** The target, if it is local. @throws HTTPError 400 `redirect-not-local`, because it came from a client. */
export function localTarget(target: string): string {
  if (isLocalTarget(target)) return target;
  const message = `the redirect target ${JSON.stringify(target)} is not a path of this app`;
  throw new HTTPError(400, message, { code: "redirect-not-local" });
}
