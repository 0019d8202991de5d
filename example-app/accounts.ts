/** Accounts, kept in memory: a name and a salted scrypt hash each. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** An account as the board knows it. */
export interface Account {
  readonly name: string;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Why a form was refused, in words for its sender. */
export interface Problem {
  readonly problem: string;
}

const nameRule = /^[a-z][a-z0-9_-]{1,19}$/i;
const minPassword = 10;
const maxPassword = 200;
const maxAccounts = 10_000;
const hashBytes = 32;
// 16 MiB and five passes: one of the settings that OWASP recommends for scrypt.
const cost = { N: 2 ** 14, r: 8, p: 5 };

/** The accounts of one board. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #reserved: ReadonlySet<string>;
  /** Compared with when there is no such account, so that a wrong name takes as long as a wrong password. */
  readonly #nobody: Account = { name: "", salt: randomBytes(16), hash: randomBytes(hashBytes) };

  /** @param reserved names that nobody can sign up with */
  constructor(reserved: Iterable<string>) {
    this.#reserved = new Set([...reserved].map(toKey));
  }

  /** Opens an account, or says why not. */
  async signUp(name: string, password: string): Promise<Account | Problem> {
    const problem = findProblem(name, password) ?? this.#findConflict(name);
    if (problem !== undefined) return { problem };
    const salt = randomBytes(16);
    const account = { name, salt, hash: await hashPassword(password, salt) };
    // Somebody may have taken the name while the password was hashed.
    const conflict = this.#findConflict(name);
    if (conflict !== undefined) return { problem: conflict };
    this.#accounts.set(toKey(name), account);
    return account;
  }

  /** The account that this name and password open. */
  async logIn(name: string, password: string): Promise<Account | undefined> {
    const account = this.#accounts.get(toKey(name)) ?? this.#nobody;
    const hash = await hashPassword(password.slice(0, maxPassword), account.salt);
    return timingSafeEqual(hash, account.hash) && account !== this.#nobody ? account : undefined;
  }

  #findConflict(name: string): string | undefined {
    const key = toKey(name);
    if (this.#accounts.has(key) || this.#reserved.has(key)) return `The name ${name} is taken.`;
    return this.#accounts.size < maxAccounts ? undefined : "The board is full.";
  }
}

function findProblem(name: string, password: string): string | undefined {
  if (!nameRule.test(name)) {
    return "A name has 2 to 20 letters, digits, - or _, and begins with a letter.";
  }
  if (password.length < minPassword) return `A password has at least ${minPassword} characters.`;
  return password.length <= maxPassword
    ? undefined
    : `A password has at most ${maxPassword} characters.`;
}

function hashPassword(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, cost, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

function toKey(name: string): string {
  return name.toLowerCase();
}
