/** Cookies on a response: the last one set under a name counts. */
import { serializeCookie, type CookieOptions, type CookieValue } from "../request/cookies.ts";
import { parseDuration } from "../duration.ts";
import type { Response } from "./response.ts";

/** Cookie attributes; `expires` may be a phrase such as `"2 hours"`, as in Dancer. */
export type CookieWordOptions = Omit<CookieOptions, "expires"> & {
  readonly expires?: Date | number | string;
};

/** The word `cookie`: reads one, sets one, and with `null` makes the browser forget it. */
export interface CookieWord {
  (name: string): string | undefined;
  (name: string, value: CookieValue | null, options?: CookieWordOptions): void;
}

/**
 * Sets a cookie, or with `null` makes the browser forget it; gives what a later reading finds.
 *
 * @throws ResponseError on values that no header may hold.
 */
export function setCookie(
  response: Response,
  name: string,
  value: CookieValue | null,
  options: CookieWordOptions = {},
): string {
  const { expires, ...rest } =
    value === null ? { ...options, expires: new Date(0), maxAge: 0 } : options;
  const text = serializeCookie(name, value ?? "", {
    ...rest,
    ...(expires === undefined ? {} : { expires: toExpiry(expires) }),
  });
  const others = response.headerValues("Set-Cookie").filter((one) => !one.startsWith(`${name}=`));
  response.removeHeader("Set-Cookie");
  for (const one of [...others, text]) response.appendHeader("Set-Cookie", one);
  return firstOf(value);
}

function firstOf(value: CookieValue | null): string {
  if (typeof value !== "object") return String(value);
  const [first = ""] = Array.isArray(value) ? (value as string[]) : Object.keys(value ?? {});
  return first;
}

function toExpiry(expires: Date | number | string): Date | number {
  if (typeof expires !== "string") return expires;
  if (/^\d+$/.test(expires)) return Number(expires);
  const date = Date.parse(expires.replace(/(\d{2})-([A-Z][a-z]{2})-(\d{4})/, "$1 $2 $3"));
  if (!Number.isNaN(date)) return new Date(date);
  return new Date(Date.now() + parseDuration(expires, { negative: true }) * 1000);
}
