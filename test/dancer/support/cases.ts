/** The recorded suites: what `cases.json` holds, as it was recorded from Dancer. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the recorded suites lie, one folder each. */
export const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** One recorded suite. */
export interface Suite {
  readonly suite: string;
  readonly about: string;
  /** How the app is started, by name; a case without `server` uses `default`. */
  readonly servers?: Readonly<Record<string, ServerSpec>>;
  readonly cases: readonly Case[];
}

/** One way to start a suite's app. */
export interface ServerSpec {
  /** Variables; `QS_*` are read by the app itself, `DANCER_*` are Dancer's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One request with Dancer's answer. */
export interface Case {
  readonly name: string;
  readonly server?: string;
  /** Instead of a request: whether the app starts at all. */
  readonly start?: true;
  readonly request?: CaseRequest;
  /** Compare the body as JSON, not as text. */
  readonly compare?: "json";
  /** Header names, or `file:PATH`, `log:PATH` and `ls:DIR`. */
  readonly observe?: readonly string[];
  readonly answer: Answer;
  /** Why a modern framework should answer otherwise. */
  readonly deviate?: string;
}

/** What is sent. */
interface CaseRequest {
  readonly method: string;
  /** Sent byte for byte. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly bodyBase64?: string;
  /** Cookies kept under this name are sent back and updated. */
  readonly jar?: string;
  /** How much time passes before it is sent. */
  readonly wait_ms?: number;
}

/** A header's value; a list when it was sent several times, `null` when it must be absent. */
export type HeaderValue = string | readonly string[] | null;

/** What came back, or what should. Only what is named is compared. */
export interface Answer {
  readonly starts?: boolean;
  readonly status?: number | string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly body?: string;
  readonly bodyBase64?: string;
  /** Whether the body contains this text. */
  readonly probes?: Readonly<Record<string, boolean>>;
  /** The text of files, or what was added to them. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** The names in folders. */
  readonly ls?: Readonly<Record<string, readonly string[] | null>>;
}

/** The names of the recorded suites. */
export const suiteNames: readonly string[] = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** The suite of this name. */
export function readSuite(name: string): Suite {
  return JSON.parse(readFileSync(join(fixtures, name, "cases.json"), "utf8")) as Suite;
}
