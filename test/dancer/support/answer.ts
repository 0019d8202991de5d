/** An answer in the form in which the recorded ones are kept: what changes from run to run has a placeholder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Case, HeaderValue } from "./cases.ts";
import type { RawResponse } from "./exchange.ts";
import { cookieDate } from "./jar.ts";

/** Where an answer came from. */
export interface AnswerSource {
  readonly appdir: string;
  readonly port: number;
  /** When the request was sent, in milliseconds. */
  readonly sentAt: number;
  /** How much of each observed log has been seen. */
  readonly seen: Map<string, number>;
}

/** What our server answered, in full. */
export interface OurAnswer extends Answer {
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** The body as UTF-8 text, for probes. */
  readonly text: string;
}

const DROPPED = new Set(
  "date server x-powered-by connection transfer-encoding content-length keep-alive".split(" "),
);
const FIVE_YEARS = 5 * 366 * 86_400;

/** The answer that a response is. */
export function answerOf(one: Case, response: RawResponse, source: AnswerSource): OurAnswer {
  const text = response.body.toString("utf8");
  const isText =
    // eslint-disable-next-line no-control-regex -- that is how the recorded answers tell text from bytes
    Buffer.from(text).equals(response.body) && !/[\0-\x08\x0e-\x1f]/.test(text);
  return {
    status: response.status,
    headers: headersOf(one, response, source),
    text: normalise(text, source),
    ...(isText
      ? { body: normalise(text, source) }
      : { bodyBase64: response.body.toString("base64") }),
    ...observed(one, source),
  };
}

function headersOf(
  one: Case,
  response: RawResponse,
  source: AnswerSource,
): Record<string, HeaderValue> {
  const wanted = new Set((one.observe ?? []).filter((name) => !name.includes(":")));
  const headers: Record<string, HeaderValue> = {};
  for (const [name, value] of response.headers) {
    if (DROPPED.has(name) && !wanted.has(name)) continue;
    const before = headers[name] ?? [];
    const shown =
      name === "set-cookie" ? normaliseCookie(value, source) : normaliseHeader(name, value, source);
    headers[name] = name in headers || name === "set-cookie" ? [before, shown].flat() : shown;
  }
  const cookies = headers["set-cookie"];
  if (Array.isArray(cookies)) cookies.sort();
  for (const name of wanted) headers[name] ??= null;
  return headers;
}

function normaliseHeader(name: string, value: string, source: AnswerSource): string {
  return name === "last-modified" ? "<date>" : normalise(value, source);
}

function normaliseCookie(line: string, source: AnswerSource): string {
  const shown = line.replace(/(expires=)([^;]+)/i, (all, key: string, date: string) => {
    const time = cookieDate(date);
    if (time === undefined) return all;
    const seconds = Math.round((time - source.sentAt) / 1000);
    if (Math.abs(seconds) > FIVE_YEARS) return all;
    return `${key}<now${seconds < 0 ? "" : "+"}${seconds}s>`;
  });
  return normalise(shown, source);
}

function normalise(text: string, { appdir, port }: AnswerSource): string {
  return text
    .replaceAll(appdir, "<appdir>")
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b|\b\d\d\/\w{3}\/\d{4} \d\d:\d\d:\d\d\b/g, "<date>")
    .replace(new RegExp(`\\b${port}\\b`, "g"), "<port>");
}

function observed(one: Case, { appdir, seen }: AnswerSource): Pick<Answer, "files" | "ls"> {
  const files: Record<string, string | null> = {};
  const ls: Record<string, readonly string[] | null> = {};
  for (const item of one.observe ?? []) {
    const [kind = "", name = ""] = item.split(":");
    const path = join(appdir, name);
    if (kind === "ls") ls[name] = existsSync(path) ? readdirSync(path).sort() : null;
    if (kind !== "file" && kind !== "log") continue;
    const text = existsSync(path) ? readFileSync(path, "utf8") : null;
    files[name] = kind === "file" || text === null ? text : text.slice(seen.get(name) ?? 0);
    if (kind === "log") seen.set(name, text?.length ?? 0);
  }
  return { files, ls };
}
