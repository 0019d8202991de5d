/** Keeps secrets out of whatever is shown: by the name of a key, and by value. */

const TELLING =
  /pass|secret|token|private|credential|dsn|authorization|cookie$|(?:^|[_-])(?:api)?(?:key|auth|jwt|pwd|sid)s?(?:$|[_-])|apikey/i;
const MASK = "********";

/** Tells whether a value under this name had better not be shown. */
export function isSecretName(name: string): boolean {
  return TELLING.test(name);
}

/** Replaces every occurrence of the secrets in a text. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= 4) masked = masked.replaceAll(secret, MASK);
  return masked;
}

/** All text found below secret names, for masking by value. */
export function findSecrets(value: unknown, isSecret = false): string[] {
  if (typeof value === "string") return isSecret ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    findSecrets(inner, isSecret || isSecretName(name)),
  );
}
