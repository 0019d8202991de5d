/** A request's parameters: each source by itself, and one order in which they are merged. */
import { HTTPError, ResponseError } from "../errors.ts";
import type { ParameterLists } from "./query.ts";

/** Where a parameter came from. */
export type ParamSource = "route" | "query" | "body";
const SOURCES: readonly (string | undefined)[] = ["route", "query", "body", undefined];

/** What parameters are read from; a `Request` fits. */
export interface ParamSources {
  readonly method: string;
  readonly routeParams: Readonly<Record<string, string | undefined>>;
  readonly query: ParameterLists;
  readonly form: ParameterLists;
  readonly data: unknown;
  readonly hasData: boolean;
}

/**
 * The parameters from one source, or from all: route before body before query, the last value of a
 * repeated name. As in Dancer, an optional token that matched nothing hides the query, but not the
 * body. Values are text, except for data from a JSON body.
 *
 * @throws ResponseError `param-source-unknown`.
 */
export function mergedParams(from: ParamSources, source?: ParamSource): Record<string, unknown> {
  if (!SOURCES.includes(source)) {
    throw new ResponseError(
      "param-source-unknown",
      `"${String(source)}" is no source of parameters; it is route, query or body`,
    );
  }
  const all = Object.create(null) as Record<string, unknown>;
  const { routeParams } = from;
  const wants = (one: ParamSource): boolean => source === undefined || source === one;
  if (wants("query")) Object.assign(all, lastValues(from.query));
  if (wants("route")) Object.assign(all, routeParams);
  if (wants("body")) Object.assign(all, lastValues(from.form), dataParams(from));
  if (!wants("route")) return all;
  for (const name of Object.keys(routeParams)) all[name] = routeParams[name] ?? all[name];
  return all;
}

/**
 * One parameter as text, from the route, the body or the query, in this order; the last value of a
 * repeated name.
 *
 * @throws HTTPError 400 `param-not-text` when a JSON body holds an object or a list under this name.
 */
export function oneParam(from: ParamSources, name: string): string | undefined {
  const inRoute = Object.hasOwn(from.routeParams, name);
  if (inRoute && from.routeParams[name] !== undefined) return from.routeParams[name];
  const form = from.form[name]?.at(-1);
  if (form !== undefined) return form;
  const data = dataParams(from);
  if (data !== undefined && Object.hasOwn(data, name)) return scalarText(data[name], name);
  return inRoute ? undefined : from.query[name]?.at(-1);
}

/** All values of a parameter, from the first source that has it: route, body, query. */
export function allValues(from: ParamSources, name: string): string[] {
  const inRoute = Object.hasOwn(from.routeParams, name);
  if (inRoute && from.routeParams[name] !== undefined) return [from.routeParams[name]];
  const form = from.form[name];
  if (form !== undefined) return [...form];
  const data = dataParams(from);
  if (data === undefined || !Object.hasOwn(data, name)) {
    return inRoute ? [] : [...(from.query[name] ?? [])];
  }
  const values: readonly unknown[] = Array.isArray(data[name]) ? data[name] : [data[name]];
  return values.map((value) => scalarText(value, name)).filter((text) => text !== undefined);
}

/** The last value of each name. */
export function lastValues(values: ParameterLists): Record<string, unknown> {
  const last = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(values)) last[name] = values[name]?.at(-1);
  return last;
}

/** As in Dancer, data in a body makes parameters if it is a map, and not in a GET request. */
function dataParams(from: ParamSources): Record<string, unknown> | undefined {
  if (from.method === "GET" || from.method === "HEAD" || !from.hasData) return undefined;
  const { data } = from;
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : undefined;
}

/** Tells whether a body of this media type is JSON. */
export function isJson(mediaType: string | undefined): boolean {
  return mediaType === "application/json" || mediaType?.endsWith("+json") === true;
}

function scalarText(value: unknown, name: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new HTTPError(
    400,
    `the parameter "${name}" must be text; params("body") gives data as it was sent`,
    { code: "param-not-text" },
  );
}
