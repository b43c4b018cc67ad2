import type { LoraPolicy } from '../model/formats/peft.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { AdapterRecord, StoredAdapter } from './adapter-record.ts';
import { readable, theReadable } from './readable.ts';
import { write } from './write.ts';

/** Thrown when an adapter is asked for that is not stored. */
export class AdapterNotStoredError extends Error {
  override name = 'AdapterNotStoredError';
  constructor() {
    super('This adapter is no longer stored in this browser. Open its files again.');
  }
}

/** Adapters in IndexedDB: one record each, written in one transaction, so there is never half of one. */
export class AdapterStore {
  private constructor(private readonly connection: Connection) {}

  /** @throws NewerDatabaseError, StorageRefusedError, StorageFullError, DatabaseBlockedError */
  static async open(options: ConnectionOptions = {}): Promise<AdapterStore> {
    return new AdapterStore(await Connection.open(options));
  }

  /** By name. */
  async list(): Promise<AdapterRecord[]> {
    const all = await this.connection.use((database) => database.getAll('adapters'));
    const stored = readable(this.connection, 'adapters', all);
    return stored.map(({ weights: _, ...record }) => record).sort((a, b) => a.name.localeCompare(b.name));
  }

  async put(adapter: StoredAdapter): Promise<void> {
    await write(this.connection, ['adapters'], (transaction) => [
      transaction.objectStore('adapters').put(adapter),
    ]);
  }

  async remove(id: string): Promise<void> {
    await write(this.connection, ['adapters'], (transaction) => [
      transaction.objectStore('adapters').delete(id),
    ]);
  }

  /** The adapter as the engine takes it. @throws AdapterNotStoredError, UnreadableRecordError */
  async policy(id: string): Promise<{ record: AdapterRecord; policy: LoraPolicy }> {
    const adapter = await this.connection.use((database) => database.get('adapters', id));
    const stored = theReadable('adapters', adapter);
    if (!stored) throw new AdapterNotStoredError();
    const { weights, ...record } = stored;
    const { hash, rank, alpha, rankStabilised = false } = record;
    const settings = { rank, alpha, ...(rankStabilised && { rankStabilised }) };
    return { record, policy: { kind: 'lora', hash, ...settings, weights: await weights.arrayBuffer() } };
  }

  close(): void {
    this.connection.close();
  }
}
