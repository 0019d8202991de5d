/** The layer that holds sessions to a schema: what is opened has the app's shape, or is migrated, or goes. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { chain, isPromise, type Awaitable } from "../awaitable.ts";
import { SessionStoreLayer } from "../engines/session/store-layer.ts";
import { EXPIRES, FLASH, PINNED, USER, VERSION } from "../engines/session/store.ts";
import type { SessionChanges, SessionRecord, SessionStore } from "../engines/session/store.ts";
import { EngineError, SessionError } from "../errors.ts";
import { samePlain } from "./plain-data.ts";

type Data = Readonly<Record<string, unknown>>;

/** Any schema that speaks Standard Schema: Zod, Valibot, ArkType and others. */
export type SessionSchema = StandardSchemaV1;

/** What a schema's sessions hold: `interface SessionData extends InferSession<typeof schema> {}`. */
export type InferSession<Schema extends SessionSchema> = StandardSchemaV1.InferOutput<Schema>;

/** How sessions of an older shape are treated. */
export interface SessionSchemaOptions {
  /** The version of the shape, 1 and up. Sessions without one were written under version 0. */
  readonly version?: number;
  /**
   * Turns data that was written under another version into today's shape, or gives `undefined` to drop
   * the session. Without it such sessions are dropped. It must only depend on its arguments: until the
   * session is next written it runs at each opening.
   */
  readonly migrate?: (data: Record<string, unknown>, version: number) => Data | undefined;
}

/** What an app said about the shape of its sessions. */
export interface SessionShape extends SessionSchemaOptions {
  readonly schema: SessionSchema;
}

const OURS = [FLASH, USER, EXPIRES, PINNED];
const MOST_WARNINGS = 20;

/** Puts the schema around an engine. Sessions that hold nothing are not asked for a shape. */
export class SchemaStore extends SessionStoreLayer {
  readonly #shape: SessionShape;
  readonly #warn: (message: string) => void;
  readonly #warned = new Set<string>();

  constructor(inner: SessionStore, shape: SessionShape, warn: (message: string) => void) {
    super(inner);
    this.#shape = shape;
    this.#warn = warn;
  }

  /** What the version adds counts. */
  override readonly check = (record: SessionRecord): void => {
    this.inner.check?.(this.#stamped(record));
  };

  override open(cookie: string, seen: string | undefined): Awaitable<SessionRecord | undefined> {
    return chain(this.inner.open(cookie, seen), (record) => record && this.#fit(record));
  }

  /** @throws SessionError `session-data-invalid` naming what does not fit the schema. */
  override save(record: SessionRecord, changes: SessionChanges): Awaitable<string> {
    const [data] = split(record.data);
    const issue = Object.keys(data).length === 0 ? undefined : this.#validate(data).issues?.[0];
    if (issue !== undefined) {
      throw new SessionError(
        "session-data-invalid",
        `the session does not fit its schema: ${describe(issue)}`,
      );
    }
    const owed = record.memo instanceof Fitted ? record.memo.owed : undefined;
    const stamp = this.#shape.version === undefined ? [] : [VERSION];
    return this.inner.save(this.#stamped(inside(record)), {
      ...changes,
      written: [...new Set([...changes.written, ...(owed?.written ?? []), ...stamp])],
      deleted: [...new Set([...changes.deleted, ...(owed?.deleted ?? [])])].filter(
        (key) => !Object.hasOwn(record.data, key),
      ),
    });
  }

  override touch(record: SessionRecord): Awaitable<string | undefined> {
    return this.inner.touch(inside(record));
  }

  override destroy(id: string, record?: SessionRecord): Awaitable<void> {
    return this.inner.destroy(id, record && inside(record));
  }

  #fit(record: SessionRecord): SessionRecord | undefined {
    const [stored, ours] = split(record.data);
    const fitted = this.#migrated(stored, record.data[VERSION]);
    if (fitted === undefined) return undefined;
    const isOld = fitted !== stored;
    const result = Object.keys(fitted).length === 0 ? { value: fitted } : this.#validate(fitted);
    if (result.issues !== undefined) {
      this.#drop(result.issues[0] === undefined ? "it" : describe(result.issues[0]));
      return undefined;
    }
    const data = result.value;
    if (!isData(data)) throw broken("gave something other than an object");
    const owed =
      isOld || !samePlain(stored, data)
        ? {
            written: Object.keys(data),
            deleted: Object.keys(stored).filter((key) => !Object.hasOwn(data, key)),
          }
        : undefined;
    const memo = new Fitted(record.memo, owed);
    return { ...record, data: { ...data, ...ours }, memo, ...(isOld ? { stale: true } : {}) };
  }

  /** The data itself when its version is today's. */
  #migrated(data: Data, stamp: unknown): Data | undefined {
    const { version, migrate } = this.#shape;
    const from = typeof stamp === "number" ? stamp : 0;
    if (version === undefined || from === version) return data;
    const migrated = migrate?.({ ...data }, from);
    if (migrated === undefined)
      this.#drop(`version ${from} is not taken over to version ${version}`);
    return migrated;
  }

  #validate(data: Data): StandardSchemaV1.Result<unknown> {
    const result = this.#shape.schema["~standard"].validate(data);
    if (isPromise(result))
      throw broken("validates asynchronously, and session() cannot wait for it");
    return result;
  }

  #stamped(record: SessionRecord): SessionRecord {
    const { version } = this.#shape;
    if (version === undefined) return record;
    return { ...record, data: { ...record.data, [VERSION]: version } };
  }

  #drop(why: string): void {
    if (this.#warned.size >= MOST_WARNINGS || this.#warned.has(why)) return;
    this.#warned.add(why);
    this.#warn(`dropped a session that does not fit its schema: ${why}`);
  }
}

/** What the layer remembers: what a save owes the engine beyond what the request changed. */
class Fitted {
  readonly memo: unknown;
  readonly owed: SessionChanges | undefined;

  constructor(memo: unknown, owed: SessionChanges | undefined) {
    this.memo = memo;
    this.owed = owed;
  }
}

function inside(record: SessionRecord): SessionRecord {
  return record.memo instanceof Fitted ? { ...record, memo: record.memo.memo } : record;
}

/** The app's keys, and Quickstep's own. */
function split(data: Data): [Data, Data] {
  const pairs = Object.entries(data).filter(([key]) => key !== VERSION);
  return [
    Object.fromEntries(pairs.filter(([key]) => !OURS.includes(key))),
    Object.fromEntries(pairs.filter(([key]) => OURS.includes(key))),
  ];
}

/** Where and what, never the value. */
function describe({ path = [], message }: StandardSchemaV1.Issue): string {
  const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
  return keys.length === 0 ? message : `${JSON.stringify(keys.join("."))}: ${message}`;
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function broken(what: string): EngineError {
  return new EngineError("session-schema-unfit", `the session's schema ${what}`);
}
