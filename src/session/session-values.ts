/** The values of one session during a request: live copies of what was read, and what has changed. */
import type { SessionChanges } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";
import { copyPlain, samePlain } from "./plain-data.ts";

/** Plain data by key. */
export type PlainValues = Readonly<Record<string, unknown>>;

/** A key that was written or deleted, or an object that was handed out and may be changed in place. */
interface Touched {
  /** `undefined` when the key is gone. */
  readonly value: unknown;
  readonly isWritten: boolean;
}

/** Values over a record that stays as it is; an object that was handed out may be changed in place. */
export class SessionValues {
  /** The values as they were opened, none of this request's changes among them. */
  readonly opened: PlainValues;
  /** Made when there is something to remember: most requests read text and numbers only. */
  #touched: Map<string, Touched> | undefined;
  /** What `toPlain` gave, as long as it holds: until the next write, and not where an object is live. */
  #plain: PlainValues | undefined;

  constructor(opened: PlainValues = {}) {
    this.opened = opened;
  }

  /** The value of a key, or `undefined`. */
  get(key: string): unknown {
    const touched = this.#touched?.get(key);
    if (touched !== undefined) return touched.value;
    if (!Object.hasOwn(this.opened, key)) return undefined;
    const value = this.opened[key];
    if (typeof value !== "object" || value === null) return value;
    // The record belongs to the store; the handler gets a copy that it may change.
    const copy = copyPlain(value, key);
    this.#touch(key, { value: copy, isWritten: false });
    return copy;
  }

  /** Tells whether the key is there. */
  has(key: string): boolean {
    const touched = this.#touched?.get(key);
    return touched === undefined ? Object.hasOwn(this.opened, key) : touched.value !== undefined;
  }

  /** The keys, in no particular order. */
  keys(): string[] {
    const keys = Object.keys(this.opened);
    if (this.#touched === undefined) return keys;
    for (const key of this.#touched.keys()) if (!Object.hasOwn(this.opened, key)) keys.push(key);
    return keys.filter((key) => this.has(key));
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
    const before = this.#touched?.get(key);
    this.#touch(key, { value, isWritten: true });
    try {
      check();
    } catch (error) {
      this.#touch(key, before);
      throw error;
    }
  }

  /** Removes a key and tells whether it was there. */
  delete(key: string): boolean {
    if (!this.has(key)) return false;
    const wasOpened = Object.hasOwn(this.opened, key);
    this.#touch(key, wasOpened ? { value: undefined, isWritten: true } : undefined);
    return true;
  }

  /** What was written, deleted or changed in place; `undefined` when nothing was. */
  get changes(): SessionChanges | undefined {
    if (this.#touched === undefined) return undefined;
    const written: string[] = [];
    const deleted: string[] = [];
    this.#touched.forEach(({ value, isWritten }, key) => {
      if (value === undefined) deleted.push(key);
      else if (isWritten || !samePlain(this.opened[key], value)) written.push(key);
    });
    return written.length + deleted.length === 0 ? undefined : { written, deleted };
  }

  /**
   * All of it, in an object of its own, which nobody may change. What nobody was handed is not copied.
   *
   * @throws SessionError `session-data-invalid` with the path of what was put into a live object and
   *   is not plain data.
   */
  toPlain(): PlainValues {
    if (this.#plain !== undefined) return this.#plain;
    // Built key by key: V8 makes a slow object of a clone that is written to.
    const plain: Record<string, unknown> = {};
    for (const key of Object.keys(this.opened)) {
      if (this.#touched?.has(key) !== true) plain[key] = this.opened[key];
    }
    let mayChange = false;
    for (const [key, { value }] of this.#touched ?? []) {
      if (value === undefined) continue;
      plain[key] = copyPlain(value, key);
      mayChange ||= typeof value === "object";
    }
    if (!mayChange) this.#plain = plain;
    return plain;
  }

  #touch(key: string, touched: Touched | undefined): void {
    this.#plain = undefined;
    if (touched === undefined) this.#touched?.delete(key);
    else (this.#touched ??= new Map()).set(key, touched);
  }
}
