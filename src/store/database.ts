import { ownName } from '../harness/own-name.ts';
import { openDB, type IDBPDatabase } from 'idb';
import { DatabaseBlockedError, inWords, StorageRefusedError } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Schema } from './schema.ts';

export const DATABASE = ownName('judge-playground');

export type Database = IDBPDatabase<Schema>;

export interface OpenOptions {
  name?: string;
  /** For tests of migrations; by default the newest. */
  version?: number;
  /**
   * Another tab still uses an older version of the database. Opening goes on when that tab closes; without this,
   * opening fails instead.
   */
  onBlocked?: () => void;
  /** Another tab needs a newer version, or erases the database: this connection was closed for it. */
  onOutdated?: (by: 'newer version' | 'erasure') => void;
  /** The browser ended the connection (site data were cleared, its storage process crashed). */
  onTerminated?: () => void;
}

/** A connection that is being closed blocks for a moment, too. */
const CLOSING_MS = 1000;

/**
 * Opens the page's database and brings it to the newest version; what was stored stays.
 * @throws NewerDatabaseError, StorageRefusedError, StorageFullError, DatabaseBlockedError
 */
export function openDatabase(options: OpenOptions = {}): Promise<Database> {
  const blocked = Promise.withResolvers<never>();
  const say = options.onBlocked ?? (() => blocked.reject(new DatabaseBlockedError()));
  let telling: ReturnType<typeof setTimeout> | undefined;
  const onBlocked = () => void (telling = setTimeout(say, CLOSING_MS));
  const opening = inWords(() => open({ ...options, onBlocked })).finally(() => clearTimeout(telling));
  // Where nobody waits for a blocked database any more, its late connection would block others.
  blocked.promise.catch(() => opening.then((late) => late.close()).catch(() => undefined));
  return Promise.race([opening, blocked.promise]);
}

async function open(options: OpenOptions): Promise<Database> {
  const { name = DATABASE, version = MIGRATIONS.length } = options;
  // Some private windows have no IndexedDB at all.
  if (!(globalThis.indexedDB as IDBFactory | undefined)) throw new StorageRefusedError();
  const database: Database = await openDB<Schema>(name, version, {
    upgrade: (opened, from, _to, transaction) => {
      // One without a store was opened by somebody else's hand, or its making was cut short: it is made from the beginning.
      const made = opened.objectStoreNames.length === 0 ? 0 : from;
      for (const migrate of MIGRATIONS.slice(made, version)) migrate(opened, transaction);
    },
    blocked: () => options.onBlocked?.(),
    // An old tab must not keep a new one from starting.
    blocking: (_current, wanted) => {
      database.close();
      options.onOutdated?.(wanted === null ? 'erasure' : 'newer version');
    },
    terminated: () => options.onTerminated?.(),
  });
  return database;
}
