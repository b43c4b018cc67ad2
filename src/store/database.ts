import { openDB, type IDBPDatabase } from 'idb';
import { inWords } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Schema } from './schema.ts';

export type Database = IDBPDatabase<Schema>;

export interface OpenOptions {
  name?: string;
  /** For tests of migrations; by default the newest. */
  version?: number;
  /** Another tab still uses an older version of the database; opening waits until it is closed. */
  onBlocked?: () => void;
  /** Another tab needs a newer version: this connection was closed, and the page should be reloaded. */
  onOutdated?: () => void;
  /** The browser ended the connection (e.g. site data were cleared). */
  onTerminated?: () => void;
}

/**
 * Opens the page's database and brings it to the newest version; what was stored stays.
 * @throws NewerDatabaseError, StorageRefusedError, StorageFullError
 */
export function openDatabase(options: OpenOptions = {}): Promise<Database> {
  const { name = 'judge-playground', version = MIGRATIONS.length } = options;
  return inWords(async () => {
    const database: Database = await openDB<Schema>(name, version, {
      upgrade: (opened, from, _to, transaction) => {
        for (const migrate of MIGRATIONS.slice(from, version)) migrate(opened, transaction);
      },
      blocked: () => options.onBlocked?.(),
      // An old tab must not keep a new one from starting.
      blocking: () => {
        database.close();
        options.onOutdated?.();
      },
      terminated: () => options.onTerminated?.(),
    });
    return database;
  });
}
