/** The links of the board, kept in memory; it starts with a few. */
import type { Problem } from "./accounts.ts";

/** One link on the board. */
export interface Link extends LinkDraft {
  readonly id: number;
  /** The name of the account that posted it. */
  readonly by: string;
  readonly postedAt: Date;
  readonly votes: number;
}

/** A link as a form describes it. */
export interface LinkDraft {
  readonly url: string;
  readonly title: string;
  readonly note: string;
}

const maxLinks = 500;
const hour = 3_600_000;

/** The links of one board. */
export class Links {
  readonly #links = new Map<number, Link>();
  #lastId = 0;

  constructor(seeds: readonly Seed[], now = Date.now()) {
    for (const { hoursAgo, votes, by, ...draft } of seeds) {
      this.#add(draft, by, new Date(now - hoursAgo * hour), votes);
    }
  }

  /** All links, those with the most votes first, and of these the newest. */
  all(): Link[] {
    return [...this.#links.values()].sort((a, b) => b.votes - a.votes || b.id - a.id);
  }

  /** The link with the id that an address names. */
  find(id: string): Link | undefined {
    return /^[1-9]\d{0,8}$/.test(id) ? this.#links.get(Number(id)) : undefined;
  }

  /** Puts a link on the board; when the board is full, the oldest one goes. */
  post(draft: LinkDraft, by: string): Link {
    const link = this.#add(draft, by, new Date(), 1);
    const [oldest] = this.#links.keys();
    if (this.#links.size > maxLinks && oldest !== undefined) this.#links.delete(oldest);
    return link;
  }

  /** Counts a vote. */
  vote({ id }: Link): void {
    const link = this.#links.get(id);
    if (link !== undefined) this.#links.set(id, { ...link, votes: link.votes + 1 });
  }

  /** Takes a link off the board. */
  remove({ id }: Link): void {
    this.#links.delete(id);
  }

  #add(draft: LinkDraft, by: string, postedAt: Date, votes: number): Link {
    const id = ++this.#lastId;
    const link = { id, ...draft, by, postedAt, votes };
    this.#links.set(id, link);
    return link;
  }
}

/** Reads what the form said; only web addresses may become links, never `javascript:` or `data:`. */
export function parseDraft(form: Readonly<Record<string, unknown>>): LinkDraft | Problem {
  const draft = { url: field(form, "url"), title: field(form, "title"), note: field(form, "note") };
  if (!URL.canParse(draft.url) || !/^https?:$/.test(new URL(draft.url).protocol)) {
    return { problem: "The address must begin with https:// or http://." };
  }
  if (draft.url.length > 500) return { problem: "The address has more than 500 characters." };
  if (draft.title === "") return { problem: "A link needs a title." };
  if (draft.title.length > 120) return { problem: "The title has more than 120 characters." };
  if (draft.note.length > 400) return { problem: "The note has more than 400 characters." };
  return { ...draft, url: new URL(draft.url).href };
}

function field(form: Readonly<Record<string, unknown>>, name: string): string {
  const value = form[name];
  return typeof value === "string" ? value.trim() : "";
}

/** The site that a link leads to, as people write it. */
export function hostOf({ url }: LinkDraft): string {
  return new URL(url).host.replace(/^www\./, "");
}

/** How long ago that was, in words. */
export function ago(moment: Date, now = Date.now()): string {
  const hours = Math.floor((now - moment.getTime()) / hour);
  if (hours < 1) return "just now";
  if (hours < 24) return hours === 1 ? "an hour ago" : `${hours} hours ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

interface Seed extends LinkDraft {
  readonly by: string;
  readonly hoursAgo: number;
  readonly votes: number;
}

/** What a new board shows. */
export const seeds: readonly Seed[] = [
  {
    url: "https://perldancer.org/",
    title: "Dancer, the Perl web framework you can read aloud",
    note: "Where the words get, hook, session and template on this very page come from.",
    by: "ada",
    hoursAgo: 75,
    votes: 12,
  },
  {
    url: "https://c2sp.org/XAES-256-GCM",
    title: "XAES-256-GCM",
    note: "Sealing with random nonces and no fear of running out of them. Your session cookie here is one.",
    by: "grace",
    hoursAgo: 51,
    votes: 9,
  },
  {
    url: "https://datatracker.ietf.org/doc/html/rfc9110",
    title: "HTTP Semantics, in one long and surprisingly pleasant read",
    note: "Keep it open in a tab; section 15 settles most arguments about status codes.",
    by: "tim",
    hoursAgo: 30,
    votes: 7,
  },
  {
    url: "https://html.spec.whatwg.org/multipage/",
    title: "The HTML standard, multipage edition",
    note: "What browsers do with a form, step by step, from the people who make them do it.",
    by: "ada",
    hoursAgo: 8,
    votes: 4,
  },
  {
    url: "https://nodejs.org/api/async_context.html",
    title: "AsyncLocalStorage, or how a word knows its request",
    note: "",
    by: "grace",
    hoursAgo: 3,
    votes: 2,
  },
];
