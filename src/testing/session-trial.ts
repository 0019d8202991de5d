/** One session engine on trial: a store, a clock that is moved by hand, and the moves that cases share. */
import assert from "node:assert/strict";
import type { Awaitable } from "../awaitable.ts";
import type {
  SessionChanges,
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "../engines/session/store.ts";
import { createSessionId } from "../session/session-id.ts";

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

/** What one case works with; `run` closes every store that it made. */
export class SessionTrial {
  /** Milliseconds since 1970, as the stores see it. */
  time = Date.UTC(2030, 0, 1);
  readonly #subject: TrialSubject;
  readonly #stores: SessionStore[] = [];

  /** Runs a case with a fresh trial. */
  static async run(
    subject: TrialSubject,
    body: (trial: SessionTrial, store: SessionStore) => Promise<void>,
  ): Promise<void> {
    const trial = new SessionTrial(subject);
    try {
      await body(trial, await trial.create());
    } finally {
      for (const store of trial.#stores) await store.close?.();
    }
  }

  private constructor(subject: TrialSubject) {
    this.#subject = subject;
  }

  /** One more store, as another process would make it. */
  async create(): Promise<SessionStore> {
    const settings: Record<string, unknown> = { environment: "test", ...this.#subject.settings };
    const store = await this.#subject.create({
      cookieName: "quickstep.session",
      limits: trialLimits,
      now: () => this.time,
      setting: (name) => settings[name],
      warn: () => undefined,
    });
    this.#stores.push(store);
    return store;
  }

  /** Moves the clock by seconds. */
  advance(seconds: number): void {
    this.time += seconds * 1000;
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
