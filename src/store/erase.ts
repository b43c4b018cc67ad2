import type { Database } from './database.ts';
import { write } from './write.ts';

/** Erases everything that was stored, in one transaction. This cannot be undone; ask before. */
export async function eraseEverything(database: Database): Promise<void> {
  const names = [...database.objectStoreNames];
  await write(database, names, (transaction) => names.map((name) => transaction.objectStore(name).clear()));
}
