import { deleteDB } from 'idb';
import { cdp } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { inStorageWorker } from '../../../src/app/state/project/storage-work.ts';
import { newRound } from '../../../src/rationalize/records.ts';
import { Connection, type ConnectionOptions, type RoomRequest } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { eraseEverything } from '../../../src/store/erase.ts';
import { DatabaseBlockedError, StorageFullError, StorageRefusedError } from '../../../src/store/errors.ts';

/** The part of the browser's own protocol that this test speaks. */
interface DevTools {
  send(method: string, parameters: object): Promise<unknown>;
}
const devTools = () => cdp() as unknown as DevTools;
const { origin } = location;
const quota = (quotaSize?: number) =>
  devTools().send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize && { quotaSize }) });

const prove = (bytes: number) => inStorageWorker((work) => work.proveRoom(bytes));

const clear = () => devTools().send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });

/**
 * Leaves room for about so much more. Chromium's IndexedDB remembers for 30 seconds how much room there was, but not
 * beyond a clearing. What `estimate` calls used may be of files that are being removed.
 */
async function leave(bytes: number): Promise<void> {
  await clear();
  const { usage = 0 } = await navigator.storage.estimate();
  let size = usage + bytes;
  await quota(size);
  while (await prove(2 * bytes)) await quota((size -= bytes / 2));
}

const name = 'test of the connection';
let open: { close(): void }[] = [];

async function connect(options: ConnectionOptions = {}): Promise<Connection> {
  const connection = await Connection.open({ name, ...options });
  open.push(connection);
  return connection;
}

afterEach(async () => {
  await quota();
  for (const one of open) one.close();
  open = [];
  await deleteDB(name);
});

/** A connection that closes for nobody, as that of a page from before there was a way to. */
function holdOpen(version: number): Promise<IDBDatabase> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => {
      open.push(request.result);
      resolve(request.result);
    };
  });
}

const round = newRound('run', 1, 'p', []);
const noise = (bytes: number) => {
  const values = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(values.subarray(at, at + 65536));
  return values.buffer;
};

test('an older connection in another tab is said, and opening goes on when it closes', async () => {
  const old = await holdOpen(1);
  const blocked = Promise.withResolvers<boolean>();
  const opening = connect({ onBlocked: () => blocked.resolve(true) });
  await blocked.promise;
  old.close();
  await new DatabaseStore(await opening).putRound(round);
});

test('who does not wait is told in words, and the late connection blocks nobody', async () => {
  const old = await holdOpen(1);
  await expect(connect()).rejects.toThrow(DatabaseBlockedError);
  old.close();
  const connection = await connect();
  await new DatabaseStore(connection).putRound(round);
});

test('a connection that the browser ends is opened again, for all that ask at once', async () => {
  let reopened = 0;
  const connection = await connect({ onReopened: () => reopened++ });
  const store = new DatabaseStore(connection);
  await store.putRound(round);
  await clear();
  await Promise.all([1, 2, 3].map((number) => store.putRound({ ...round, number })));
  expect((await store.rounds('run')).map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(reopened).toBe(1);
});

test('one that another tab erases is opened again, empty', async () => {
  const store = new DatabaseStore(await connect());
  await store.putRound(round);
  await deleteDB(name);
  expect(await store.rounds('run')).toEqual([]);
});

test('a browser that refuses storage says so in words', async () => {
  const real = IDBFactory.prototype.open.bind(indexedDB);
  IDBFactory.prototype.open = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  try {
    await expect(connect()).rejects.toThrow(StorageRefusedError);
  } finally {
    IDBFactory.prototype.open = real;
  }
});

test('room is proved by reserving it, and given back', async () => {
  await leave(12e6);
  expect(await prove(10e6)).toBe(true);
  expect(await prove(25e6)).toBe(false);
  // The first reservation is gone, or this one would not fit.
  expect(await prove(10e6)).toBe(true);
});

test('a full disk: the write waits with its weights, and is written when room was made', async () => {
  await leave(2e6);
  const asked: RoomRequest[] = [];
  const connection = await connect({
    makeRoom: async (request) => {
      asked.push(request);
      await quota();
      return true;
    },
  });
  const store = new DatabaseStore(connection);
  await store.putTrained(round, { kind: 'full', hash: 'new', weights: noise(5e6) });
  expect(asked.map(({ bytes, policy }) => [bytes, policy?.hash])).toEqual([[5e6, 'new']]);
  expect((await store.policy('new'))!.weights.byteLength).toBe(5e6);
  expect((await store.round('run', 1))!.policyOut).toBe('new');
});

test('a full disk that nobody clears: the write fails whole, and everything can still be erased', async () => {
  await leave(2e6);
  const connection = await connect({ makeRoom: async () => false });
  const store = new DatabaseStore(connection);
  await store.putCheckpoint(round, { step: 3, pairs: [], checkpoint: noise(1e4) });
  const trained = store.putTrained(round, { kind: 'full', hash: 'new', weights: noise(5e6) });
  await expect(trained).rejects.toThrow(StorageFullError);
  // Nothing of it: the round names no policy, and training can go on from its checkpoint.
  expect((await store.round('run', 1))!.policyOut).toBeNull();
  expect((await store.trainingState('run', 1))!.step).toBe(3);
  await quota(1000);
  await eraseEverything(connection);
  expect(await store.rounds('run')).toEqual([]);
});
