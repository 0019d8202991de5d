/** The oracle: tries every route in order with a RegExp made as Dancer makes it. Slow and obvious. */

/** A route as the oracle sees it. */
export interface LinearRoute {
  readonly method: string;
  readonly pattern: string | RegExp;
  readonly prefix: string;
}

/** What a path gives to a route, in a form to compare. */
export interface LinearMatch {
  readonly route: LinearRoute;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly splat: readonly (string | readonly string[] | undefined)[];
}

/** Every route that answers, in definition order: what a chain of `pass` would visit. */
export function matchesInOrder(
  routes: readonly LinearRoute[],
  method: string,
  path: string,
): LinearMatch[] {
  return routes.flatMap((route) => {
    const answers = route.method === method || (route.method === "GET" && method === "HEAD");
    const match = answers ? matchRoute(route, path) : undefined;
    return match === undefined ? [] : [match];
  });
}

function matchRoute(route: LinearRoute, path: string): LinearMatch | undefined {
  if (route.pattern instanceof RegExp) {
    const found = new RegExp(`^${route.prefix}(?:${route.pattern.source})$`, "u").exec(path);
    if (found === null) return undefined;
    return { route, params: {}, splat: filled(found.slice(1)) };
  }
  const { regExp, kinds } = translate(
    route.pattern === "/" && route.prefix !== ""
      ? `${route.prefix}/?`
      : route.prefix + route.pattern,
  );
  const found = regExp.exec(path);
  if (found === null) return undefined;
  const params: Record<string, string | undefined> = {};
  const splat: (string | readonly string[] | undefined)[] = [];
  const values: (string | undefined)[] = found.slice(1);
  for (const [index, kind] of kinds.entries()) {
    const value = values[index];
    if (kind === "**") splat.push((value ?? "").replace(/\/+$/, "").split("/").filter(unlessEmpty));
    else if (kind === "*") splat.push(value);
    else params[kind.slice(1)] = value;
  }
  return { route, params, splat: filled(splat) };
}

/** The values up to the last one that is there. */
function filled<T>(values: readonly (T | undefined)[]): readonly (T | undefined)[] {
  const last = values.findLastIndex((value) => value !== undefined);
  return values.slice(0, last + 1);
}

function translate(pattern: string): { regExp: RegExp; kinds: string[] } {
  const kinds: string[] = [];
  const source = pattern.replace(/\*\*|\*|:[^/.?:*]+|[.+^$()[\]{}|\\]/g, (part) => {
    if (part === "**" || part === "*" || part.startsWith(":")) {
      kinds.push(part);
      return part === "**" ? "([^]+)" : "([^/]+)";
    }
    return `\\${part}`;
  });
  return { regExp: new RegExp(`^${source}$`, "u"), kinds };
}

/** `"".split("/")` is one empty piece where Perl gives none. */
function unlessEmpty(_piece: string, _index: number, all: readonly string[]): boolean {
  return all.length > 1 || all[0] !== "";
}
