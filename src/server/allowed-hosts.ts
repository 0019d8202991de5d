/** Which hosts an app answers for. */

/**
 * Makes what tells whether a host, in lower case and without its port, is allowed: it is one of the
 * names, or lies below one that begins with a dot.
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const exact = new Set(names.map((name) => name.toLowerCase().replace(/^\./, "")));
  const parents = names.filter((name) => name.startsWith(".")).map((name) => name.toLowerCase());
  return (host) => exact.has(host) || parents.some((parent) => host.endsWith(parent));
}
