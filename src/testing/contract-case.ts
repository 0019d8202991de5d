/** One rule of an engine contract as a test that any runner can run. */

/**
 * A named test; it rejects with an `AssertionError` when the rule is broken.
 *
 * @example
 * for (const { name, run } of sessionStoreContract({ create })) test(name, run);
 */
export interface ContractCase {
  /** States the rule; where a requirement of `docs/security.md` asks for it, its number comes first. */
  readonly name: string;
  readonly run: () => Promise<void>;
}
