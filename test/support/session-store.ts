/** What tests hand to session engines, and the public contract suite run by vitest. */
import { describe, it } from "vitest";
import type {
  SessionChanges,
  SessionRecord,
  SessionStoreOptions,
} from "../../src/engines/session/store.ts";
import { createSessionId } from "../../src/session/session-id.ts";
import {
  sessionStoreContract,
  type SessionStoreSubject,
} from "../../src/testing/session-store-contract.ts";

/** A clock that a test moves by hand. */
export class TestClock {
  time = Date.UTC(2030, 0, 1);

  /** Moves on by seconds; negative ones step back. */
  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}

/** Options as an app would hand them to an engine. */
export function storeOptions(
  settings: Readonly<Record<string, unknown>> = {},
  clock = new TestClock(),
  changed: Partial<SessionStoreOptions> = {},
): SessionStoreOptions {
  const inForce: Record<string, unknown> = { environment: "test", ...settings };
  return {
    cookieName: "quickstep.session",
    limits: { idle: 3600, absolute: 86_400 },
    now: () => clock.time,
    setting: (name) => inForce[name],
    warn: () => undefined,
    ...changed,
  };
}

/** A session as the life cycle hands it over for its first save. */
export function newRecord(clock: TestClock, data: Record<string, unknown> = {}): SessionRecord {
  const { time } = clock;
  return { id: createSessionId(), version: 0, createdAt: time, lastSeen: time, data };
}

/** The changes that write every key of a record. */
export function allOf(record: SessionRecord): SessionChanges {
  return { written: Object.keys(record.data), deleted: [] };
}

/** Runs the public contract suite against one session engine. */
export function describeSessionStore(name: string, subject: SessionStoreSubject): void {
  describe(`the session engine "${name}" keeps the contract`, () => {
    for (const { name: rule, run } of sessionStoreContract(subject)) it(rule, run);
  });
}
