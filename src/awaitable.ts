/** Values that may already be there: the synchronous road creates no promise. */

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Tells whether a value has to be waited for. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  // Text, which is what most values are, is not asked for a member.
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Runs `next` on the value: at once when it is there, later when it is promised. */
export function chain<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
}

/** Does the work; what it throws or rejects with goes to `recover`, which answers in its place. */
export function attempt<T>(
  work: () => Awaitable<T>,
  recover: (thrown: unknown) => Awaitable<T>,
): Awaitable<T> {
  let result: Awaitable<T>;
  try {
    result = work();
  } catch (thrown) {
    return recover(thrown);
  }
  return isPromise(result) ? Promise.resolve(result).then(undefined, recover) : result;
}

/** One step of some work; what it has to know stands in `subject`. */
export type Step<S> = (subject: S) => Awaitable<void>;

/** As `chain`, for a step that is made once and for all: what runs at once needs no closure. */
export function follow<S>(before: Awaitable<unknown>, step: Step<S>, subject: S): Awaitable<void> {
  return isPromise(before) ? Promise.resolve(before).then(() => step(subject)) : step(subject);
}
