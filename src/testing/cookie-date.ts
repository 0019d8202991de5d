/** Dates as cookies carry them, read by the algorithm of RFC 6265bis, section 5.1.1. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/;

/** Milliseconds since 1970, or `undefined` for a text that is no cookie date. */
export function parseCookieDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  // Everything else is a delimiter.
  for (const token of text.split(/[\t -/;-@[-`{-~]+/)) {
    const clock = time === undefined ? TIME.exec(token) : null;
    const named = month === undefined ? MONTHS.indexOf(token.slice(0, 3).toLowerCase()) : -1;
    if (clock !== null) time = clock.slice(1).map(Number);
    else if (day === undefined && /^\d{1,2}(?:\D|$)/.test(token)) day = parseInt(token, 10);
    else if (named !== -1) month = named;
    else if (year === undefined && /^\d{2,4}(?:\D|$)/.test(token)) year = fullYear(token);
  }
  const [hours = 24, minutes = 60, seconds = 60] = time ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  if (year < 1601 || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const date = new Date(Date.UTC(year, month, day, hours, minutes, seconds));
  return date.getUTCDate() === day ? date.getTime() : undefined;
}

function fullYear(token: string): number {
  const year = parseInt(token, 10);
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
