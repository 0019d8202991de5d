/** What a log word was given, as one text. */
import { inspect } from "node:util";

/** Text as it is, errors by their message, data as it looks in the console but on one line. */
export function toLogText(message: readonly unknown[]): string {
  return message.map(toText).join(" ");
}

function toText(part: unknown): string {
  if (typeof part === "string") return part;
  return part instanceof Error ? part.message : inspect(part, { breakLength: Infinity });
}
