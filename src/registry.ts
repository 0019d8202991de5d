/** Finds an engine by the name that a setting gives: built in, registered by the app, or an npm package. */

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
   * @throws EngineError `engine-unknown` or `engine-broken`, as `loadEnginePackage`.
   */
  async create(name: string, options: Options, origin?: Place): Promise<Engine> {
    const factory = this.#factories.get(name) ?? (await this.#fromPackage(name, origin));
    return factory(options);
  }

  async #fromPackage(name: string, origin?: Place): Promise<EngineFactory<Engine, Options>> {
    const { loadEnginePackage } = await import("./engine-package.ts");
    const known = [...this.#factories.keys()].sort();
    const factory = await loadEnginePackage(this.#kind, name, known, origin?.toString());
    return factory as EngineFactory<Engine, Options>;
  }
}
