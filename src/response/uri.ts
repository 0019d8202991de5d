/** Absolute URLs of an app's own paths. */
/** Query parameters; a list repeats its name, nothing is an empty text. */
export type UriParams = Readonly<
  Record<string, string | number | readonly (string | number)[] | null | undefined>
>;

/**
 * The URL of a path below `base`, with everything escaped that a path or a query may not hold. As in
 * Dancer the parameters stand in the order of their names.
 */
export function buildUri(base: string, path: string, params: UriParams = {}): string {
  const encoded = encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
  const names = Object.keys(params).sort();
  const pairs = names.flatMap((name) =>
    [params[name] ?? ""].flat().map((one) => `${escapeText(name)}=${escapeText(String(one))}`),
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
