/** Compares our answer with a recorded one, and says where they differ. */
import type { Answer, Case, HeaderValue } from "./cases.ts";
import type { OurAnswer } from "./answer.ts";
import { allows, type Rule } from "./rules.ts";
import { sameText } from "./same-text.ts";

/** What comparing found. */
export interface Comparison {
  /** One line for each difference that no rule allows. */
  readonly differences: readonly string[];
  /** The rules that allowed one. */
  readonly rules: readonly Rule[];
}

/** Compares with Dancer's answer; the deviations by rule are allowed. */
export function compare(one: Case, got: OurAnswer): Comparison {
  const rules = new Set<Rule>();
  const differences: string[] = [];
  for (const difference of differencesOf(one, one.answer, got)) {
    const rule = allows(difference, one.answer, got);
    if (rule === undefined) differences.push(describe(difference));
    else rules.add(rule);
  }
  return { differences, rules: [...rules] };
}

/** Compares with what we answer instead, which names only what matters; no rule applies. */
export function compareOurs(one: Case, instead: Answer, got: OurAnswer): string[] {
  return [...differencesOf(one, instead, got)].map(describe);
}

/** One part in which two answers differ. */
export interface Difference {
  readonly part: string;
  readonly want: unknown;
  readonly got: unknown;
}

function describe({ part, want, got }: Difference): string {
  return `${part}: want ${brief(want)}, got ${brief(got)}`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}

function* differencesOf(one: Case, want: Answer, got: OurAnswer): Generator<Difference> {
  if (want.starts !== undefined && want.starts !== got.starts) {
    yield { part: "starts", want: want.starts, got: got.starts };
  }
  if (want.status !== undefined && want.status !== got.status) {
    yield { part: "status", want: want.status, got: got.status };
  }
  yield* headerDifferences(one, want, got);
  if (want.body !== undefined && !sameBody(one, want.body, got.body)) {
    yield { part: "body", want: want.body, got: got.body ?? got.bodyBase64 };
  }
  if (want.bodyBase64 !== undefined && want.bodyBase64 !== got.bodyBase64) {
    yield { part: "bodyBase64", want: want.bodyBase64, got: got.bodyBase64 ?? got.body };
  }
  for (const [text, holds] of Object.entries(want.probes ?? {})) {
    if (got.text.includes(text) !== holds) {
      yield { part: `body contains ${JSON.stringify(text)}`, want: holds, got: !holds };
    }
  }
  for (const [name, text] of Object.entries(want.files ?? {})) {
    const ours = got.files?.[name] ?? null;
    if (!sameText(text, ours)) yield { part: `file ${name}`, want: text, got: ours };
  }
  for (const [name, entries] of Object.entries(want.ls ?? {})) {
    const ours = got.ls?.[name] ?? null;
    if (!sameTexts(entries, ours)) yield { part: `folder ${name}`, want: entries, got: ours };
  }
}

function* headerDifferences(one: Case, want: Answer, got: OurAnswer): Generator<Difference> {
  for (const [name, value] of Object.entries(want.headers ?? {})) {
    const ours = got.headers[name] ?? null;
    if (!sameHeader(name, value, ours)) yield { part: name, want: value, got: ours };
  }
  if (want !== one.answer) return;
  for (const name of ["set-cookie", "location"]) {
    const ours = got.headers[name] ?? null;
    if (ours !== null && want.headers?.[name] === undefined) {
      yield { part: name, want: null, got: ours };
    }
  }
}

function sameHeader(name: string, want: HeaderValue, got: HeaderValue): boolean {
  const wanted = [want ?? []].flat();
  const ours = [got ?? []].flat();
  if (wanted.length !== ours.length) return false;
  return wanted.every((value, at) => {
    const other = ours[at] ?? "";
    if (sameText(value, other)) return true;
    if (name === "content-type") return plain(value) === plain(other);
    return name === "set-cookie" && sameCookie(value, other);
  });
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s/g, "");
}

/** Tells whether two Set-Cookie texts say the same, whatever the order and case of the attributes. */
function sameCookie(want: string, got: string): boolean {
  const split = (line: string): string[] => {
    const [pair = "", ...attributes] = line.split(/;\s*/);
    return [pair, ...attributes.map((text) => plainDate(text.toLowerCase())).sort()];
  };
  return sameTexts(split(want), split(got));
}

/** `21-Oct-2037`, as old browsers wanted it, and `21 Oct 2037` are the same date. */
function plainDate(attribute: string): string {
  return attribute.replace(/^(expires=\w+, \d\d)-(\w{3})-/, "$1 $2 ");
}

function sameTexts(want: readonly string[] | null, got: readonly string[] | null): boolean {
  if (want === null || got === null) return want === got;
  return want.length === got.length && want.every((text, at) => sameText(text, got[at] ?? null));
}

function sameBody(one: Case, want: string, got: string | undefined): boolean {
  if (got === undefined) return false;
  if (sameText(want, got)) return true;
  if (one.compare !== "json") return false;
  try {
    return stable(JSON.parse(want)) === stable(JSON.parse(got));
  } catch {
    return false;
  }
}

function stable(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
