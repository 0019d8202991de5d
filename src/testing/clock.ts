/** A clock that tests move. */
import { parseDuration } from "../duration.ts";

/** The time as an app and its visitors see it: the real one until it is moved. */
export class Clock {
  readonly #base: () => number;
  #offset = 0;

  /** @param base the clock that is moved, in milliseconds since 1970 */
  constructor(base: () => number = Date.now) {
    this.#base = base;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#base() + this.#offset;

  /**
   * Moves the clock ahead by seconds, or by a duration as settings write it: `"25 hours"`.
   *
   * @throws ConfigError `duration-invalid` for a text that is no duration.
   */
  advance(duration: number | string): void {
    this.#offset += parseDuration(duration, { negative: true }) * 1000;
  }
}
