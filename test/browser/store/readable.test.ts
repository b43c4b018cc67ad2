import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import type { Run } from '../../../src/rationalize/records.ts';
import { AdapterStore } from '../../../src/store/adapter-store.ts';
import { Bin } from '../../../src/store/bin.ts';
import { Connection, type Unreadable } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { takeInventory } from '../../../src/store/inventory.ts';
import { DatabaseLabRuns } from '../../../src/store/lab-runs.ts';
import { ProjectStore } from '../../../src/store/projects.ts';
import { UnreadableRecordError, unreadableInWords } from '../../../src/store/readable.ts';

const name = 'test of damaged records';
let connection: Connection;
let told: Unreadable[];
beforeEach(async () => {
  told = [];
  connection = await Connection.open({ name, onUnreadable: (records) => told.push(...records) });
});
afterEach(async () => {
  connection.close();
  await deleteDB(name);
});

const put = (store: 'projects' | 'runs' | 'rounds' | 'labRuns' | 'adapters', record: object) =>
  connection.use((database) => database.put(store, record as never));

const run = (id: string, projectId: string): Run => ({
  id,
  projectId,
  name: 'calm otter',
  settings: presetSettings('quick'),
  protocol: 'nano-point',
  seedPolicy: 'a',
  appVersion: '0',
  created: 1,
  cursor: { round: 0, stage: 'before', done: false },
});

const facts = {
  rubric: '',
  seedModel: { name: 'a', hash: 'b' },
  source: 'c',
  itemsHash: 'd',
  splitHash: 'e',
};
const noItems = { train: [], validation: [], heldout: [] };

test('what cannot be read is left out, told of, and takes nothing with it', async () => {
  const projects = new ProjectStore(connection);
  const { id } = await projects.create({ ...facts, name: 'Mine' }, noItems);
  await put('projects', { id: 'foreign', name: null, created: 'yesterday' });
  await put('runs', run('good', id));
  await put('runs', { ...run('bad', id), settings: { ...presetSettings('quick'), rounds: 1e9 } });
  await put('rounds', { runId: 'good', number: 1 });
  await put('labRuns', { id: 'lab', projectId: id, lab: 'mt-bench' });
  await put('adapters', { id: 'adapter', name: 'Mine' });

  expect((await projects.all()).map((one) => one.name)).toEqual(['Mine']);
  expect((await projects.runs(id)).map((one) => one.id)).toEqual(['good']);
  const store = new DatabaseStore(connection);
  expect(await store.rounds('good')).toEqual([]);
  expect(await new DatabaseLabRuns(connection).labRuns(id)).toEqual([]);
  expect(told.map((one) => `${one.store} ${one.id}`)).toEqual([
    'projects foreign',
    'runs bad',
    'rounds good/1',
    'labRuns lab',
  ]);
  for (const asked of [projects.get('foreign'), store.run('bad'), store.round('good', 1)])
    await expect(asked).rejects.toThrow(UnreadableRecordError);
  const adapters = await AdapterStore.open({ name });
  expect(await adapters.list()).toEqual([]);
  await expect(adapters.policy('adapter')).rejects.toThrow(/This adapter cannot be read/);
  adapters.close();
});

test('what cannot be read can still be found and deleted, and a project keeps the runs that it was run with', async () => {
  const projects = new ProjectStore(connection);
  const { id } = await projects.create({ ...facts, name: 'Mine' }, noItems);
  await put('runs', { id: 'bad', projectId: id, name: 7 });
  await put('projects', { id: 'foreign' });
  const listed = (await takeInventory(connection)).projects;
  expect(new Map(listed.map((one) => [one.id, one.name]))).toEqual(
    new Map([
      [id, 'Mine'],
      ['foreign', 'foreign'],
    ]),
  );
  expect((await projects.change(id, { rubric: 'new' })).copyOf).toBe(id);
  const bin = new Bin(connection);
  await bin.put('projects', 'foreign');
  expect((await bin.list()).map((one) => one.name)).toEqual(['foreign']);
  await bin.empty();
  expect((await takeInventory(connection)).projects.map((one) => one.id)).not.toContain('foreign');
});

test('one and several are told in words', () => {
  expect(unreadableInWords('runs', 1)).toMatch(
    /^1 stored run could not be read: it was made by another version/,
  );
  expect(unreadableInWords('runs', 2)).toMatch(/^2 stored runs could not be read: they were made/);
});
