/** Absolute URLs of an app's own paths. */
import { HTTPError } from "../errors.ts";

/** Query parameters; a list repeats its name. */
export type UriParams = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** The URL of a path below `base`, with everything escaped that a path or a query may not hold. */
export function buildUri(base: string, path: string, params: UriParams = {}): string {
  const encoded = encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of typeof value === "object" ? value : [value]) query.append(name, String(one));
  }
  const search = query.toString();
  return absoluteUri(base, search === "" ? encoded : `${encoded}?${search}`);
}

/** The target itself if it names a scheme, and otherwise one below `base`, as Dancer's redirect has it. */
export function absoluteUri(base: string, target: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return target;
  return `${base}${target.startsWith("/") ? "" : "/"}${target}`;
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
