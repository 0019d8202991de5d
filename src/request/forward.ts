/** What `forward` makes of a request's parameters. */
import type { ParamSources } from "./params.ts";
import type { ParameterLists } from "./query.ts";

/** The query of the new request: what it was given itself counts before what there was. */
export function forwardedQuery(
  { query, routeParams }: Pick<ParamSources, "query" | "routeParams">,
  given: ParameterLists,
  params: ParamSources["routeParams"],
): ParameterLists {
  const all = Object.create(null) as Record<string, readonly string[]>;
  return Object.assign(all, query, { ...lists(routeParams), ...given, ...lists(params) });
}

function lists(params: ParamSources["routeParams"]): Record<string, readonly string[]> {
  const entries = Object.entries(params);
  return Object.fromEntries(entries.map(([name, value]) => [name, [value ?? []].flat()]));
}
