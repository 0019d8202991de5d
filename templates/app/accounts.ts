/** Accounts: a name and a salted scrypt hash each, in one small file. Put your database here. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

interface Account {
  readonly salt: string;
  readonly hash: string;
}

const nameRule = /^[a-z][a-z0-9_-]{1,19}$/;
const hashBytes = 32;
// 16 MiB and five passes: one of the settings that OWASP recommends for scrypt.
const cost = { N: 2 ** 14, r: 8, p: 5 };

/** Compared with when there is no such account, so that a wrong name takes as long as a wrong password. */
const nobody: Account = {
  salt: randomBytes(16).toString("hex"),
  hash: randomBytes(hashBytes).toString("hex"),
};

/** Everybody who has signed up. */
export class Accounts {
  readonly #findFile: () => string | null;
  #known: Map<string, Account> | undefined;

  /** @param findFile tells, at first use, where they are kept; null: in memory, until the app ends */
  constructor(findFile: () => string | null) {
    this.#findFile = findFile;
  }

  /** Opens an account, or says in words for its owner why not. */
  async signUp(name: string, password: string): Promise<string | undefined> {
    if (!nameRule.test(name)) {
      return "A name has 2 to 20 small letters, digits, - or _, and begins with a letter.";
    }
    if (password.length < 10) return "A password has at least 10 characters.";
    if (password.length > 200) return "A password has at most 200 characters.";
    const salt = randomBytes(16).toString("hex");
    const hash = (await hashPassword(password, salt)).toString("hex");
    // Looked at only now: somebody may have taken the name while the password was hashed.
    if (this.#accounts.has(name)) return `The name ${name} is taken.`;
    this.#accounts.set(name, { salt, hash });
    this.#save();
    return undefined;
  }

  /** Whether this name and password belong together. */
  async opens(name: string, password: string): Promise<boolean> {
    const account = this.#accounts.get(name) ?? nobody;
    const hash = await hashPassword(password.slice(0, 200), account.salt);
    return timingSafeEqual(hash, Buffer.from(account.hash, "hex")) && account !== nobody;
  }

  get #accounts(): Map<string, Account> {
    const file = this.#findFile();
    return (this.#known ??= new Map(file === null ? [] : Object.entries(read(file))));
  }

  /** Rename is atomic: the file is the old one or the new one, never half of one. */
  #save(): void {
    const file = this.#findFile();
    if (file === null) return;
    mkdirSync(dirname(file), { recursive: true });
    const text = JSON.stringify(Object.fromEntries(this.#accounts));
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function read(file: string): Record<string, Account> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Account>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function hashPassword(password: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, cost, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
