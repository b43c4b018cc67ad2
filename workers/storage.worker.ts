/**
 * What is stored is measured, exported and deleted here, away from the page: each reads many records. It has a
 * connection of its own, so it works while the page waits for room.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { Bin } from '../src/store/bin.ts';
import { Connection } from '../src/store/connection.ts';
import { deleteForGood, forgetShared, type Doomed } from '../src/store/deletion.ts';
import { exportRecords, type Exported } from '../src/store/export-records.ts';
import { takeInventory, type Inventory } from '../src/store/inventory.ts';
import { proveRoom } from '../src/store/room.ts';

const storageWork = {
  inventory: (): Promise<Inventory> => connected(takeInventory),
  deleteForGood: (doomed: Doomed): Promise<void> =>
    connected((connection) => deleteForGood(connection, doomed)),
  forgetShared: (): Promise<void> => connected(forgetShared),
  emptyBin: (which: 'all' | 'old'): Promise<number> =>
    connected((connection) => new Bin(connection).empty(which)),
  exportRecords: (what: Exported): Promise<Blob> =>
    connected((connection) => exportRecords(connection, what)),
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
