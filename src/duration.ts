/** Reads spans of time as people write them: 3600, "1 hour", "+2h", "1 hour 30 minutes". */
import { ConfigError } from "./errors.ts";

const units: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "s sec secs second seconds": 1,
    "m min mins minute minutes": 60,
    "h hr hrs hour hours": 3600,
    "d day days": 86_400,
    "w week weeks": 604_800,
    "M mon mons month months": 2_592_000,
    "y year years": 31_536_000,
  }).flatMap(([names, seconds]) => names.split(" ").map((name) => [name, seconds] as const)),
);

/** Any letter case, for patterns without flags, as in a JSON Schema. */
export function inAnyCase(word: string): string {
  return word.replace(/[a-z]/gi, (one) => `[${one.toUpperCase()}${one.toLowerCase()}]`);
}

const unit = [...units.keys()].map((name) => (name.length === 1 ? name : inAnyCase(name)));
const amount = "\\+?\\d+(?:[.,]\\d+)?";
const spans = `(?:${amount}\\s*(?:${unit.join("|")})(?:\\s*(?:,|\\band\\b))*\\s*)+`;

/** Durations that are not negative, as settings have them; a pattern that a JSON Schema can hold. */
export const durationPattern = `^\\s*(?:${amount}|${spans}|\\d+:\\d\\d(?::\\d\\d)?)\\s*$`;

/**
 * The seconds that a duration stands for. A number, also one written as text, is seconds already;
 * a month has 30 days and a year 365. As in Dancer (by Perl's Time::Duration::Parse), a lone `m` is a minute and a lone `M` a month,
 * and `1:30` is an hour and a half.
 *
 * @throws ConfigError `duration-invalid` for anything else, and for a negative duration unless
 * `negative` allows it.
 */
export function parseDuration(
  value: number | string,
  { negative = false }: { negative?: boolean } = {},
): number {
  const seconds = secondsOf(value);
  if (seconds === undefined) {
    throw invalid(value, 'is not a duration; write seconds, or something like "90 minutes"');
  }
  if (seconds < 0 && !negative) throw invalid(value, "is negative");
  return seconds;
}

/** The seconds that a duration stands for, as `parseDuration` reads it, or `undefined` if it is none. */
export function secondsOf(value: number | string): number | undefined {
  const seconds = typeof value === "number" ? value : sum(value);
  // Times are kept in milliseconds; beyond this they would no longer be exact.
  if (seconds === undefined || !(Math.abs(seconds) < Number.MAX_SAFE_INTEGER / 1000)) {
    return undefined;
  }
  return seconds === 0 ? 0 : seconds;
}

/** The phrases that Perl's Time::Duration::Parse reads, summed up; `undefined` for any other. */
function sum(phrase: string): number | undefined {
  const text = phrase
    .replace(/\b(\d+):(\d\d):(\d\d)\b/g, "$1h $2m $3s")
    .replace(/\b(\d+):(\d\d)\b/g, "$1h $2m")
    .trim();
  if (/^[-+]?\d+(?:[.,]\d+)?$/.test(text)) return Number(text.replace(",", "."));
  const part = /([-+]?\d+(?:[.,]\d+)?)\s*([a-z]+)(?:\s*(?:,|\band\b))*\s*/giy;
  let total = 0;
  do {
    const [, many = "", name = ""] = part.exec(text) ?? [];
    const seconds = units.get(name.length === 1 ? name : name.toLowerCase());
    if (seconds === undefined) return undefined;
    total += Number(many.replace(",", ".")) * seconds;
  } while (part.lastIndex < text.length);
  return total;
}

function invalid(value: number | string, why: string): ConfigError {
  return new ConfigError("duration-invalid", `${JSON.stringify(value)} ${why}`);
}
