/** Which titles in the source a test that failed belongs to. */
import type { Proof } from "../security/table.ts";

/** A test that was seen to fail. */
export interface Shown {
  readonly file: string;
  readonly title: string;
}

/** Requirements of sealing, cookies, lifetimes, identity, caches and stores. */
export function numbered(number: string): boolean {
  return /^SEC-[1-6]/.test(number);
}

/** Tells whether a test is one of those that this title in the source makes. */
export function isShownBy(proof: Proof, { file, title }: Shown): boolean {
  // Cases of a contract run in the tests of every engine.
  if (proof.file.startsWith("test/") && proof.file !== file) return false;
  return pattern(proof.title).test(title);
}

/** `%s`, `$name` and `${name}` stand for anything. */
function pattern(title: string): RegExp {
  const parts = title.split(/%[sdifjo#]|\$\{[^}]*\}|\$[a-z]\w*/);
  return new RegExp(`^${parts.map(escape).join(".*")}$`, "s");
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
