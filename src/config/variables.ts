/** Environment variables and those of the `.env` file, also where a file holds the value. */
import { readFileSync } from "node:fs";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable stands for. */
export interface Variable {
  readonly value: string;
  /** `PORT`, `PORT (.env)` or `PORT_FILE`. */
  readonly source: string;
  /** Why there is no value, if the file with it cannot be read. */
  readonly fault?: string;
}

/** All variables; the real environment stands above the `.env` file. */
export class Variables {
  readonly #env: Environment;
  readonly #dotEnv: Environment;

  constructor(env: Environment, dotEnv: Environment = {}) {
    this.#env = env;
    this.#dotEnv = dotEnv;
  }

  /** The names that are set, each once. */
  get names(): string[] {
    return Object.keys({ ...this.#dotEnv, ...this.#env });
  }

  /**
   * The variable, or `undefined` if it is not set. Where it is unset or empty and `NAME_FILE` names a
   * file, as containers hand over secrets, it is that file's content without the final newline.
   */
  find(name: string): Variable | undefined {
    const own = this.own(name);
    const file = own?.value ? undefined : this.own(`${name}_FILE`);
    if (file === undefined || file.value === "") return own;
    try {
      const value = readFileSync(file.value, "utf8").replace(/\r?\n$/, "");
      return { value, source: file.source };
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      const fault = `the file ${file.value} that ${file.source} names cannot be read (${code})`;
      return { value: "", source: file.source, fault };
    }
  }

  /** The variable itself, or `undefined` if it is not set. */
  own(name: string): Variable | undefined {
    for (const [values, note] of [
      [this.#env, ""],
      [this.#dotEnv, " (.env)"],
    ] as const) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) return { value, source: name + note };
    }
    return undefined;
  }
}
