/** Why a request did or did not get to each route, for developers. */
import { nearest } from "../nearest.ts";
import type { Routable } from "../routing/router.ts";

/** Each route that was tried, and what became of it, up to the one that answers whatever else holds. */
export function tryRoutes(
  routes: readonly Routable[],
  method: string,
  path: string,
): (readonly [route: string, outcome: string])[] {
  const tried: (readonly [string, string])[] = [];
  // Those with conditions come first, as in Dancer.
  const ordered = [
    ...routes.filter(({ conditions }) => conditions !== undefined),
    ...routes.filter(({ conditions }) => conditions === undefined),
  ];
  for (const route of ordered) {
    const { pattern, conditions } = route;
    const fits = pattern.match(path) !== undefined;
    const name = `${route.method} ${pattern.source}`;
    if (!fits) tried.push([name, missedPath(pattern.source, path)]);
    else if (!answers(route, method)) tried.push([name, `answers ${route.method}, not ${method}`]);
    else if (conditions !== undefined) tried.push([name, "matches, if its conditions hold"]);
    else {
      tried.push([name, "matches"]);
      break;
    }
  }
  return tried;
}

/** The path of a route without parameters that was perhaps meant. */
export function nearestPath(
  routes: readonly Routable[],
  method: string,
  path: string,
): string | undefined {
  const plain = routes
    .filter((route) => answers(route, method) && /^\/[\w./-]*$/.test(route.pattern.source))
    .map(({ pattern }) => pattern.source);
  return nearest(path, plain);
}

function answers(route: Routable, method: string): boolean {
  return route.method === method || (method === "HEAD" && route.method === "GET");
}

/** The first part of the path that differs, where the pattern is plain enough to tell. */
function missedPath(source: string, path: string): string {
  if (!source.startsWith("/") || /[*()?]/.test(source)) return "the path does not match";
  const wanted = source.split("/").slice(1);
  const given = path.split("/").slice(1);
  for (const [at, part] of wanted.entries()) {
    const have = given[at];
    if (have === undefined || (have === "" && part !== "")) return `the path ends before "${part}"`;
    if (part === "" && have !== "") return `the path goes on with "${have}"`;
    if (!part.includes(":") && part !== have)
      return `the path has "${have}" where "${part}" should be`;
  }
  return given.length > wanted.length
    ? `the path goes on with "${String(given[wanted.length])}"`
    : "the path does not match";
}
