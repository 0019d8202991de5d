/** The session word, typed for what this board keeps of a visitor. */
import { session as word, type Session } from "quickstep";

interface Visitor {
  /** How often the front page was shown. */
  visits: number;
  /** Ids of the links this visitor voted for. */
  votes: number[];
}

interface VisitorWord {
  (): Session;
  <K extends keyof Visitor>(key: K): Visitor[K] | undefined;
  <K extends keyof Visitor>(key: K, value: Visitor[K]): Visitor[K];
}

export const session: VisitorWord = word;
