/** How the recorded apps of the serializers write out parameters. */

/** A map as `name=value`, sorted by name and joined by commas; maps and lists in lists by their kind only. */
export function show(map: unknown): string {
  return Object.entries(map as Readonly<Record<string, unknown>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(",");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item).join("+")}]`;
  return typeof value === "object" && value !== null ? `{${show(value)}}` : item(value);
}

function item(value: unknown): string {
  if (value === undefined || value === null) return "undef";
  if (typeof value !== "object") return String(value);
  return Array.isArray(value) ? "ARRAY" : "HASH";
}
