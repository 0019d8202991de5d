/** Finds an engine by the name that a setting gives: built in, registered by the app, or an npm package. */
import { EngineError } from "./errors.ts";
import { suggest } from "./nearest.ts";

/** Makes an engine; it may be asynchronous because optional libraries are loaded here, at start-up. */
export type EngineFactory<Engine, Options> = (options: Options) => Engine | Promise<Engine>;

/** Where something was set; as text, `config.yml:2:1`. */
interface Place {
  toString(): string;
}

/** One kind of engine and the names under which its makers are known. */
export class Registry<Engine, Options> {
  readonly #kind: string;
  readonly #factories = new Map<string, EngineFactory<Engine, Options>>();

  /** `kind` is `session`, `template`, `serializer` or `logger`. */
  constructor(kind: string, builtIn: Readonly<Record<string, EngineFactory<Engine, Options>>>) {
    this.#kind = kind;
    for (const [name, factory] of Object.entries(builtIn)) this.#factories.set(name, factory);
  }

  /** Makes `name` a known engine; a name that is known already gets the new maker. */
  register(name: string, factory: EngineFactory<Engine, Options>): void {
    this.#factories.set(name, factory);
  }

  /**
   * Makes the engine of this name, looking among the known ones and then for the npm package
   * `quickstep-KIND-NAME`, whose default export must be an engine factory. `origin` is where the
   * name was set, such as `config.yml:2:1`.
   *
   * @throws EngineError `engine-unknown` with the origin, the known names and the nearest one.
   */
  async create(name: string, options: Options, origin?: Place): Promise<Engine> {
    const factory = this.#factories.get(name) ?? (await this.#fromPackage(name, origin));
    return factory(options);
  }

  async #fromPackage(name: string, origin?: Place): Promise<EngineFactory<Engine, Options>> {
    const specifier = `quickstep-${this.#kind}-${name}`;
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw this.#unknown(name, specifier, origin);
    let loaded: { default?: unknown };
    try {
      loaded = (await import(specifier)) as { default?: unknown };
    } catch (cause) {
      if (isMissing(cause, specifier)) throw this.#unknown(name, specifier, origin);
      throw new EngineError("engine-broken", `the package ${specifier} could not be loaded`, {
        cause,
      });
    }
    if (typeof loaded.default !== "function") {
      throw new EngineError(
        "engine-broken",
        `the package ${specifier} has no default export that makes an engine`,
      );
    }
    return loaded.default as EngineFactory<Engine, Options>;
  }

  #unknown(name: string, specifier: string, origin?: Place): EngineError {
    const known = [...this.#factories.keys()].sort();
    const hint = suggest(name, known);
    const place = origin === undefined ? "" : `${origin.toString()}: `;
    return new EngineError(
      "engine-unknown",
      `${place}unknown ${this.#kind} engine "${name}" (known: ${known.join(", ")}; no package ${specifier} is installed)${hint}`,
    );
  }
}

function isMissing(error: unknown, specifier: string): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${specifier}'`)
  );
}
