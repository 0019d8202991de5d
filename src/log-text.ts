/** What a log word was given, as one text. */

/** One line of text from what a log word was given: text as it is, data as JSON. */
export function toLogText(message: readonly unknown[]): string {
  return message.map(toText).join(" ");
}

function toText(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof Error) return part.message;
  try {
    // JSON has no word for functions and symbols.
    return typeof part === "object" ? JSON.stringify(part) : String(part as symbol);
  } catch {
    return Object.prototype.toString.call(part);
  }
}
