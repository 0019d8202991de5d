/** Security events: what an operator should see, in one shape, and never so often that it fills the log. */

/** What can happen. */
export type SecurityEvent =
  /** A cookie did not open; the detail says why: `key`, `tampered`. */
  | "cookie-refused"
  /** A session was sealed with a key that is not the first any more; the detail is that key's id. */
  | "old-key"
  /** Several cookies of the session's name came along; the detail says which opened. */
  | "cookie-duplicate"
  /** A session that was ended came back; the detail says what ended it. */
  | "session-revoked"
  /** The revocation list did not answer; the detail says what was made of it. */
  | "revocation-unavailable"
  /** Something was written that the session cannot carry. */
  | "session-too-large"
  /** A request was not shown to come from the app's own pages. */
  | "csrf-refused"
  /** A header that only a trusted proxy may send came from somebody else. */
  | "proxy-header-refused";

/** Reports an event; `detail` is a word of a small set, `more` may hold anything that is no secret. */
export type ReportSecurityEvent = (
  event: SecurityEvent,
  detail: string,
  more?: Readonly<Record<string, string | number>>,
) => void;

const INTERVAL = 60_000;
/** Details come from small sets; should one not, memory stays bounded all the same. */
const MOST_KINDS = 1000;

interface Kind {
  total: number;
  /** How many came since the last line. */
  unlogged: number;
  loggedAt: number;
}

/** What a line about an event says in fields: `event`, `detail`, `count`, and whatever else is known. */
export type SecurityFields = Readonly<Record<string, string | number>>;

/**
 * Counts security events, and logs each kind (event and detail) at most once a minute, as one line:
 * `security event cookie-refused: tampered`, and in fields `event`, `detail` and `count`, which is how
 * many of the kind came since its last line, this one included.
 */
export class SecurityEvents {
  readonly #log: (message: string, fields: SecurityFields) => void;
  readonly #now: () => number;
  readonly #kinds = new Map<string, Kind>();

  constructor(log: (message: string, fields: SecurityFields) => void, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** Counts an event, and logs it if its turn has come. */
  report: ReportSecurityEvent = (event, detail, more = {}) => {
    const name = `${event} ${detail}`;
    let kind = this.#kinds.get(name);
    if (kind === undefined) {
      if (this.#kinds.size >= MOST_KINDS) return;
      this.#kinds.set(name, (kind = { total: 0, unlogged: 0, loggedAt: -Infinity }));
    }
    kind.total += 1;
    kind.unlogged += 1;
    const now = this.#now();
    if (Math.abs(now - kind.loggedAt) < INTERVAL) return;
    const fields = { ...more, event, detail, count: kind.unlogged };
    kind.unlogged = 0;
    kind.loggedAt = now;
    this.#log(lineOf(fields, more), fields);
  };

  /** How many events of this name, or of this name and detail, there were since the app was made. */
  count(event: SecurityEvent, detail?: string): number {
    if (detail !== undefined) return this.#kinds.get(`${event} ${detail}`)?.total ?? 0;
    let sum = 0;
    for (const [name, { total }] of this.#kinds) if (name.startsWith(`${event} `)) sum += total;
    return sum;
  }
}

function lineOf(
  { event, detail, count }: { event: string; detail: string; count: number },
  more: SecurityFields,
): string {
  const known = Object.entries(more).map(([name, value]) => `${name} ${value}`);
  if (count > 1) known.unshift(`${count} times since the last line`);
  const rest = known.length === 0 ? "" : ` (${known.join(", ")})`;
  return `security event ${event}: ${detail}${rest}`;
}
