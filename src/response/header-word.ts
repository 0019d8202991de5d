/** The words `header` and `pushHeader`: values of response headers. */
import type { Response } from "./response.ts";

/** One value of a header. */
export type HeaderValue = string | number;

type HeaderValues = HeaderValue | readonly HeaderValue[];

/** Puts a value, or several, in place of those that a header has; `null` removes it. */
export function replaceHeader(response: Response, name: string, values: HeaderValues | null): void {
  response.removeHeader(dashed(name));
  if (values !== null) pushHeader(response, name, values);
}

/** Adds values of a header. */
export function pushHeader(response: Response, name: string, values: HeaderValues): void {
  for (const value of typeof values === "object" ? values : [values]) {
    response.appendHeader(dashed(name), String(value));
  }
}

/** As in Dancer, `X_Name` is `X-Name`: proxies drop names with underscores. */
function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
