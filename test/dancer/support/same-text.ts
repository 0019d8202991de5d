/** Texts in which placeholders stand for what changes from run to run. */

const PLACEHOLDER = /<(session-id|sealed-session|now[+-]\d+s|date|port|addr|n|pid|seconds)>/;

/** Tells whether a text is the wanted one, in which placeholders stand for what changes. */
export function sameText(want: string | null, got: string | null): boolean {
  if (want === got) return true;
  if (want === null || got === null) return false;
  const page = /^<error-page (\d+)>$/.exec(want);
  if (page !== null) return got.includes(`Error ${page[1] ?? ""}`);
  if (!PLACEHOLDER.test(want)) return false;
  const seconds: number[] = [];
  const pattern = want
    .split(new RegExp(PLACEHOLDER.source.replace("(", "(?:").replace(/^/, "(") + ")"))
    .map((piece) => {
      const name = PLACEHOLDER.exec(piece)?.[1];
      if (name === undefined) return piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
      if (name.startsWith("now")) {
        seconds.push(Number.parseInt(name.slice(3), 10));
        return "<now([+-]\\d+)s>";
      }
      return name.endsWith("session") || name === "session-id" ? '[^;\\s"<>]+' : "[^\\n]*?";
    })
    .join("");
  const found = new RegExp(`^${pattern}$`).exec(got);
  return (
    found !== null && seconds.every((value, at) => Math.abs(value - Number(found[at + 1])) <= 3)
  );
}
