/** Cookies on a response: the last one set under a name counts. */
import { serializeCookie, type CookieOptions, type CookieValue } from "../request/cookies.ts";
import { parseDuration } from "../duration.ts";
import type { Response } from "./response.ts";

/** Cookie attributes; `expires` may be a phrase such as `"2 hours"`, as in Dancer. */
export type CookieWordOptions = Omit<CookieOptions, "expires"> & {
  readonly expires?: Date | number | string;
};

/** Sets a cookie, or with `null` makes the browser forget it. @throws ResponseError on values that no header may hold. */
export function setCookie(
  response: Response,
  name: string,
  value: CookieValue | null,
  options: CookieWordOptions = {},
): void {
  const { expires, ...rest } =
    value === null ? { ...options, expires: new Date(0), maxAge: 0 } : options;
  const text = serializeCookie(name, value ?? "", {
    ...rest,
    ...(expires === undefined ? {} : { expires: toExpiry(expires) }),
  });
  const others = response.headerValues("Set-Cookie").filter((one) => !one.startsWith(`${name}=`));
  response.removeHeader("Set-Cookie");
  for (const one of [...others, text]) response.appendHeader("Set-Cookie", one);
}

function toExpiry(expires: Date | number | string): Date | number {
  if (typeof expires !== "string") return expires;
  if (/^\d+$/.test(expires)) return Number(expires);
  const date = Date.parse(expires.replace(/(\d{2})-([A-Z][a-z]{2})-(\d{4})/, "$1 $2 $3"));
  if (!Number.isNaN(date)) return new Date(date);
  return new Date(Date.now() + parseDuration(expires, { negative: true }) * 1000);
}
