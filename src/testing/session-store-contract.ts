/** The contract of session engines as tests: what every engine has to do, wherever it keeps sessions. */
import assert from "node:assert/strict";
import type { SessionStore } from "../engines/session/store.ts";
import { createSessionId } from "../session/session-id.ts";
import type { ContractCase } from "./contract-case.ts";
import { surviveOutage, type BreakDown } from "./outage.ts";
import { everywhere } from "./session-cases.ts";
import { remembering, sharing } from "./server-session-cases.ts";
import {
  SessionTrial,
  mustOpen,
  write,
  type SessionCases,
  type TrialSubject,
} from "./session-trial.ts";

/** The session engine to try, and what it can do. */
export interface SessionStoreSubject extends TrialSubject {
  /**
   * False for an engine that keeps sessions in the cookie itself and so can neither merge nor end
   * them; by default true.
   */
  readonly remembers?: boolean;
  /** True when stores made one after the other share their sessions, as those of several processes do. */
  readonly shared?: boolean;
  /** Puts what is behind the engine out of order and answers how to bring it back, for the outage case. */
  readonly breakDown?: BreakDown;
}

/**
 * The cases that a session engine has to pass, for any test runner.
 *
 * Each makes stores of its own with `create` and closes them. `settings` are what the store reads by
 * `setting(name)`. Times move by a clock that the store is handed, and nothing waits.
 *
 * @example
 * import { sessionStoreContract } from "quickstep/testing";
 * for (const { name, run } of sessionStoreContract({ create: createMyStore })) test(name, run);
 */
export function sessionStoreContract(subject: SessionStoreSubject): ContractCase[] {
  const { breakDown } = subject;
  const cases: SessionCases = {
    ...everywhere,
    ...(subject.remembers === false ? {} : remembering),
    ...(subject.shared === true ? sharing : {}),
    ...(breakDown === undefined ? {} : { [outage]: (...on) => outageCase(breakDown, ...on) }),
  };
  return Object.entries(cases).map(([name, body]) => ({
    name,
    run: () => new SessionTrial(subject).run(body),
  }));
}

const outage = "SEC-607 fails while its store is out of order, and comes back by itself";

async function outageCase(
  breakDown: BreakDown,
  trial: SessionTrial,
  store: SessionStore,
): Promise<void> {
  const { cookie, record } = await trial.saved(store, { a: 1 });
  const attempts = {
    open: () => store.open(cookie, undefined),
    "open of an unknown id": () => store.open(createSessionId(), undefined),
    save: () => write(store, record, { b: 1 }),
    touch: () => store.touch(record),
    destroy: () => store.destroy(createSessionId()),
  };
  await surviveOutage(breakDown, attempts, () => store.open(cookie, undefined));
  assert.equal((await mustOpen(store, cookie)).data["a"], 1);
}
