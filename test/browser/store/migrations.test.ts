import { deleteDB } from 'idb';
import { commands } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import { AdapterStore } from '../../../src/store/adapter-store.ts';
import { Connection } from '../../../src/store/connection.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { NewerDatabaseError } from '../../../src/store/errors.ts';
import { takeInventory } from '../../../src/store/inventory.ts';
import { MIGRATIONS } from '../../../src/store/migrations.ts';
import { ProjectStore } from '../../../src/store/projects.ts';
import type { Schema } from '../../../src/store/schema.ts';
import { letters, ScriptedEngine } from '../../unit/harness/scripted-engine.ts';
import { decode, encode, type Dump } from './fixture.ts';

const name = 'test of migrations';
afterEach(() => deleteDB(name));

const readDump = async (version: number): Promise<Dump> =>
  JSON.parse(await commands.readFile(`test/fixtures/databases/version-${version}.json`)) as Dump;

/** A database as a release of that version left it. */
async function restore(version: number): Promise<Dump> {
  const dump = await readDump(version);
  const database = await openDatabase({ name, version });
  for (const [store, records] of Object.entries(dump))
    for (const record of records)
      await database.put(store as 'runs', decode(record) as Schema['runs']['value']);
  database.close();
  return dump;
}

test.each([1, 2, 3])('a database of version %i comes to this one with every record', async (version) => {
  const dump = await restore(version);
  const connection = await Connection.open({ name });
  await connection.use(async (database) => {
    expect(database.version).toBe(MIGRATIONS.length);
    for (const [store, records] of Object.entries(dump)) {
      const now = await Promise.all((await database.getAll(store as 'runs')).map(encode));
      expect(now, store).toEqual(records);
    }
  });
  connection.close();
});

test.each([1, 2, 3])('what a release of version %i stored is read, and its run goes on', async (version) => {
  await restore(version);
  const connection = await Connection.open({ name });
  const projects = new ProjectStore(connection);
  const store = new DatabaseStore(connection);
  const [project] = await projects.all();
  const items = await projects.items(project!.id);
  const [run] = await projects.runs(project!.id);
  expect(items.train.length).toBe(project!.counts.train);
  const round = (await store.round(run!.id, 1))!;
  expect(round.results).not.toBeNull();
  expect((await store.policy(round.policyOut!))!.weights.byteLength).toBeGreaterThan(0);
  expect((await store.steps(run!.id, 1)).length).toBe(round.steps);
  expect((await takeInventory(connection)).projects[0]!.total).toBeGreaterThan(0);
  // All of it is there, so nothing is asked of the judge but its second round, as in a run of today.
  const options = { tokenizer: letters, items, settings: run!.settings, runId: run!.id };
  const results = await rationalize({ ...options, store, engine: new ScriptedEngine() });
  const today = await rationalize({ ...options, store: new MemoryStore(), engine: new ScriptedEngine() });
  expect(results!.rounds.map(({ accuracy }) => accuracy)).toEqual(
    today!.rounds.map(({ accuracy }) => accuracy),
  );
  connection.close();
  if (version < 3) return;
  const adapters = await AdapterStore.open({ name });
  const [adapter] = await adapters.list();
  expect((await adapters.policy(adapter!.id)).policy.weights.byteLength).toBe(adapter!.bytes);
  adapters.close();
});

test('a database without a store is made from the beginning, whatever its version says', async () => {
  await new Promise<void>((resolve) => {
    const request = indexedDB.open(name, 1);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
  const connection = await Connection.open({ name });
  expect(await new ProjectStore(connection).all()).toEqual([]);
  connection.close();
});

test('a database of a newer release is refused in words and left as it is', async () => {
  const newer = MIGRATIONS.length + 1;
  const made = (): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, newer);
      request.onupgradeneeded = () => request.result.createObjectStore('of tomorrow').put('kept', 1);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  (await made()).close();
  await expect(Connection.open({ name })).rejects.toThrow(NewerDatabaseError);
  const still = await made();
  expect([...still.objectStoreNames]).toEqual(['of tomorrow']);
  still.close();
});
