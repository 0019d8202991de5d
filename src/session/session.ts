/** One visitor's session as a request sees it: reading, writing, and what has changed. */
import { createHmac } from "node:crypto";
import { parseDuration } from "../duration.ts";
import { EXPIRES, FLASH, PINNED, USER } from "../engines/session/store.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "../engines/session/store.ts";
import { SessionError } from "../errors.ts";
import { isReserved, refuseReserved } from "./reserved-keys.ts";
import type { SessionKey, SessionValue } from "./session-data.ts";
import { createSessionId } from "./session-id.ts";
import { NO_CHANGES, type SessionOutcome, type SessionSave } from "./session-outcome.ts";
import { SessionValues, type PlainValues } from "./session-values.ts";

/** What all sessions of an app share. */
export interface SessionOptions {
  readonly store: SessionStore;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** The keyed hash of an id. */
  readonly fingerprint: (id: string) => string;
}

/** What a new id means for the session. */
interface Renewal {
  /** The keys that are taken over; all of them unless given. */
  kept?: readonly string[];
  /** True when the session's life begins anew with it. */
  beginsAnew?: boolean;
}

/**
 * A visitor's session during one request.
 *
 * Values are live: an object that was read and then changed is saved. A key holds plain data only;
 * anything else is refused with its path.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #keepsFlash: boolean;
  #record: SessionRecord | undefined;
  #values: SessionValues;
  #id: string | undefined;
  #renewal: Renewal | undefined;
  /** Made when the session is destroyed. */
  #destroyed: SessionRecord[] | undefined;
  #settled = false;

  /** `record` is what the store found; `keepsFlash`: reading a flash value does not use it up (HEAD requests). */
  constructor(options: SessionOptions, record: SessionRecord | undefined, keepsFlash: boolean) {
    this.#options = options;
    this.#keepsFlash = keepsFlash;
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
    return this.#options.fingerprint(this.id);
  }

  /**
   * A secret of 32 bytes for the use that the label names, such as CSRF tokens: the same as long as the
   * session keeps its id, in all processes, and no help in finding out the id or the secret of another
   * use. A new session is kept from here on, even if nothing else is written.
   */
  secretFor(label: string): Buffer {
    if (this.#record === undefined && !this.#values.has(PINNED)) this.#write(PINNED, true);
    // An engine without a key of its own is left with the id, which is secret and random enough.
    const use = `session-secret:${label}`;
    const key = this.#options.store.deriveKey?.(use) ?? use;
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
    refuseReserved(key);
    this.#write(key, value);
    return value;
  }

  /** Removes a key and tells whether it was there. */
  delete(key: SessionKey): boolean {
    return this.#remove(key);
  }

  /** The keys, in no particular order. */
  keys(): string[] {
    return this.#values.keys().filter((key) => !isReserved(key));
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
    const renewal = (this.#renewal ??= {});
    if (options.keep === undefined) return;
    const kept: readonly string[] = (renewal.kept = [...options.keep, USER, EXPIRES]);
    for (const key of this.#values.keys()) if (!kept.includes(key)) this.#values.delete(key);
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
    this.#renewal = { ...this.#renewal, beginsAnew: true };
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
    this.#destroyed ??= [];
    if (this.#record !== undefined) this.#destroyed.push(this.#record);
    this.#id = undefined;
    this.#renewal = undefined;
    this.#record = undefined;
    this.#values = new SessionValues();
  }

  /**
   * Ends the writing and says what is to be done, `undefined` for nothing; after `failed`, only
   * destroying and regenerating count.
   */
  settle(failed: boolean): SessionOutcome | undefined {
    const save = failed ? this.#renewed() : this.#changed();
    this.#settled = true;
    if (save === undefined && this.#destroyed === undefined) return undefined;
    return { destroyed: this.#destroyed ?? [], save };
  }

  #changed(): SessionSave | undefined {
    const changes = this.#values.changes ?? (this.#keepsNewId() ? NO_CHANGES : undefined);
    return changes && this.#toSave(this.#values.toPlain(), changes);
  }

  #renewed(): SessionSave | undefined {
    if (!this.#keepsNewId()) return undefined;
    const { kept } = (this.#renewal = { ...this.#renewal, beginsAnew: false });
    const { opened } = this.#values;
    const written = Object.keys(opened).filter((key) => kept?.includes(key) !== false);
    const data = Object.fromEntries(written.map((key) => [key, opened[key]]));
    return this.#toSave(data, { written, deleted: [] });
  }

  #toSave(data: PlainValues, changes: SessionChanges): SessionSave {
    const replaces = this.#renewal && this.#record?.id;
    const record = this.#next(data);
    return { record, changes: replaces === undefined ? changes : { ...changes, replaces } };
  }

  /** True when there is a record that has to be saved again because its id is new. */
  #keepsNewId(): boolean {
    return this.#renewal !== undefined && this.#record !== undefined;
  }

  /** The record as it would be saved now. */
  #next(data: PlainValues): SessionRecord {
    const now = this.#options.now();
    const opened = this.#record;
    return {
      id: this.id,
      version: this.#renewal === undefined ? (opened?.version ?? 0) : 0,
      createdAt: this.#renewal?.beginsAnew === true ? now : (opened?.createdAt ?? now),
      lastSeen: now,
      data,
      memo: opened?.memo,
    };
  }

  #write(key: string, value: unknown): void {
    this.#mustBeOpen();
    const { store } = this.#options;
    this.#values.set(key, value, () => {
      store.check?.(this.#next(this.#values.toPlain()));
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
