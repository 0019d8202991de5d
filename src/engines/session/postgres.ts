/** The session engine `postgres`: sessions in a table of PostgreSQL, for many processes and machines. */
import { text } from "../../config/setting-kinds.ts";
import { ConfigError } from "../../errors.ts";
import { loadLibrary } from "../../optional-library.ts";
import { isSessionId } from "../../session/session-id.ts";
import { readEngineSettings } from "../engine-settings.ts";
import { hashSessionId } from "./id-hash.ts";
import { EXPIRES, clockSkew, isExpired } from "./store.ts";
import type { SessionChanges, SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

/** What is needed of a pool of the package `pg`. */
export interface PostgresPool {
  query(
    statement: string,
    values?: unknown[],
  ): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** A pool that was made here, and has to be let go of here. */
export interface PostgresConnection {
  readonly pool: PostgresPool;
  readonly table: string;
  close(): void | Promise<void>;
}

const settings = {
  url: { kind: text(), fallback: "postgres://127.0.0.1:5432/postgres" },
  table: { kind: text(), fallback: "quickstep_sessions" },
};
const tableForm = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/;
const cleanupInterval = 60_000;
const undefinedTable = "42P01";

/** The statement that makes the table, where the engine's user may not: times are milliseconds since 1970. */
export function createTableStatement(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  id bytea PRIMARY KEY,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL,
  idle bigint,
  ends_at bigint NOT NULL,
  data jsonb
)`;
}

/**
 * Makes the engine that keeps sessions in PostgreSQL; `session: postgres` does it by itself.
 *
 * A session is a row under a hash of its id; a row without data is an id that has ended for good.
 * Each operation is one statement, so that parallel requests merge by key under the row's lock. The
 * table is made when it is missing, and rows that have ended are deleted once a minute.
 *
 * @param connection a pool of your own; by default one is made as `engines: { postgres: … }` says
 * @throws EngineError `library-missing`, or ConfigError for a table name that needs quotes.
 */
export async function createPostgresStore(
  options: SessionStoreOptions,
  connection?: PostgresConnection,
): Promise<SessionStore> {
  return new PostgresStore(options, connection ?? (await connectPostgres(options)));
}

async function connectPostgres(options: SessionStoreOptions): Promise<PostgresConnection> {
  const { url, table } = readEngineSettings(options.setting, "postgres", settings);
  if (!tableForm.test(table)) {
    throw new ConfigError(
      "config-invalid",
      `engines: postgres: "table" must be letters, digits and _, in lower case, with a schema and a dot before it or without, got "${table}"`,
    );
  }
  const { default: pg } = await loadLibrary("pg", () => import("pg"), "session: postgres");
  // Longer than requests wait, so that a server which hangs is not taken for one that says no.
  const timeout = Number(options.setting("session_timeout") ?? 1) * 2000 || 2000;
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    // One that hangs is given up, so that the pool does not fill with connections that lead nowhere.
    query_timeout: timeout,
    keepAlive: true,
  });
  pool.on("error", (error) => options.warn(`session: postgres: ${error.message}`));
  return { pool, table, close: () => (pool.ended ? undefined : pool.end()) };
}

interface Row {
  readonly version: string;
  readonly created_at: string;
  readonly last_seen: string;
  readonly data: Readonly<Record<string, string>>;
}

class PostgresStore implements SessionStore {
  readonly waits = true;
  readonly #options: SessionStoreOptions;
  readonly #connection: PostgresConnection;
  readonly #cleaner: NodeJS.Timeout;
  /** What an idle time of a session's own, or none, comes to. */
  readonly #idleTime: (own: string) => string;
  readonly #live: string;

  constructor(options: SessionStoreOptions, connection: PostgresConnection) {
    this.#options = options;
    this.#connection = connection;
    const { idle, absolute } = options.limits;
    this.#idleTime = (own) => `least(coalesce(${own}, ${idle * 1000}), ${absolute * 1000})`;
    // $1 is the id, $2 the present moment, in every statement.
    this.#live = `data IS NOT NULL AND $2::bigint - last_seen <= ${this.#idleTime("idle")}
      AND $2::bigint - created_at <= ${absolute * 1000}
      AND greatest(created_at, last_seen) - $2::bigint <= ${clockSkew}`;
    this.#cleaner = setInterval(() => void this.#clean(), cleanupInterval).unref();
  }

  async open(cookie: string): Promise<SessionRecord | undefined> {
    if (!isSessionId(cookie)) return undefined;
    const { table } = this.#connection;
    const { rows } = await this.#query(
      `SELECT version, created_at, last_seen, data FROM ${table} WHERE id = $1 AND data IS NOT NULL`,
      [idBytes(cookie)],
    );
    const [row] = rows as Row[];
    if (row === undefined) return undefined;
    const record = {
      id: cookie,
      version: Number(row.version),
      createdAt: Number(row.created_at),
      lastSeen: Number(row.last_seen),
      data: decode(row.data),
    };
    return isExpired(record, this.#options.limits, this.#options.now()) ? undefined : record;
  }

  async save(record: SessionRecord, changes: SessionChanges): Promise<string> {
    const { id, version, createdAt, data } = record;
    if (version > 0) await this.#merge(record, changes);
    else await this.#create(id, createdAt, data, changes.replaces);
    return id;
  }

  async touch({ id }: SessionRecord): Promise<undefined> {
    const { table } = this.#connection;
    await this.#query(
      `UPDATE ${table} SET last_seen = $2, ends_at = ${this.#endsAt("idle", "created_at")}
       WHERE id = $1 AND ${this.#live}`,
      [idBytes(id), this.#options.now()],
    );
  }

  async destroy(id: string): Promise<void> {
    const { table } = this.#connection;
    await this.#query(
      `INSERT INTO ${table} (id, version, created_at, last_seen, idle, ends_at, data)
       VALUES ($1, 0, $2, $2, NULL, ${this.#tombstoneEnd}, NULL)
       ON CONFLICT (id) DO UPDATE SET data = NULL, ends_at = ${this.#tombstoneEnd}`,
      [idBytes(id), this.#options.now()],
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#cleaner);
    await this.#connection.close();
  }

  async #merge({ id, data }: SessionRecord, { written, deleted }: SessionChanges): Promise<void> {
    const { table } = this.#connection;
    const changed = Object.fromEntries(
      written.filter((key) => Object.hasOwn(data, key)).map((key) => [key, data[key]]),
    );
    const isOwn = [...written, ...deleted].includes(EXPIRES);
    const idle = "CASE WHEN $6 THEN $5::bigint ELSE idle END";
    await this.#query(
      `UPDATE ${table} SET version = version + 1, last_seen = $2, idle = ${idle},
         ends_at = ${this.#endsAt(idle, "created_at")}, data = (data - $4::text[]) || $3::jsonb
       WHERE id = $1 AND ${this.#live}`,
      [
        idBytes(id),
        this.#options.now(),
        encode(changed),
        deleted.map(encodeKey),
        ownIdle(changed),
        isOwn,
      ],
    );
  }

  /** With `replaces`, only if that id is live, which ends in the same statement. */
  async #create(
    id: string,
    createdAt: number,
    data: SessionRecord["data"],
    replaces: string | undefined,
  ): Promise<void> {
    const { table } = this.#connection;
    const ending = `WITH ended AS (
        UPDATE ${table} SET data = NULL, ends_at = ${this.#tombstoneEnd}
        WHERE id = $6 AND ${this.#live} RETURNING id
      )`;
    const idle = "$5::bigint";
    await this.#query(
      `${replaces === undefined ? "" : ending}
       INSERT INTO ${table} AS old (id, version, created_at, last_seen, idle, ends_at, data)
       SELECT $1, 1, $4::bigint, $2::bigint, ${idle}, ${this.#endsAt(idle, "$4::bigint")}, $3::jsonb
       ${replaces === undefined ? "" : "WHERE EXISTS (SELECT FROM ended)"}
       ON CONFLICT (id) DO UPDATE SET version = old.version + 1, last_seen = excluded.last_seen,
         idle = excluded.idle, ends_at = excluded.ends_at, data = old.data || excluded.data
       WHERE ${this.#live.replaceAll(/\b(data|last_seen|created_at|idle)\b/g, "old.$1")}`,
      [
        ...[idBytes(id), this.#options.now(), encode(data), createdAt, ownIdle(data)],
        ...(replaces === undefined ? [] : [idBytes(replaces)]),
      ],
    );
  }

  #endsAt(idle: string, createdAt: string): string {
    return `least($2::bigint + ${this.#idleTime(idle)}, ${createdAt} + ${this.#options.limits.absolute * 1000})`;
  }

  get #tombstoneEnd(): string {
    return `$2::bigint + ${this.#options.limits.absolute * 1000}`;
  }

  async #clean(): Promise<void> {
    try {
      const { table } = this.#connection;
      const before = this.#options.now() - clockSkew;
      await this.#query(`DELETE FROM ${table} WHERE ends_at < $1`, [before]);
    } catch (error) {
      this.#options.warn(`session: postgres: ended sessions were not deleted: ${String(error)}`);
    }
  }

  /** Makes the table if it is not there yet. */
  async #query(statement: string, values: unknown[]): ReturnType<PostgresPool["query"]> {
    const { pool, table } = this.#connection;
    try {
      return await pool.query(statement, values);
    } catch (error) {
      if ((error as { code?: unknown }).code !== undefinedTable) throw error;
    }
    try {
      await pool.query(createTableStatement(table));
      const index = `${table.replace(".", "_")}_ends_at`;
      await pool.query(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (ends_at)`);
    } catch (error) {
      // Of two processes that make the table at once, one is told that it is there already.
      if (!["23505", "42P07", "42710"].includes(String((error as { code?: unknown }).code))) {
        throw error;
      }
    }
    return pool.query(statement, values);
  }
}

/** The milliseconds that a session may go unused, where it has an idle time of its own. */
function ownIdle(data: SessionRecord["data"]): number | null {
  const own = data[EXPIRES];
  return typeof own === "number" ? Math.round(own * 1000) : null;
}

function idBytes(id: string): Buffer {
  return Buffer.from(hashSessionId(id), "hex");
}

/** Values and keys as JSON text inside jsonb, which alone can hold neither "\0" nor half a surrogate pair. */
function encode(data: SessionRecord["data"]): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [encodeKey(key), JSON.stringify(value)]),
    ),
  );
}

function encodeKey(key: string): string {
  return JSON.stringify(key).slice(1, -1);
}

function decode(data: Row["data"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      JSON.parse(`"${key}"`) as string,
      JSON.parse(value) as unknown,
    ]),
  );
}
