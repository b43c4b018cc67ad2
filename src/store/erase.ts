import { deleteDB } from 'idb';
import type { Connection } from './connection.ts';
import { DATABASE } from './database.ts';
import { StorageFullError } from './errors.ts';
import { MODELS } from './model-manifest.ts';
import { privateFiles } from './private-files.ts';
import { write } from './write.ts';

/**
 * Erases every record that was stored, in one transaction. This cannot be undone; ask before. Where the disk has no
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

/** Removes every stored model, and what has arrived of one. Where no files can be stored there are none. */
export async function removeAllModels(): Promise<void> {
  const files = await privateFiles().catch(() => null);
  await files?.removeEntry(MODELS, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  });
}
