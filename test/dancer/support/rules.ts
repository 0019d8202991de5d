/** The deviations by rule: where every app differs from Dancer on purpose, whatever the case. */
import type { Answer, HeaderValue } from "./cases.ts";
import type { OurAnswer } from "./answer.ts";
import type { Difference } from "./compare.ts";
import { sameText } from "./same-text.ts";

/** The rules and what they say; `docs/dancer.md` gives the reasons. */
export const ruleTexts = {
  charset: "text has a type and a charset, `utf-8` unless set otherwise",
  "session cookie": "the session cookie's attributes, and the moment when it is sent",
  "405": "a known path with another method is 405 with `Allow`, and 501 if nobody knows the method",
} as const;

/** The name of a rule. */
export type Rule = keyof typeof ruleTexts;

/** The rule that allows this difference from Dancer's answer, if one does. */
export function allows(difference: Difference, want: Answer, got: OurAnswer): Rule | undefined {
  if (isMethodRefused(want, got) && difference.part !== "set-cookie") return "405";
  const wanted = difference.want as HeaderValue;
  const ours = difference.got as HeaderValue;
  if (difference.part === "content-type" && onlyCharsetAdded(wanted, ours)) return "charset";
  if (difference.part === "set-cookie" && sameButForSession(wanted, ours)) return "session cookie";
  return undefined;
}

function isMethodRefused(want: Answer, got: OurAnswer): boolean {
  const refused = got.status === 405 || got.status === 501;
  return want.status === 404 && refused && typeof got.headers["allow"] === "string";
}

function onlyCharsetAdded(want: HeaderValue, got: HeaderValue): boolean {
  // A charset needs a type to stand in.
  if (want === null) return got === "text/plain; charset=utf-8";
  if (typeof want !== "string" || typeof got !== "string" || want.includes("charset")) return false;
  return `${want.toLowerCase().replace(/\s/g, "")};charset=utf-8` === got.replace(/\s/g, "");
}

/** The name of the session cookie that Dancer's answers carry, by its placeholder. */
const SESSION = /^([^=]+)=(?:<session-id>|<sealed-session>)/;
/** The cookie beside it that carries the moment of last use. */
const SEEN = /^[^=]+-seen=/;

function sameButForSession(want: HeaderValue, got: HeaderValue): boolean {
  const wanted = [want ?? []].flat();
  const ours = [got ?? []].flat().filter((line) => !SEEN.test(line));
  const theirs = wanted.find((line) => SESSION.test(line));
  const name = theirs === undefined ? "dancer.session" : (SESSION.exec(theirs)?.[1] ?? "");
  const isSession = (line: string): boolean => line.startsWith(`${name}=`);
  const mine = ours.find(isSession);
  const others = ours.filter((line) => !isSession(line)).map(lower);
  const theirOthers = wanted.filter((line) => line !== theirs && !isSession(line)).map(lower);
  return (
    others.length === theirOthers.length &&
    theirOthers.every((line, at) => sameText(line, others[at] ?? "")) &&
    (theirs === undefined || mine === undefined || keepsAttributes(theirs, mine))
  );
}

/** Every attribute that Dancer sends is there, `SameSite=None` and the moment aside; we may add `SameSite`, `Secure`, `Max-Age` and `Expires`. */
function keepsAttributes(theirs: string, mine: string): boolean {
  const ours = attributesOf(mine);
  const wanted = attributesOf(theirs);
  return (
    wanted.every(
      (text) =>
        text === "samesite=none" ||
        lasts(text, ours) ||
        ours.some((other) => sameText(text, other)),
    ) &&
    ours.every(
      (text) =>
        /^(?:samesite=|secure$|max-age=|expires=)/.test(text) ||
        wanted.some((other) => sameText(other, text)),
    )
  );
}

function attributesOf(line: string): string[] {
  return line
    .split(/;\s*/)
    .slice(1)
    .map((text) => text.toLowerCase());
}

function lower(line: string): string {
  const [pair = "", ...attributes] = line.split(/;\s*/);
  return [pair, ...attributes.map((text) => text.toLowerCase()).sort()].join("; ");
}

/** The end of the idle time is the server's to enforce; the browser only has to keep the cookie. */
function lasts(text: string, ours: readonly string[]): boolean {
  return text.startsWith("expires=") && ours.some((other) => other.startsWith("max-age="));
}
