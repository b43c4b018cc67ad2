/**
 * What is stored is measured and deleted here, away from the page: each reads many records. It has a
 * connection of its own, so it works while the page waits for room.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { Bin } from '../src/store/bin.ts';
import { Connection } from '../src/store/connection.ts';
import { deleteForGood, forgetShared, type Doomed } from '../src/store/deletion.ts';
import { takeInventory, type Inventory } from '../src/store/inventory.ts';
import { proveRoom } from '../src/store/room.ts';
import { sweepUnfinishedImports } from '../src/store/unfinished-imports.ts';

const storageWork = {
  inventory: (): Promise<Inventory> => connected(takeInventory),
  deleteForGood: (doomed: Doomed): Promise<void> =>
    connected((connection) => deleteForGood(connection, doomed)),
  forgetShared: (): Promise<void> => connected(forgetShared),
  emptyBin: (): Promise<number> => connected((connection) => new Bin(connection).empty('all')),
  /** What lay in the bin for too long, and what imports left behind that were not finished. */
  tidy: (): Promise<void> =>
    connected(async (connection) => {
      await new Bin(connection).empty('old');
      await sweepUnfinishedImports(connection);
    }),
  sweepUnfinishedImports: (): Promise<void> => connected(sweepUnfinishedImports),
  proveRoom,
};

export type StorageWork = typeof storageWork;

async function connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.open();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

expose(storageWork);
