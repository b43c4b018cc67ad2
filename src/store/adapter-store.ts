import type { LoraPolicy } from '../model/formats/peft.ts';
import { openDatabase, type Database } from './database.ts';
import { inWords } from './errors.ts';
import type { AdapterRecord, StoredAdapter } from './adapter-record.ts';

/** Thrown when an adapter is asked for that is not stored. */
export class AdapterNotStoredError extends Error {
  override name = 'AdapterNotStoredError';
  constructor() {
    super('This adapter is no longer stored in this browser. Open its files again.');
  }
}

/** Adapters in IndexedDB: one record each, written in one transaction, so there is never half of one. */
export class AdapterStore {
  private constructor(private readonly database: Database) {}

  /** @throws NewerDatabaseError, StorageRefusedError, StorageFullError */
  static async open(): Promise<AdapterStore> {
    return new AdapterStore(await openDatabase());
  }

  /** By name. */
  async list(): Promise<AdapterRecord[]> {
    const stored = await inWords(() => this.database.getAll('adapters'));
    return stored.map(({ weights: _, ...record }) => record).sort((a, b) => a.name.localeCompare(b.name));
  }

  async put(adapter: StoredAdapter): Promise<void> {
    await inWords(() => this.database.put('adapters', adapter));
  }

  async remove(id: string): Promise<void> {
    await inWords(() => this.database.delete('adapters', id));
  }

  /** The adapter as the engine takes it. @throws AdapterNotStoredError */
  async policy(id: string): Promise<{ record: AdapterRecord; policy: LoraPolicy }> {
    const stored = await inWords(() => this.database.get('adapters', id));
    if (!stored) throw new AdapterNotStoredError();
    const { weights, ...record } = stored;
    const { hash, rank, alpha, rankStabilised = false } = record;
    const settings = { rank, alpha, ...(rankStabilised && { rankStabilised }) };
    return { record, policy: { kind: 'lora', hash, ...settings, weights: await weights.arrayBuffer() } };
  }

  close(): void {
    this.database.close();
  }
}
