/** Dancer's route options: what else, besides the path, must hold for a route to answer. */
import { RouteError } from "../errors.ts";

/** A regular expression that an attribute must match, or its source. */
export type ConditionValue = string | RegExp;

/** A route's conditions, compiled. */
export interface RouteConditions {
  /**
   * Tells whether every condition holds; one on an attribute that is missing, empty or 0 does not,
   * as in Dancer.
   *
   * `lookup` is asked for an attribute such as `path_info`, and otherwise for a header's value, by a
   * name in lower case with `_` for `-`, such as `user_agent`.
   */
  holds(lookup: (attribute: string) => string | undefined): boolean;
}

/**
 * Compiles conditions such as `{ agent: /Songbird/, contentType: "^application/json" }`.
 *
 * A name is a request attribute (`agent`, `method`, `path`, `path_info`, `scheme`,
 * `remote_address`; `ajax` and `is_forward`, which are "1") or a header's, with `_` for `-` or in
 * camelCase.
 *
 * @throws RouteError `route-condition-invalid` for a value that is not a regular expression.
 */
export function parseConditions(
  conditions: Readonly<Record<string, ConditionValue>>,
): RouteConditions {
  const tests = Object.entries(conditions).map(
    ([name, value]) => [attributeOf(name), compile(name, value)] as const,
  );
  return {
    holds: (lookup) =>
      tests.every(([attribute, test]) => {
        const value = lookup(attribute);
        return value !== undefined && value !== "" && value !== "0" && test.test(value);
      }),
  };
}

function attributeOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|-/g, "_").toLowerCase();
}

function compile(name: string, value: unknown): RegExp {
  // With "g" or "y" a RegExp remembers where it stopped, from one request to the next.
  if (value instanceof RegExp) return new RegExp(value.source, value.flags.replace(/[gy]/g, ""));
  if (typeof value !== "string") {
    throw new RouteError(
      "route-condition-invalid",
      `the route condition "${name}" must be a RegExp or a string, got ${value === null ? "null" : typeof value}`,
    );
  }
  try {
    return new RegExp(value);
  } catch (cause) {
    throw new RouteError(
      "route-condition-invalid",
      `the route condition "${name}" is no regular expression: "${value}"`,
      { cause },
    );
  }
}
