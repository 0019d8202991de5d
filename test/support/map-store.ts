/** A session engine over a map that outlives it, as plain as can be: what broken engines are made from. */
import { isExpired, mergeData } from "../../src/engines/session/store.ts";
import type {
  SessionChanges,
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "../../src/engines/session/store.ts";

/** What several stores share. */
export class World {
  readonly records = new Map<string, SessionRecord>();
  readonly ended = new Set<string>();
  isDown = false;
}

/** Keeps to every rule of the contract. */
export class MapStore implements SessionStore {
  readonly waits = true;
  protected readonly options: SessionStoreOptions;
  protected readonly world: World;

  constructor(options: SessionStoreOptions, world: World) {
    this.options = options;
    this.world = world;
  }

  async open(cookie: string): Promise<SessionRecord | undefined> {
    await this.reach();
    return this.copy(this.live(cookie));
  }

  async save(record: SessionRecord, changes: SessionChanges): Promise<string> {
    await this.reach();
    const { replaces } = changes;
    if (replaces !== undefined) {
      if (this.live(replaces) === undefined) return record.id;
      this.end(replaces);
    }
    const current = this.live(record.id);
    if (current !== undefined) {
      const data = this.merge(current.data, record.data, changes);
      const version = current.version + 1;
      this.put({ ...current, version, lastSeen: this.options.now(), data });
    } else if (this.mayCreate(record)) {
      this.put({ ...record, version: 1, lastSeen: this.options.now() });
    }
    return record.id;
  }

  async touch(record: SessionRecord): Promise<undefined> {
    await this.reach();
    const current = this.live(record.id);
    if (current !== undefined) this.put({ ...current, lastSeen: this.options.now() });
  }

  async destroy(id: string): Promise<void> {
    await this.reach();
    this.end(id);
  }

  protected async reach(): Promise<void> {
    await Promise.resolve();
    if (this.world.isDown) throw new Error("out of order");
  }

  protected live(id: string): SessionRecord | undefined {
    const record = this.world.records.get(id);
    return record === undefined || this.isOver(record) ? undefined : record;
  }

  protected isOver(record: SessionRecord): boolean {
    return isExpired(record, this.options.limits, this.options.now());
  }

  protected mayCreate(record: SessionRecord): boolean {
    return record.version === 0 && !this.world.ended.has(record.id);
  }

  protected merge(
    stored: SessionRecord["data"],
    data: SessionRecord["data"],
    changes: SessionChanges,
  ): SessionRecord["data"] {
    return mergeData(stored, data, changes);
  }

  protected put(record: SessionRecord): void {
    this.world.records.set(record.id, this.copy(record));
  }

  protected end(id: string): void {
    this.world.records.delete(id);
    this.world.ended.add(id);
  }

  protected copy<T>(value: T): T {
    return structuredClone(value);
  }
}
