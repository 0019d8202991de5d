/** One visitor's session as a request sees it: reading, writing, and what has changed. */
import { createHmac } from "node:crypto";
import { parseDuration } from "../duration.ts";
import { EXPIRES, FLASH, OVERFLOW, PINNED, USER, VERSION } from "../engines/session/store.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";
import { createSessionId } from "./session-id.ts";
import { SessionValues } from "./session-values.ts";

/**
 * The keys of your app's sessions and their types. Extend it, and unknown keys and wrong values
 * become compile errors:
 *
 * ```ts
 * declare module "quickstep" {
 *   interface SessionData { user: string; visits: number }
 * }
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- apps extend it
export interface SessionData {}

/** A key of the session: any string until `SessionData` is extended. */
export type SessionKey = [keyof SessionData] extends [never]
  ? string
  : Extract<keyof SessionData, string>;

/** The type of a session value: `unknown` until `SessionData` is extended. */
export type SessionValue<K extends string> = K extends keyof SessionData ? SessionData[K] : unknown;

/** The `session` word: the session itself, a value, or a write. */
export interface SessionWord {
  (): Session;
  <K extends SessionKey>(key: K): SessionValue<K> | undefined;
  <K extends SessionKey, V extends SessionValue<K>>(key: K, value: V): V;
}

/** What settling a session has to do. */
export interface SessionOutcome {
  /** Sessions that are to be forgotten for good. */
  readonly destroyed: readonly SessionRecord[];
  /** The record to save, if anything changed. */
  readonly save?: { readonly record: SessionRecord; readonly changes: SessionChanges };
  /** True when the visitor's cookie stands for nothing any more. */
  readonly expire: boolean;
}

/** The keys that have words of their own. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ["id", "id"],
  [FLASH, "flash()"],
  [USER, "bind()"],
  [EXPIRES, "expires()"],
  [VERSION, "toJSON()"],
  [OVERFLOW, "toJSON()"],
  [PINNED, "secretFor()"],
]);
const NO_CHANGES: SessionChanges = { written: [], deleted: [] };

/** What all sessions of an app share. */
export interface SessionOptions {
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** True where reading a flash value does not use it up: in HEAD requests. */
  readonly keepsFlash: boolean;
  /** The keyed hash of an id. */
  readonly fingerprint: (id: string) => string;
}

/**
 * A visitor's session during one request.
 *
 * Values are live: an object that was read and then changed is saved. A key holds plain data only;
 * anything else is refused with its path.
 */
export class Session {
  readonly #store: SessionStore;
  readonly #now: () => number;
  readonly #keepsFlash: boolean;
  readonly #fingerprint: (id: string) => string;
  #record: SessionRecord | undefined;
  #values: SessionValues;
  readonly #destroyed: SessionRecord[] = [];
  #id: string | undefined;
  #kept: readonly string[] | undefined;
  #regenerated = false;
  #beginsAnew = false;
  #ended = false;
  #settled = false;

  /**
   * @param record what the store found, or `undefined` for a new session
   * @param options `keepsFlash`: reading a flash value does not use it up (HEAD requests)
   */
  constructor(store: SessionStore, record: SessionRecord | undefined, options: SessionOptions) {
    this.#store = store;
    this.#now = options.now;
    this.#keepsFlash = options.keepsFlash;
    this.#fingerprint = options.fingerprint;
    this.#record = record;
    this.#values = new SessionValues(record?.data);
    this.#id = record?.id;
  }

  /** The session's id; a new session gets one here. Treat it as a secret. */
  get id(): string {
    return (this.#id ??= createSessionId());
  }

  /** A keyed hash of the id, by which log lines can be told to belong together; no secret. */
  get fingerprint(): string {
    return this.#fingerprint(this.id);
  }

  /**
   * A secret of 32 bytes for the use that the label names, such as CSRF tokens: the same as long as the
   * session keeps its id, in all processes, and no help in finding out the id or the secret of another
   * use. A new session is kept from here on, even if nothing else is written.
   */
  secretFor(label: string): Buffer {
    if (this.#record === undefined && !this.#values.has(PINNED)) this.#write(PINNED, true);
    // An engine without a key of its own is left with the id, which is secret and random enough.
    const key = this.#store.deriveKey?.(`session-secret:${label}`) ?? `session-secret:${label}`;
    return createHmac("sha256", key).update(this.id).digest();
  }

  /** The user that the session is bound to, if any. */
  get user(): string | undefined {
    return this.#values.get(USER) as string | undefined;
  }

  /** When the session began, or was last bound to a user: the time of login. */
  get since(): Date {
    return new Date(this.#next({}).createdAt);
  }

  /** The record as it was opened, for refreshing it. */
  get record(): SessionRecord | undefined {
    return this.#record;
  }

  /** The value of a key, or `undefined`. Changing an object you got changes the session. */
  get<K extends SessionKey>(key: K): SessionValue<K> | undefined {
    return this.#values.get(key) as SessionValue<K> | undefined;
  }

  /** Tells whether the key is there. */
  has(key: SessionKey): boolean {
    return this.#values.has(key);
  }

  /**
   * Writes a key and returns the value.
   *
   * @throws SessionError `session-data-invalid` when the value is not plain data, `session-too-large`
   *   when the engine cannot carry it, `session-settled` when the headers have gone.
   */
  set<K extends SessionKey, V extends SessionValue<K>>(key: K, value: V): V {
    const name: string = key;
    const word = RESERVED.get(name);
    if (word !== undefined) {
      throw new SessionError(
        "session-key-reserved",
        `the session key "${name}" is reserved; use session().${word} or another name`,
      );
    }
    this.#write(key, value);
    return value;
  }

  /** Removes a key and tells whether it was there. */
  delete(key: SessionKey): boolean {
    return this.#remove(key);
  }

  /** The keys, in no particular order. */
  keys(): string[] {
    return this.#values.keys().filter((key) => !RESERVED.has(key));
  }

  /** The keys with their values. */
  entries(): [string, unknown][] {
    return this.keys().map((key) => [key, this.#values.get(key)]);
  }

  /** All of it as an object, which is what `JSON.stringify` shows. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this.entries());
  }

  /**
   * Keeps a value for the next page that asks: `flash("notice", "Saved")` stores it, `flash("notice")`
   * gives it once and forgets it. It survives any number of redirects; HEAD requests do not use it up.
   */
  flash(key: string): unknown;
  flash<V>(key: string, value: V): V;
  flash(key: string, ...rest: [] | [unknown]): unknown {
    const values = this.#values.get(FLASH) as Record<string, unknown> | undefined;
    if (rest.length === 1) {
      this.#write(FLASH, { ...values, [key]: rest[0] });
      return rest[0];
    }
    if (values === undefined || !Object.hasOwn(values, key)) return undefined;
    const { [key]: value, ...others } = values;
    if (!this.#keepsFlash) {
      if (Object.keys(others).length === 0) this.#remove(FLASH);
      else this.#write(FLASH, others);
    }
    return value;
  }

  /**
   * Gives the session a new id and keeps its data, or only the keys of `keep`.
   *
   * Call it on every change of privilege, so that an id planted before the change is worthless
   * after it. It takes effect even when the handler throws later.
   */
  regenerate(options: { keep?: readonly SessionKey[] } = {}): void {
    this.#mustBeOpen();
    this.#id = createSessionId();
    this.#regenerated = true;
    const keep: readonly string[] | undefined = options.keep;
    if (keep === undefined) return;
    this.#kept = [...keep, USER, EXPIRES];
    for (const key of this.#values.keys()) if (!this.#kept.includes(key)) this.#values.delete(key);
  }

  /**
   * Binds the session to a user, so that `app.endSessions(user)` ends it; `null` unbinds it. This is
   * what a login calls: the session gets a new id, as by `regenerate`, and its life begins anew.
   *
   * @throws SessionError `session-user-invalid` when the user is not a text that names somebody.
   */
  bind(user: string | null): void {
    if (user === "" || (user !== null && typeof user !== "string")) {
      throw new SessionError(
        "session-user-invalid",
        `a session is bound to a user's name or id as text, not to ${JSON.stringify(user)}`,
      );
    }
    this.regenerate();
    this.#beginsAnew = true;
    if (user === null) this.#remove(USER);
    else this.#write(USER, user);
  }

  /**
   * Gives this session an idle time of its own, in seconds or as `"30 days"`: "remember me". Its cookie
   * then outlives the browser. It never exceeds `session_lifetime`; `null` returns to `session_expires`.
   *
   * @throws ConfigError `duration-invalid`; SessionError `session-expires-invalid` below one second.
   */
  expires(time: number | string | null): void {
    if (time === null) {
      this.#remove(EXPIRES);
      return;
    }
    const seconds = Math.floor(parseDuration(time));
    if (seconds < 1) {
      throw new SessionError(
        "session-expires-invalid",
        `session().expires(${JSON.stringify(time)}) is less than a second; use destroy() to end a session`,
      );
    }
    this.#write(EXPIRES, seconds);
  }

  /**
   * Ends the session: its data is gone, its cookie expires, its record is removed. A later write
   * starts a new session. It takes effect even when the handler throws later.
   */
  destroy(): void {
    this.#mustBeOpen();
    if (this.#record !== undefined) this.#destroyed.push(this.#record);
    this.#id = undefined;
    this.#regenerated = false;
    this.#beginsAnew = false;
    this.#kept = undefined;
    this.#record = undefined;
    this.#ended = true;
    this.#values = new SessionValues();
  }

  /** Ends the writing and says what is to be done; after `failed`, only destroying and regenerating count. */
  settle(failed: boolean): SessionOutcome {
    const outcome = failed ? this.#outcomeOfFailure() : this.#outcome();
    this.#settled = true;
    return outcome;
  }

  #outcome(): SessionOutcome {
    const changes = this.#values.changes ?? (this.#keepsNewId() ? NO_CHANGES : undefined);
    if (changes === undefined) return this.#nothingToSave();
    return this.#toSave(this.#values.toPlain(), changes);
  }

  #outcomeOfFailure(): SessionOutcome {
    if (!this.#keepsNewId()) return this.#nothingToSave();
    this.#beginsAnew = false;
    const kept = Object.entries(this.#values.opened).filter(
      ([key]) => this.#kept?.includes(key) ?? true,
    );
    const changes = { written: kept.map(([key]) => key), deleted: [] };
    return this.#toSave(Object.fromEntries(kept), changes);
  }

  #toSave(data: Record<string, unknown>, changes: SessionChanges): SessionOutcome {
    const replaces = this.#regenerated ? this.#record?.id : undefined;
    const save = {
      record: this.#next(data),
      changes: replaces === undefined ? changes : { ...changes, replaces },
    };
    return { destroyed: this.#destroyed, save, expire: false };
  }

  #nothingToSave(): SessionOutcome {
    return { destroyed: this.#destroyed, expire: this.#ended };
  }

  /** True when there is a record that has to be saved again because its id is new. */
  #keepsNewId(): boolean {
    return this.#regenerated && this.#record !== undefined;
  }

  #next(data: Record<string, unknown>): SessionRecord {
    const now = this.#now();
    const { version = 0, createdAt = now, memo } = this.#record ?? {};
    return {
      id: this.id,
      version: this.#regenerated ? 0 : version,
      createdAt: this.#beginsAnew ? now : createdAt,
      lastSeen: now,
      data,
      memo,
    };
  }

  #write(key: string, value: unknown): void {
    this.#mustBeOpen();
    this.#values.set(key, value, () => {
      this.#store.check?.(this.#next(this.#values.toPlain()));
    });
  }

  #remove(key: string): boolean {
    this.#mustBeOpen();
    return this.#values.delete(key);
  }

  #mustBeOpen(): void {
    if (!this.#settled) return;
    throw new SessionError(
      "session-settled",
      "the session was changed after the response headers had gone; change it before the handler returns",
    );
  }
}
