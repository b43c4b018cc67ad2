import type { IDBPTransaction, StoreNames } from 'idb';
import type { TrainedPolicy } from '../harness/judgment-store.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { StorageFullError } from './errors.ts';
import type { Schema } from './schema.ts';

type Names = StoreNames<Schema>[];
type Transaction<N extends Names> = IDBPTransaction<Schema, N, 'readwrite'>;

export interface WriteOptions {
  /** Resolve only when the disk has it, not when the system was handed it. */
  strict?: boolean;
  /** What is lost with the page until this is written. */
  policy?: TrainedPolicy;
}

/**
 * Writes all of it or nothing, in one transaction, and resolves when that is durable. `work` yields its requests; a
 * value that cannot be stored takes back the whole transaction, and the error that is thrown is the one that ended
 * it (a full disk), not the "aborted" that its requests then say. Where there is no room, the connection's owner may
 * make some, and it is all written again.
 */
export async function write<N extends Names>(
  connection: Connection,
  names: N,
  work: (transaction: Transaction<N>) => Iterable<Promise<unknown>>,
  { strict = false, policy }: WriteOptions = {},
): Promise<void> {
  const durability = strict ? 'strict' : 'default';
  for (;;) {
    try {
      await connection.use((database) => transact(database, names, work, durability));
      return;
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
      const bytes = policy?.weights.byteLength ?? null;
      if (!(await connection.options.makeRoom?.({ bytes, policy: policy ?? null }))) throw error;
    }
  }
}

async function transact<N extends Names>(
  database: Database,
  names: N,
  work: (transaction: Transaction<N>) => Iterable<Promise<unknown>>,
  durability: IDBTransactionDurability,
): Promise<void> {
  const transaction = database.transaction(names, 'readwrite', { durability });
  const ignored = () => {};
  try {
    for (const request of work(transaction)) request.catch(ignored);
  } catch (error) {
    transaction.done.catch(ignored);
    transaction.abort();
    throw error;
  }
  await transaction.done;
}
