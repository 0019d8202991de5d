/** Session engines on trial, and the moves that cases share. */
import assert from "node:assert/strict";
import type { Awaitable } from "../awaitable.ts";
import type {
  SessionChanges,
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "../engines/session/store.ts";
import { createSessionId } from "../session/session-id.ts";
import { Trial, type TrialOptions } from "./trial.ts";

/** The limits under which every store is tried, in seconds. */
export const trialLimits = { idle: 3600, absolute: 86_400 };

/** Makes stores for a trial, and puts what is behind them out of order. */
export interface TrialSubject {
  readonly create: (options: SessionStoreOptions) => Awaitable<SessionStore>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The bodies of cases by name. */
export type SessionCases = Readonly<
  Record<string, (trial: SessionTrial, store: SessionStore) => Promise<void>>
>;

/** What one case works with. */
export class SessionTrial extends Trial<SessionStore> {
  readonly #subject: TrialSubject;

  constructor(subject: TrialSubject) {
    super(subject.settings);
    this.#subject = subject;
  }

  protected override make(options: TrialOptions): Awaitable<SessionStore> {
    const cookieName = "quickstep.session";
    return this.#subject.create({ cookieName, limits: trialLimits, ...options });
  }

  /** A session as the life cycle hands it over for its first save. */
  newRecord(data: Readonly<Record<string, unknown>>): SessionRecord {
    const { time } = this;
    return { id: createSessionId(), version: 0, createdAt: time, lastSeen: time, data };
  }

  /** Saves a new session and opens it again. */
  async saved(
    store: SessionStore,
    data: Readonly<Record<string, unknown>>,
  ): Promise<{ cookie: string; record: SessionRecord }> {
    const record = this.newRecord(data);
    const cookie = await store.save(record, allOf(record));
    return { cookie, record: await mustOpen(store, cookie) };
  }
}

/** The changes that write every key of a record. */
export function allOf(record: SessionRecord): SessionChanges {
  return { written: Object.keys(record.data), deleted: [] };
}

/** Saves these keys over the record, as a request would that had opened it. */
export function write(
  store: SessionStore,
  record: SessionRecord,
  data: Readonly<Record<string, unknown>>,
  deleted: readonly string[] = [],
): Awaitable<string> {
  const changed = { ...record, data: { ...record.data, ...data } };
  return store.save(changed, { written: Object.keys(data), deleted });
}

/** Saves what was opened under a new id, as `session().regenerate()` does. */
export async function regenerate(
  store: SessionStore,
  record: SessionRecord,
): Promise<{ id: string; cookie: string }> {
  const renewed = { ...record, id: createSessionId(), version: 0 };
  const cookie = await store.save(renewed, { ...allOf(record), replaces: record.id });
  return { id: renewed.id, cookie };
}

/** Opens a session that has to be there. */
export async function mustOpen(
  store: SessionStore,
  cookie: string,
  seen?: string,
): Promise<SessionRecord> {
  const record = await store.open(cookie, seen);
  assert.ok(record, "the session that was saved cannot be opened");
  return record;
}

/** Asserts that a cookie opens nothing. */
export async function mustBeGone(
  store: SessionStore,
  cookie: string,
  why: string,
  seen?: string,
): Promise<void> {
  assert.equal(await store.open(cookie, seen), undefined, `a session opens ${why}`);
}
