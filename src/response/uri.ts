/** Absolute URLs of an app's own paths. */
import { HTTPError } from "../errors.ts";

/** Query parameters; a list repeats its name, nothing is an empty text. */
export type UriParams = Readonly<
  Record<string, string | number | readonly (string | number)[] | null | undefined>
>;

/** The URL of a path below `base`, with everything escaped that a path or a query may not hold. */
export function buildUri(base: string, path: string, params: UriParams = {}): string {
  const encoded = encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
  const pairs = Object.entries(params).flatMap(([name, value]) =>
    [value ?? ""].flat().map((one) => `${escapeText(name)}=${escapeText(String(one))}`),
  );
  return below(base, [encoded, ...(pairs.length > 0 ? [pairs.join("&")] : [])].join("?"));
}

/** As forms are sent: a space is a plus. Half of a surrogate pair becomes U+FFFD. */
function escapeText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll("%20", "+");
}

/** The target itself if it names a scheme, and otherwise one below `base`, as Dancer's redirect has it. */
export function absoluteUri(base: string, target: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? target : below(base, target);
}

function below(base: string, path: string): string {
  return `${base}${path.startsWith("/") ? "" : "/"}${path}`;
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
