/** How the recorded apps show maps of values. */

/** `name=value` sorted by name, joined by commas; a list is `[a+b]`, an undefined value `undef`. */
export function pairs(values: Readonly<Record<string, unknown>>, without: string[] = []): string {
  return Object.keys(values)
    .filter((name) => !without.includes(name))
    .sort()
    .map((name) => `${name}=${show(values[name])}`)
    .join(",");
}

/** One value as text. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join("+")}]`;
  return value === undefined || value === null ? "undef" : String(value);
}

/** Perl's truth: undefined, `""`, 0 and `"0"` are false; shown as 1 or 0. */
export function flag(value: unknown): "0" | "1" {
  return value === undefined || value === null || value === false || value === "" || value === 0
    ? "0"
    : "1";
}
