/** What an app's sessions hold, as the compiler knows it. */

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
