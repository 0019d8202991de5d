/** Finds the maker of an engine in an npm package; loaded where a setting names an engine that is not known. */
import { EngineError } from "./errors.ts";
import { suggest } from "./nearest.ts";
import { isMissing } from "./optional-library.ts";

/**
 * The default export of the package `quickstep-KIND-NAME`.
 *
 * @param known the names of the engines that need no package
 * @param origin where the name was set, such as `config.yml:2:1`
 * @throws EngineError `engine-unknown` with the origin, the known names and the nearest one, or
 * `engine-broken` for a package without an engine.
 */
export async function loadEnginePackage(
  kind: string,
  name: string,
  known: readonly string[],
  origin?: string,
): Promise<(options: never) => unknown> {
  const specifier = `quickstep-${kind}-${name}`;
  const loaded = /^[a-z0-9][a-z0-9._-]*$/.test(name) ? await load(specifier) : undefined;
  if (loaded === undefined) {
    const place = origin === undefined ? "" : `${origin}: `;
    throw new EngineError(
      "engine-unknown",
      `${place}unknown ${kind} engine "${name}" (known: ${known.join(", ")}; no package ${specifier} is installed)${suggest(name, known)}`,
    );
  }
  if (typeof loaded.default !== "function") {
    throw new EngineError(
      "engine-broken",
      `the package ${specifier} has no default export that makes an engine`,
    );
  }
  return loaded.default as (options: never) => unknown;
}

async function load(specifier: string): Promise<{ readonly default?: unknown } | undefined> {
  try {
    return (await import(specifier)) as { readonly default?: unknown };
  } catch (cause) {
    if (isMissing(cause, specifier)) return undefined;
    const message = `the package ${specifier} could not be loaded`;
    throw new EngineError("engine-broken", message, { cause });
  }
}
