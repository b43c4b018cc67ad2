import { deleteDB } from 'idb';
import type { Connection } from './connection.ts';
import { DATABASE } from './database.ts';
import { StorageFullError } from './errors.ts';
import { write } from './write.ts';

/**
 * Erases everything that was stored, in one transaction. This cannot be undone; ask before. Where the disk has no
 * room even for that, the whole database is removed, for which other tabs close it.
 */
export async function eraseEverything(connection: Connection): Promise<void> {
  const names = await connection.use(async (database) => [...database.objectStoreNames]);
  try {
    await write(connection, names, (transaction) =>
      names.map((name) => transaction.objectStore(name).clear()),
    );
  } catch (error) {
    if (!(error instanceof StorageFullError)) throw error;
    connection.close();
    await deleteDB(connection.options.name ?? DATABASE);
  }
}
