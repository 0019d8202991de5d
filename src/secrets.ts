/** Keeps secrets out of whatever is shown: by the name of a key, and by value. */
import { inspect } from "node:util";

const TELLING =
  /pass|secret|token|private|credential|dsn|authorization|cookie$|(?:^|[_-])(?:api)?(?:key|auth|jwt|pwd|sid)s?(?:$|[_-])|apikey/i;
const MASK = "********";
const addressPassword = /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:)[^\s/?#@]+(?=@)/gi;

/** Tells whether a value under this name had better not be shown. */
export function isSecretName(name: string): boolean {
  return TELLING.test(name);
}

/** Masks the password of every `scheme://user:password@host` in a text. */
export function maskPasswords(text: string): string {
  return text.replace(addressPassword, MASK);
}

/** Masks the values of parameters with telling names: `reset?token=********&page=2`. */
export function maskParameters(text: string): string {
  return text.replace(/(?<=^|[?&;])([^?&;=#\s]+)=[^&;#\s]+/g, (whole, name: string) =>
    isSecretName(name) ? `${name}=${MASK}` : whole,
  );
}

/** Replaces every occurrence of the secrets in a text. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= 4) masked = masked.replaceAll(secret, MASK);
  return masked;
}

/** What was thrown, or where it tells a secret what tells the same with that masked; never throws. */
export function maskError(error: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0 || error === undefined) return error;
  try {
    if (!(error instanceof Error)) {
      const text = typeof error === "string" ? error : inspect(error, { depth: 1 });
      const masked = maskSecrets(text, secrets);
      return masked === text ? error : masked;
    }
    const stack = maskSecrets(error.stack ?? "", secrets);
    const message = maskSecrets(error.message, secrets);
    const cause = maskError(error.cause, secrets);
    if (message === error.message && stack === error.stack && cause === error.cause) return error;
    const told = { message: { value: message }, stack: { value: stack }, cause: { value: cause } };
    return Object.create(error, told);
  } catch {
    return error;
  }
}

const found = new WeakMap<object, readonly string[]>();

/** The secrets among the settings, for masking by value; looked for once while the settings stay. */
export function secretsOf(settings: object): readonly string[] {
  let secrets = found.get(settings);
  if (secrets === undefined) {
    // The longest first: a secret may be part of another one, of which the rest would stay.
    secrets = [...findSecrets(settings, false)].sort((one, other) => other.length - one.length);
    found.set(settings, secrets);
  }
  return secrets;
}

/** All text below secret names, and how it looks in quotes; and the passwords in addresses. */
function findSecrets(value: unknown, isSecret: boolean): Set<string> {
  if (typeof value === "string") {
    const quoted = [JSON.stringify(value), inspect(value)].map((text) => text.slice(1, -1));
    return new Set(isSecret ? [value, ...quoted] : findPasswords(value));
  }
  if (typeof value !== "object" || value === null) return new Set();
  const entries = Object.entries(value);
  return new Set(
    entries.flatMap(([name, inner]) => [...findSecrets(inner, isSecret || isSecretName(name))]),
  );
}

/** Of `scheme://user:password@host`, as often as it stands there: the password as written and as meant. */
function findPasswords(text: string): string[] {
  return [...text.matchAll(addressPassword)].flatMap(([password]) => {
    try {
      return [password, decodeURIComponent(password)];
    } catch {
      return [password];
    }
  });
}
