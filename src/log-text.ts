/** What a log word was given, as one text. */
import { inspect } from "node:util";

/** Text as it is, errors by their message, data as in the console but on one line; nothing in between, as in Dancer. */
export function toLogText(message: readonly unknown[]): string {
  return message.map(toText).join("");
}

function toText(part: unknown): string {
  if (typeof part === "string") return part;
  return part instanceof Error ? part.message : inspect(part, { breakLength: Infinity });
}

/** A line about anything that can be thrown: strings, `null`, objects whose getters throw. */
export function describe(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return toLogText([thrown.message || thrown.name]);
    if (typeof thrown === "string") return thrown;
    if (typeof thrown === "object" && thrown !== null) return `thrown: ${JSON.stringify(thrown)}`;
    return `thrown: ${String(thrown)}`;
  } catch {
    return "something was thrown that cannot be described";
  }
}

/** What kind of thing was thrown: the class of an Error, or else the thing itself. */
export function kindOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return describe(thrown);
    return thrown.name === "Error" ? thrown.constructor.name : thrown.name;
  } catch {
    return "unknown";
  }
}
