/** The values of one session during a request: live copies of what was read, and what has changed. */
import type { SessionChanges } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";
import { copyPlain, samePlain } from "./plain-data.ts";

/** Plain data by key. */
export type PlainValues = Readonly<Record<string, unknown>>;

/** Values over a record that stays as it is; an object that was handed out may be changed in place. */
export class SessionValues {
  readonly #base: PlainValues;
  readonly #live = new Map<string, unknown>();
  readonly #written = new Set<string>();
  readonly #deleted = new Set<string>();

  constructor(base: PlainValues = {}) {
    this.#base = base;
  }

  /** The values as they were opened, none of this request's changes among them. */
  get opened(): PlainValues {
    return this.#base;
  }

  /** The value of a key, or `undefined`. */
  get(key: string): unknown {
    if (this.#live.has(key)) return this.#live.get(key);
    if (this.#deleted.has(key) || !Object.hasOwn(this.#base, key)) return undefined;
    const value = this.#base[key];
    if (typeof value !== "object" || value === null) return value;
    // The record belongs to the store; the handler gets a copy that it may change.
    const copy = copyPlain(value, key);
    this.#live.set(key, copy);
    return copy;
  }

  /** Tells whether the key is there. */
  has(key: string): boolean {
    return this.#live.has(key) || (Object.hasOwn(this.#base, key) && !this.#deleted.has(key));
  }

  /** The keys, in no particular order. */
  keys(): string[] {
    const keys = Object.keys(this.#base).filter((key) => !this.#deleted.has(key));
    for (const key of this.#live.keys()) if (!Object.hasOwn(this.#base, key)) keys.push(key);
    return keys;
  }

  /**
   * Writes a key. When `check` throws, everything is as it was before.
   *
   * @throws SessionError `session-data-invalid` when the value is not plain data.
   */
  set(key: string, value: unknown, check: () => void): void {
    if (key === "__proto__") {
      throw new SessionError("session-key-reserved", 'the session key "__proto__" is not allowed');
    }
    copyPlain(value, key);
    const before = { had: this.#live.has(key), value: this.#live.get(key) };
    this.#live.set(key, value);
    const wasDeleted = this.#deleted.delete(key);
    try {
      check();
    } catch (error) {
      if (before.had) this.#live.set(key, before.value);
      else this.#live.delete(key);
      if (wasDeleted) this.#deleted.add(key);
      throw error;
    }
    this.#written.add(key);
  }

  /** Removes a key and tells whether it was there. */
  delete(key: string): boolean {
    if (!this.has(key)) return false;
    this.#live.delete(key);
    this.#written.delete(key);
    if (Object.hasOwn(this.#base, key)) this.#deleted.add(key);
    return true;
  }

  /** What was written, deleted or changed in place; `undefined` when nothing was. */
  get changes(): SessionChanges | undefined {
    if (this.#live.size === 0 && this.#deleted.size === 0) return undefined;
    const written = new Set(this.#written);
    for (const [key, value] of this.#live) {
      if (!written.has(key) && !samePlain(this.#base[key], value)) written.add(key);
    }
    if (written.size === 0 && this.#deleted.size === 0) return undefined;
    return { written: [...written], deleted: [...this.#deleted] };
  }

  /**
   * All of it, copied.
   *
   * @throws SessionError `session-data-invalid` with the path of what was put into a live object and
   *   is not plain data.
   */
  toPlain(): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    for (const key of this.keys()) {
      data[key] = this.#live.has(key) ? copyPlain(this.#live.get(key), key) : this.#base[key];
    }
    return data;
  }
}
