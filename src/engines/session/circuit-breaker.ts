/** Keeps a session store that hangs from holding up requests: a deadline, and a circuit breaker behind it. */
import { isPromise, type Awaitable } from "../../awaitable.ts";
import { EngineError } from "../../errors.ts";
import { createSessionId } from "../../session/session-id.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "./store.ts";

const probeInterval = 100;

/**
 * Puts a deadline around every operation of an engine that has to be waited for.
 *
 * The first operation that misses it opens the circuit: all that follow are refused at once, while
 * a look for an id that nobody has probes the store in the background. As soon as the store
 * answers anything, be it an error that comes in time, the circuit closes and requests go through again.
 *
 * @param deadline milliseconds
 */
export function withDeadline(
  store: SessionStore,
  deadline: number,
  warn: (message: string) => void,
): SessionStore {
  return new GuardedStore(store, deadline, warn);
}

class GuardedStore implements SessionStore {
  readonly waits = true;
  readonly check?: NonNullable<SessionStore["check"]>;
  readonly deriveKey?: NonNullable<SessionStore["deriveKey"]>;
  readonly #store: SessionStore;
  readonly #deadline: number;
  readonly #warn: (message: string) => void;
  #openedAt: number | undefined;
  #probing: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(store: SessionStore, deadline: number, warn: (message: string) => void) {
    this.#store = store;
    this.#deadline = deadline;
    this.#warn = warn;
    if (store.check !== undefined) this.check = store.check.bind(store);
    if (store.deriveKey !== undefined) this.deriveKey = store.deriveKey.bind(store);
  }

  open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined> {
    return this.#run(() => this.#store.open(cookie, seen));
  }

  save(record: SessionRecord, changes: SessionChanges): Awaitable<string> {
    return this.#run(() => this.#store.save(record, changes));
  }

  touch(record: SessionRecord): Awaitable<string | undefined> {
    return this.#run(() => this.#store.touch(record));
  }

  destroy(id: string): Awaitable<void> {
    return this.#run(() => this.#store.destroy(id));
  }

  close(): Awaitable<void> {
    this.#closed = true;
    clearTimeout(this.#probing);
    return this.#store.close?.();
  }

  #run<T>(work: () => Awaitable<T>): Awaitable<T> {
    if (this.#openedAt === undefined) return this.#limited(work());
    throw new EngineError(
      "session-store-silent",
      `the session store has not answered for ${Date.now() - this.#openedAt} ms; not asked`,
    );
  }

  #limited<T>(answer: Awaitable<T>): Awaitable<T> {
    if (!isPromise(answer)) return answer;
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.#openCircuit();
        reject(
          new EngineError(
            "session-store-silent",
            `the session store did not answer within ${this.#deadline} ms (session_timeout)`,
          ),
        );
      }, this.#deadline);
      const done = Promise.resolve(answer).finally(() => clearTimeout(timer));
      done.then(
        () => this.#closeCircuit(),
        () => {
          // What fails late may be a client that gave up: that is no word from the store.
          if (!isLate) this.#closeCircuit();
        },
      );
      done.then(resolve, reject);
    });
  }

  #openCircuit(): void {
    if (this.#openedAt !== undefined || this.#closed) return;
    this.#openedAt = Date.now();
    this.#warn(
      `the session store did not answer within ${this.#deadline} ms: requests that need a session ` +
        "are answered with 503 until it does",
    );
    this.#probeLater();
  }

  #closeCircuit(): void {
    if (this.#openedAt === undefined) return;
    this.#warn(`the session store answers again, after ${Date.now() - this.#openedAt} ms`);
    this.#openedAt = undefined;
    clearTimeout(this.#probing);
  }

  #probeLater(): void {
    this.#probing = setTimeout(() => void this.#probe(), probeInterval).unref();
  }

  async #probe(): Promise<void> {
    try {
      await this.#limited(this.#store.open(createSessionId(), undefined));
    } catch {
      // What it says does not matter, only that it says something: then the circuit is closed by now.
    }
    if (this.#openedAt !== undefined && !this.#closed) this.#probeLater();
  }
}
