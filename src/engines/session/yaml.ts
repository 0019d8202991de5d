/** The session engine `yaml`: sessions as files that can be read and edited, for development. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { JSON_SCHEMA, dump, load } from "js-yaml";
import { ConfigError } from "../../errors.ts";
import { isMap } from "../../config/setting-kinds.ts";
import { samePlain } from "../../session/plain-data.ts";
import { isSessionId } from "../../session/session-id.ts";
import { hashSessionId } from "./id-hash.ts";
import { SessionFiles } from "./session-files.ts";
import { idleLimit, isExpired, mergeData } from "./store.ts";
import type { SessionChanges, SessionRecord, SessionStore, SessionStoreOptions } from "./store.ts";

const sweepInterval = 60_000;

/**
 * Makes the engine that keeps each session in a YAML file below `session_dir`.
 *
 * For development: sessions outlive restarts and can be looked at. Several processes of one machine
 * may share the folder. Files are for their owner only, and named after a hash of the id.
 *
 * @throws ConfigError if `session_dir` is inside `public`, where anyone could fetch it.
 */
export function createYamlStore(options: SessionStoreOptions): SessionStore {
  const folder = below(options, "session_dir");
  const way = relative(below(options, "public"), folder);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) {
    throw new ConfigError(
      "config-invalid",
      `session_dir (${folder}) is inside the folder of public files; choose one outside of it`,
    );
  }
  return new YamlStore(options, new SessionFiles(folder));
}

type LiveSession = Omit<SessionRecord, "id">;
/** A session as it is in its file; without data it has ended for good. */
type StoredSession = Omit<LiveSession, "data"> & Partial<Pick<LiveSession, "data">>;

class YamlStore implements SessionStore {
  readonly waits = false;
  readonly #options: SessionStoreOptions;
  readonly #files: SessionFiles;
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: SessionStoreOptions, files: SessionFiles) {
    this.#options = options;
    this.#files = files;
    this.#sweeper = setInterval(() => this.#sweep(), sweepInterval).unref();
    this.#sweep();
  }

  open(cookie: string): SessionRecord | undefined {
    if (!isSessionId(cookie)) return undefined;
    const { session } = this.#read(hashSessionId(cookie));
    return this.#isLive(session) ? { id: cookie, ...session } : undefined;
  }

  save(record: SessionRecord, changes: SessionChanges): string {
    const { id, createdAt, data } = record;
    const { replaces } = changes;
    const lastSeen = this.#options.now();
    if (replaces !== undefined && !this.#change(replaces, endedAt(lastSeen))) return id;
    if (record.version > 0) {
      this.#change(id, (current) => ({
        ...current,
        lastSeen,
        data: mergeData(current.data, data, changes),
      }));
      return id;
    }
    this.#write(id, (current, version) => {
      if (current === undefined) return { version, createdAt, lastSeen, data };
      if (!this.#isLive(current)) return undefined;
      return { ...current, version, lastSeen, data: { ...current.data, ...data } };
    });
    return id;
  }

  touch(record: SessionRecord): undefined {
    const lastSeen = this.#options.now();
    this.#change(record.id, (current) => ({ ...current, lastSeen }));
  }

  destroy(id: string): void {
    const now = this.#options.now();
    this.#write(id, (current, version) =>
      current !== undefined && current.data === undefined
        ? undefined
        : { ...endedAt(now)(), version },
    );
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  /** Changes a session that is there and has not ended, and tells whether it was. */
  #change(id: string, next: (current: LiveSession) => Omit<StoredSession, "version">): boolean {
    return this.#write(id, (current, version) =>
      this.#isLive(current) ? { ...next(current), version } : undefined,
    );
  }

  #write(
    id: string,
    next: (current: StoredSession | undefined, version: number) => StoredSession | undefined,
  ): boolean {
    const name = hashSessionId(id);
    for (;;) {
      const { session, version } = this.#read(name);
      const stored = next(session, version + 1);
      if (stored === undefined) return false;
      const file = { version: stored.version, text: toYaml(stored) };
      if (this.#files.write(name, file, this.#keepUntil(stored))) return true;
    }
  }

  #read(name: string): { session: StoredSession | undefined; version: number } {
    const { version, text } = this.#files.read(name);
    if (version === 0) return { session: undefined, version };
    const session = parseSession(text, version);
    if (session === undefined) {
      this.#options.warn(`ignored a damaged session file: ${name}/${version}.yml in session_dir`);
    }
    return { session, version };
  }

  #isLive(session: StoredSession | undefined): session is LiveSession {
    const { limits, now } = this.#options;
    return session?.data !== undefined && !isExpired(session, limits, now());
  }

  /** One that has ended stays as long as any request may still know its id. */
  #keepUntil({ createdAt, lastSeen, data }: StoredSession): number {
    const { limits } = this.#options;
    const end = createdAt + limits.absolute * 1000;
    return data === undefined ? end : Math.min(end, lastSeen + idleLimit(data, limits) * 1000);
  }

  #sweep(): void {
    try {
      this.#files.sweep(this.#options.now());
    } catch (error) {
      this.#options.warn(`expired session files could not be removed: ${String(error)}`);
    }
  }
}

function endedAt(time: number): () => Omit<StoredSession, "version"> {
  return () => ({ createdAt: time, lastSeen: time });
}

function toYaml({ createdAt, lastSeen, data }: StoredSession): string {
  const file =
    data === undefined
      ? { ended_at: isoTime(createdAt) }
      : { created_at: isoTime(createdAt), last_seen: isoTime(lastSeen), data };
  return dump(file, { schema: JSON_SCHEMA, noRefs: true, lineWidth: -1 });
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function parseSession(text: string, version: number): StoredSession | undefined {
  let file: unknown;
  try {
    file = load(text, { schema: JSON_SCHEMA });
  } catch {
    return undefined;
  }
  if (!isMap(file)) return undefined;
  const { ended_at: ended, created_at: created = ended, last_seen: seen = ended, data } = file;
  const [createdAt, lastSeen] = [Date.parse(String(created)), Date.parse(String(seen))];
  if (Number.isNaN(createdAt) || Number.isNaN(lastSeen)) return undefined;
  if (ended !== undefined) return { version, createdAt, lastSeen };
  const isPlain = isMap(data) && Object.values(data).every((value) => samePlain(value, value));
  return isPlain ? { version, createdAt, lastSeen, data } : undefined;
}

function below({ setting }: SessionStoreOptions, name: string): string {
  return resolve(String(setting("appdir")), String(setting(name)));
}
