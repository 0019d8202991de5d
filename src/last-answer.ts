/** Remembers an answer for the next question. */

/**
 * The same function, which keeps its last answer and gives it again while the text stays the same: for
 * what is asked at each request, where most requests ask as the one before did.
 */
export function keepingLast<T>(work: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly answer: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, answer: work(text) };
    return last.answer;
  };
}
