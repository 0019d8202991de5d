/** A cookie engine on a bench: a clock to turn, and ways to seal what no app would. */
import { randomBytes } from "node:crypto";
import { createCookieStore } from "../../../src/engines/session/cookie.ts";
import type {
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "../../../src/engines/session/store.ts";
import { createKeyring } from "../../../src/sealing/keyring.ts";
import { Sealer } from "../../../src/sealing/sealer.ts";
import { TestClock, allOf, newRecord, storeOptions } from "../../support/session-store.ts";

/** A key as `session_cookie_key` takes it. */
export function newKey(): string {
  return `base64:${randomBytes(32).toString("base64")}`;
}

/** An engine with a key of its own, and short words for what tests do with it. */
export function cookieBench() {
  const key = newKey();
  const clock = new TestClock();
  const store = make();

  function make(keys: unknown = key, changed: Partial<SessionStoreOptions> = {}): SessionStore {
    return createCookieStore(storeOptions({ session_cookie_key: keys }, clock, changed));
  }

  function save(data: Record<string, unknown> = { user: "alice" }, to = store): string {
    const record = newRecord(clock, data);
    return to.save(record, allOf(record)) as string;
  }

  function open(cookie: string, seen?: string, from = store): SessionRecord | undefined {
    return from.open(cookie, seen) as SessionRecord | undefined;
  }

  function touch(record: SessionRecord, by = store): string {
    return by.touch(record) as string;
  }

  /** Seals any bytes under the store's key, as nobody but the server could. */
  function sealed(parts: readonly (string | Buffer)[], purpose = "session-data"): string {
    const keyring = createKeyring(key, { environment: "test", warn: () => undefined });
    const sealer = new Sealer({ keyring, purpose, cookieName: "quickstep.session" });
    return sealer.seal(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  }

  function head(createdAt = clock.time, sealedAt = clock.time): Buffer {
    const bytes = Buffer.alloc(30, 7);
    bytes.writeUIntBE(createdAt, 18, 6);
    bytes.writeUIntBE(sealedAt, 24, 6);
    return bytes;
  }

  return { key, clock, store, make, save, open, touch, sealed, head };
}
