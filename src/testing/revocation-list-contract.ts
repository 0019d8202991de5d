/** The contract of revocation lists as tests. */
import assert from "node:assert/strict";
import { isPromise, type Awaitable } from "../awaitable.ts";
import type {
  RevocationList,
  RevocationListOptions,
} from "../engines/revocation/revocation-list.ts";
import { createSessionId } from "../session/session-id.ts";
import type { ContractCase } from "./contract-case.ts";
import { surviveOutage, type BreakDown } from "./outage.ts";
import { Trial, type TrialOptions } from "./trial.ts";

/** The revocation list to try, and what it can do. */
export interface RevocationListSubject {
  readonly create: (options: RevocationListOptions) => Awaitable<RevocationList>;
  /** What the list reads by `setting(name)`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True when lists made one after the other share their entries, as those of several processes do. */
  readonly shared?: boolean;
  /** Puts what is behind the list out of order and answers how to bring it back, for the outage case. */
  readonly breakDown?: BreakDown;
}

/**
 * The cases that a revocation list has to pass, for any test runner.
 *
 * Each makes lists of its own with `create`, closes them, and uses keys that no other does. Times move
 * by a clock that the list is handed, and nothing waits.
 *
 * @example
 * import { revocationListContract } from "quickstep/testing";
 * for (const { name, run } of revocationListContract({ create: createMyList })) test(name, run);
 */
export function revocationListContract(subject: RevocationListSubject): ContractCase[] {
  const { shared = false, breakDown } = subject;
  const cases: RevocationCases = {
    ...everywhere,
    ...(shared ? sharing : {}),
    ...(breakDown === undefined ? {} : { [outage]: (...on) => outageCase(breakDown, ...on) }),
  };
  return Object.entries(cases).map(([name, body]) => ({
    name,
    run: () => new RevocationTrial(subject).run(body),
  }));
}

type RevocationCases = Readonly<
  Record<string, (trial: RevocationTrial, list: RevocationList) => Promise<void>>
>;

class RevocationTrial extends Trial<RevocationList> {
  readonly #subject: RevocationListSubject;

  constructor(subject: RevocationListSubject) {
    super(subject.settings);
    this.#subject = subject;
  }

  /** When the entries end that cases make. */
  get until(): number {
    return this.time + 3600_000;
  }

  protected override make(options: TrialOptions): Awaitable<RevocationList> {
    return this.#subject.create(options);
  }
}

const everywhere: RevocationCases = {
  "SEC-406 tells the moment that was noted, to the millisecond, and 0 for what nobody ended":
    async (trial, list) => {
      const [ended, other] = [newKey(), newKey()];
      await list.end(ended, trial.time + 1, trial.until);
      assert.equal(await list.endedBefore(ended), trial.time + 1);
      assert.equal(await list.endedBefore(other), 0);
    },

  "SEC-406 tells keys apart to the letter": async (trial, list) => {
    const key = `${newKey()}aB-_`;
    await list.end(key, trial.time, trial.until);
    const others = [key.toLowerCase(), key.toUpperCase(), `${key}A`, key.slice(0, -1), `-${key}`];
    for (const other of others) assert.equal(await list.endedBefore(other), 0, other);
  },

  "SEC-407 keeps the latest moment, in whatever order they come": async (trial, list) => {
    const key = newKey();
    for (const [before, latest] of [
      [500, 500],
      [400, 500],
      [600, 600],
      [500, 600],
    ] as const) {
      await list.end(key, before, trial.until);
      assert.equal(await list.endedBefore(key), latest);
    }
  },

  "says whether it was news": async (trial, list) => {
    const key = newKey();
    for (const [before, isNews] of [
      [500, true],
      [500, false],
      [499, false],
      [501, true],
    ] as const) {
      assert.equal(await list.end(key, before, trial.until), isNews, String(before));
    }
  },

  "SEC-602 tells one of many that end the same at once that it was news": (trial, list) =>
    mustTellOne(trial, [list]),

  "SEC-408 keeps an entry to its end, whatever else ends meanwhile": async (trial, list) => {
    const [key, { until }] = [newKey(), trial];
    const noted = trial.time;
    await list.end(key, noted, until);
    for (let more = 0; more < 500; more += 1) {
      trial.time += 1;
      await list.end(newKey(), trial.time, trial.until);
    }
    trial.time = until;
    await list.end(newKey(), trial.time, trial.until);
    assert.ok((await list.endedBefore(key)) >= noted, "the entry was forgotten before its end");
  },

  "takes an entry whose end has passed": async (trial, list) => {
    await list.end(newKey(), trial.time - 2, trial.time);
    await list.end(newKey(), trial.time - 2, trial.time - 1);
  },

  "answers with a promise only if it says that it waits": async (trial, list) => {
    const key = newKey();
    const answers = [list.endedBefore(key), list.end(key, trial.time, trial.until)];
    for (const answer of answers) await answer;
    assert.ok(list.waits || !answers.some(isPromise), "a promise, and waits is false");
  },
};

const sharing: RevocationCases = {
  "SEC-406 SEC-407 ends in every process what one has ended": async (trial, one) => {
    const two = await trial.create();
    const key = newKey();
    assert.equal(await two.endedBefore(key), 0);
    await one.end(key, trial.time, trial.until);
    assert.equal(await two.endedBefore(key), trial.time);
  },

  "SEC-602 tells one of many in two processes that it was news": async (trial, one) =>
    mustTellOne(trial, [one, await trial.create()]),

  "SEC-406 keeps entries when it is closed and made again": async (trial) => {
    const first = await trial.create();
    const key = newKey();
    await first.end(key, trial.time, trial.until);
    await first.close?.();
    assert.equal(await (await trial.create()).endedBefore(key), trial.time);
  },
};

const outage = "SEC-409 fails while it is out of order, and comes back by itself";

async function outageCase(
  breakDown: BreakDown,
  trial: RevocationTrial,
  list: RevocationList,
): Promise<void> {
  const key = newKey();
  await list.end(key, trial.time, trial.until);
  const attempts = {
    endedBefore: () => list.endedBefore(key),
    "endedBefore of an unknown key": () => list.endedBefore(newKey()),
    end: () => list.end(newKey(), trial.time, trial.until),
  };
  await surviveOutage(breakDown, attempts, () => list.endedBefore(key));
  assert.equal(await list.endedBefore(key), trial.time);
}

async function mustTellOne(
  trial: RevocationTrial,
  lists: readonly RevocationList[],
): Promise<void> {
  const [key, { time, until }] = [newKey(), trial];
  const told = await Promise.all(
    Array.from({ length: 25 }, () => lists.map(async (list) => list.end(key, time, until))).flat(),
  );
  assert.equal(told.filter(Boolean).length, 1, "of several, one has to be told that it was news");
}

/** A key as the sessions make them. */
function newKey(): string {
  return createSessionId();
}
