import type { IDBPTransaction, StoreNames } from 'idb';
import type { TrainedPolicy } from '../harness/judgment-store.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { StorageFullError } from './errors.ts';
import type { Schema } from './schema.ts';

type Names = StoreNames<Schema>[];
type Transaction<N extends Names> = IDBPTransaction<Schema, N, 'readwrite'>;

/** Requests under way at a time: with 100,000 of them at once nothing is stored before the last one is issued. */
const AT_ONCE = 500;

export interface WriteOptions {
  /** Resolve only when the disk has it, not when the system was handed it. */
  strict?: boolean;
  /** What is lost with the page until this is written. */
  policy?: TrainedPolicy;
}

/**
 * Writes all of it or nothing, in one transaction, and resolves when that is durable. `work` yields its requests; a
 * value that cannot be stored takes back the whole transaction, and the error that is thrown is the one that ended
 * it (a full disk, a request that failed), not the "aborted" that its requests then say. Where there is no room, the connection's owner may
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
  // It may fail while a request is waited for, before anybody asks how it ended.
  transaction.done.catch(() => {});
  let failure: unknown = null;
  const failed = (error: unknown): false => {
    failure ??= error;
    return false;
  };
  let issued = 0;
  try {
    for (const request of work(transaction)) {
      const succeeded = request.then(() => true, failed);
      // The transaction lives on: the next request is issued while this one's success is still being told.
      if (++issued % AT_ONCE === 0 && !(await succeeded)) break;
    }
  } catch (error) {
    transaction.abort();
    throw error;
  }
  try {
    await transaction.done;
  } catch (error) {
    throw isAbort(failure) ? error : failure;
  }
}

/** What a request says whose transaction ended for another reason, and what there is where no request failed. */
const isAbort = (failure: unknown): boolean =>
  failure === null || (failure instanceof DOMException && failure.name === 'AbortError');
