/** Engines on trial: a clock that is moved by hand, and every engine closed that a case has made. */
import type { Awaitable } from "../awaitable.ts";

/** What every kind of engine may have. */
interface Closable {
  close?(): Awaitable<void>;
}

/** What one case works with. */
export abstract class Trial<E extends Closable> {
  /** Milliseconds since 1970, as the engines see it. */
  time = Date.UTC(2030, 0, 1);
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #made: E[] = [];

  /** @param settings what engines read by `setting(name)` */
  constructor(settings: Readonly<Record<string, unknown>> = {}) {
    this.#settings = { environment: "test", ...settings };
  }

  /** Runs a case with a fresh engine. */
  async run(body: (trial: this, engine: E) => Promise<void>): Promise<void> {
    try {
      await body(this, await this.create());
    } finally {
      for (const engine of this.#made) await engine.close?.();
    }
  }

  /** One more engine, as another process would make it. */
  async create(): Promise<E> {
    const engine = await this.make({
      now: () => this.time,
      setting: (name) => this.#settings[name],
      warn: () => undefined,
    });
    this.#made.push(engine);
    return engine;
  }

  /** Moves the clock by seconds. */
  advance(seconds: number): void {
    this.time += seconds * 1000;
  }

  /** Makes an engine with what the trial has for it. */
  protected abstract make(options: TrialOptions): Awaitable<E>;
}

/** What engines of every kind on trial are made with. */
export interface TrialOptions {
  readonly now: () => number;
  readonly setting: (name: string) => unknown;
  readonly warn: (message: string) => void;
}
