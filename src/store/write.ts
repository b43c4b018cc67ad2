import type { IDBPTransaction, StoreNames } from 'idb';
import type { Database } from './database.ts';
import { inWords } from './errors.ts';
import type { Schema } from './schema.ts';

type Names = StoreNames<Schema>[];

/**
 * Writes all of it or nothing, in one transaction, and resolves when that is durable. `work` yields its requests; a
 * value that cannot be stored takes back the whole transaction, and the error that is thrown is the one that ended
 * it (a full disk), not the "aborted" that its requests then say.
 */
export function write<N extends Names>(
  database: Database,
  names: N,
  work: (transaction: IDBPTransaction<Schema, N, 'readwrite'>) => Iterable<Promise<unknown>>,
): Promise<void> {
  return inWords(async () => {
    const transaction = database.transaction(names, 'readwrite');
    const ignored = () => {};
    try {
      for (const request of work(transaction)) request.catch(ignored);
    } catch (error) {
      transaction.done.catch(ignored);
      transaction.abort();
      throw error;
    }
    await transaction.done;
  });
}
