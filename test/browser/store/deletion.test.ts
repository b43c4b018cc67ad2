import { deleteDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { newRound, type Round, type Run } from '../../../src/rationalize/records.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import type { RunStore } from '../../../src/rationalize/run-store.ts';
import { Bin } from '../../../src/store/bin.ts';
import { Connection, type ConnectionOptions } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { deleteForGood, forgetShared } from '../../../src/store/deletion.ts';
import { StorageFullError } from '../../../src/store/errors.ts';
import { takeInventory } from '../../../src/store/inventory.ts';
import { DatabaseLabRuns } from '../../../src/store/lab-runs.ts';
import { ProjectStore } from '../../../src/store/projects.ts';
import { sizeOf } from '../../../src/store/size-of.ts';
import { letters, ScriptedEngine, scriptedItems } from '../../unit/harness/scripted-engine.ts';

const name = 'test of deletion';
let open: Connection[] = [];

async function connect(options: ConnectionOptions = {}): Promise<Connection> {
  const connection = await Connection.open({ name, ...options });
  open.push(connection);
  return connection;
}

afterEach(async () => {
  for (const one of open) one.close();
  open = [];
  await deleteDB(name);
});

const settings = presetSettings('standard', {
  rounds: 1,
  itemsPerRound: 8,
  samples: 4,
  heldoutItems: 6,
  batchSize: 4,
});

/** A project with one whole run and a lab's run, its items named by `prefix`. */
async function makeProject(connection: Connection, prefix: string): Promise<{ projectId: string; run: Run }> {
  const items = {
    train: scriptedItems(`${prefix} train`, 20),
    validation: scriptedItems(`${prefix} validation`, 12),
    heldout: scriptedItems(`${prefix} heldout`, 8),
  };
  const facts = { itemsHash: 'a', splitHash: 'b', rubric: '', source: 'test' };
  const seedModel = { name: 'nano-judge', hash: 'seedhash' };
  const { id: projectId } = await new ProjectStore(connection).create(
    { ...facts, name: prefix, seedModel },
    items,
  );
  const store = new DatabaseStore(connection);
  const engine = new ScriptedEngine();
  const runId = `run of ${prefix}`;
  await rationalize({ engine, tokenizer: letters, settings, items, store, runId, projectId });
  await store.decide(runId, 1, 'pair', 'drop');
  await store.putCheckpoint(
    { ...(await store.round(runId, 1))! },
    { step: 1, pairs: [], checkpoint: bytes(9) },
  );
  const seed = engine.model.hash;
  await store.putReadings('scores/wasm', new Map([[`sample/${runId}/1/x/0`, Float32Array.of(1)]]));
  await store.putReadings(`score-lines/${seed}/p/wasm`, new Map([['x', Float32Array.of(1)]]));
  const judge = { name: 'nano', hash: seed, backend: 'wasm', protocol: 'p' };
  const data = { name: 'd', hash: 'h', size: 1 };
  await new DatabaseLabRuns(connection).putLabRun({
    id: `lab of ${prefix}`, projectId, name: 'calm owl', lab: 'x', settings: {}, judge, data, created: 1, outcome: null,
  }); // prettier-ignore
  return { projectId, run: (await store.run(runId))! };
}

const bytes = (length: number) => new Uint8Array(length).buffer;

/** How many records each object store holds. */
function countAll(connection: Connection): Promise<Record<string, number>> {
  return connection.use(async (database) => {
    const names = [...database.objectStoreNames];
    const counts = await Promise.all(names.map((one) => database.count(one)));
    return Object.fromEntries(names.map((one, i) => [one, counts[i]!]));
  });
}

test('a deleted project leaves nothing behind, in any object store', async () => {
  const connection = await connect();
  const { projectId } = await makeProject(connection, 'mine');
  const before = await countAll(connection);
  const empty = Object.keys(before).filter((one) => before[one] === 0);
  // Every store but that of adapters, which belong to no project, is put to the test.
  expect(empty).toEqual(['adapters']);
  await deleteForGood(connection, { projects: [projectId] });
  expect(Object.values(await countAll(connection)).every((count) => count === 0)).toBe(true);
});

test('a deleted project takes nothing from another one', async () => {
  const connection = await connect();
  const kept = await makeProject(connection, 'kept');
  const before = await countAll(connection);
  const gone = await makeProject(connection, 'gone');
  await deleteForGood(connection, { projects: [gone.projectId] });
  expect(await countAll(connection)).toEqual(before);
  const store = new DatabaseStore(connection);
  const round = (await store.round(kept.run.id, 1))!;
  expect(await store.policy(round.policyOut!)).toBeDefined();
});

test('a deleted run goes alone; a judge that another run names stays', async () => {
  const connection = await connect();
  const { run } = await makeProject(connection, 'mine');
  const store = new DatabaseStore(connection);
  const policyOut = (await store.round(run.id, 1))!.policyOut!;
  await store.putRun({ ...run, id: 'heir' });
  await store.putRound(newRound('heir', 1, policyOut, []));
  await deleteForGood(connection, { runs: [run.id] });
  expect(await store.run(run.id)).toBeUndefined();
  expect(await store.policy(policyOut)).toBeDefined();
  expect(await store.judgments(`sample/${run.id}/1`)).toEqual([]);
  await deleteForGood(connection, { runs: ['heir'] });
  expect(await store.policy(policyOut)).toBeUndefined();
});

test('what is shared can be forgotten, and no run loses its own', async () => {
  const connection = await connect();
  const { run } = await makeProject(connection, 'mine');
  const store = new DatabaseStore(connection);
  const own = await store.judgments(`sample/${run.id}/1`);
  expect((await takeInventory(connection)).shared).toBeGreaterThan(0);
  await forgetShared(connection);
  expect((await takeInventory(connection)).shared).toBe(0);
  expect(await store.judgments(`sample/${run.id}/1`)).toEqual(own);
  expect(await store.policy((await store.round(run.id, 1))!.policyOut!)).toBeDefined();
});

test('the bin hides, gives back, and is emptied: all of it, or what is older than 30 days', async () => {
  const connection = await connect();
  const { projectId, run } = await makeProject(connection, 'mine');
  const bin = new Bin(connection);
  const projects = new ProjectStore(connection);
  await bin.put('runs', run.id);
  expect(await projects.runs(projectId)).toEqual([]);
  await bin.put('projects', projectId);
  expect(await projects.all()).toEqual([]);
  // A project's runs are not listed beside it.
  expect((await bin.list()).map(({ id }) => id)).toEqual([projectId]);
  await bin.restore({ kind: 'projects', id: projectId });
  await bin.restore({ kind: 'runs', id: run.id });
  expect(await projects.runs(projectId)).toEqual([run]);
  expect((await projects.get(projectId)).deleted).toBeUndefined();

  await bin.put('runs', run.id);
  expect(await bin.empty('old')).toBe(0);
  const record = (await new DatabaseStore(connection).run(run.id))!;
  const days = 31 * 24 * 3600_000;
  await new DatabaseStore(connection).putRun({ ...record, deleted: record.deleted! - days });
  expect(await bin.empty('old')).toBe(1);
  expect(await new DatabaseStore(connection).run(run.id)).toBeUndefined();
});

test('the inventory adds up to every record, and says whose it is', async () => {
  const connection = await connect();
  const { projectId, run } = await makeProject(connection, 'mine');
  const { projects, shared } = await takeInventory(connection);
  const [project] = projects;
  expect(project).toMatchObject({ id: projectId, name: 'mine', deleted: false });
  expect(project!.runs.map(({ id }) => id)).toEqual([run.id]);
  const all = await connection.use(async (database) =>
    (await Promise.all([...database.objectStoreNames].map((one) => database.getAll(one)))).flat(),
  );
  expect(project!.total + shared).toBe(all.reduce((sum, value) => sum + sizeOf(value), 0));
});

const round = (step: number): Round => ({ ...newRound('run', 1, 'p', []), steps: step });

test.each<[string, () => Promise<RunStore>]>([
  ['in the database', async () => new DatabaseStore(await connect())],
  ['in memory', async () => new MemoryStore()],
])('training that goes on forgets the steps after its checkpoint, %s', async (_, make) => {
  const store = await make();
  const metrics = {} as never;
  for (const step of [1, 2, 3]) await store.putStep('run', 1, { step, metrics });
  for (const step of [0, 2, 3])
    await store.putSnapshot('run', 1, { step, itemIds: [], probabilities: new Float32Array() });
  await store.putStep('run', 2, { step: 3, metrics });
  await store.forgetStepsAfter('run', 1, 2);
  expect((await store.steps('run', 1)).map(({ step }) => step)).toEqual([1, 2]);
  expect((await store.snapshots('run', 1)).map(({ step }) => step)).toEqual([0, 2]);
  expect(await store.steps('run', 2)).toHaveLength(1);
  await store.forgetStepsAfter('run', 1, -1);
  expect(await store.snapshots('run', 1)).toEqual([]);
});

test.each<[string, () => Promise<RunStore>]>([
  ['in the database', async () => new DatabaseStore(await connect())],
  ['in memory', async () => new MemoryStore()],
])('a trained policy, its round and the end of its training are one write, %s', async (_, make) => {
  const store = await make();
  await store.putCheckpoint(round(1), { step: 1, pairs: [], checkpoint: bytes(4) });
  expect((await store.round('run', 1))!.steps).toBe(1);
  expect((await store.trainingState('run', 1))!.step).toBe(1);
  await store.putTrained(round(2), { kind: 'full', hash: 'new', weights: bytes(4) });
  expect((await store.round('run', 1))!.policyOut).toBe('new');
  expect(await store.policy('new')).toBeDefined();
  expect(await store.trainingState('run', 1)).toBeUndefined();
});

/** Lets the next transactions fail as they do on a full disk. */
function fillDisk(connection: Connection, writes: number): void {
  const use = connection.use.bind(connection);
  let left = writes;
  connection.use = (work) => (left-- > 0 ? Promise.reject(new StorageFullError()) : use(work));
}

test('a write that finds no room is written again once there is some, its weights kept meanwhile', async () => {
  const asked: unknown[] = [];
  const connection = await connect({
    makeRoom: async (request) => {
      asked.push(request.policy?.hash);
      return true;
    },
  });
  fillDisk(connection, 2);
  const store = new DatabaseStore(connection);
  await store.putTrained(round(2), { kind: 'full', hash: 'new', weights: bytes(4) });
  expect(asked).toEqual(['new', 'new']);
  expect(await store.policy('new')).toBeDefined();
});

test('a write that nobody makes room for fails in words, and so does room that is asked for before', async () => {
  const connection = await connect({ makeRoom: async () => false, proveRoom: async () => false });
  const store = new DatabaseStore(connection);
  await expect(store.reserve(1e9)).rejects.toThrow(StorageFullError);
  fillDisk(connection, 1);
  await expect(store.putRound(round(1))).rejects.toThrow(/no room left/);
});
