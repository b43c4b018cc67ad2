import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import { checkBundle } from '../../../src/share/bundle/check-bundle.ts';
import { importBundle, type Imported } from '../../../src/share/bundle/import-bundle.ts';
import { projectsWithSameData, type Target } from '../../../src/share/bundle/merge-plan.ts';
import type { Saved } from '../../../src/share/bundle/project-records.ts';
import { Bundle } from '../../../src/share/bundle/read-bundle.ts';
import { saveProject } from '../../../src/share/bundle/save-project.ts';
import { STORES } from '../../../src/share/bundle/stores.ts';
import { Connection } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { StorageFullError } from '../../../src/store/errors.ts';
import { DatabaseLabRuns } from '../../../src/store/lab-runs.ts';
import { ProjectStore } from '../../../src/store/projects.ts';
import { rename } from '../../../src/store/rename.ts';
import { sweepUnfinishedImports } from '../../../src/store/unfinished-imports.ts';
import { letters, ScriptedEngine, scriptedItems } from '../../unit/harness/scripted-engine.ts';
import { encode } from '../store/fixture.ts';

const NAMES = ['test of bundles, here', 'test of bundles, there'] as const;
let here: Connection;
let there: Connection;

beforeEach(async () => {
  here = await Connection.open({ name: NAMES[0] });
  there = await Connection.open({ name: NAMES[1] });
});
afterEach(async () => {
  for (const one of [here, there]) one.close();
  for (const name of NAMES) await deleteDB(name);
});

const settings = presetSettings('standard', {
  rounds: 1,
  itemsPerRound: 8,
  samples: 4,
  heldoutItems: 6,
  batchSize: 4,
});
const itemsOf = (prefix: string) => ({
  train: scriptedItems(`${prefix} train`, 20),
  validation: scriptedItems(`${prefix} validation`, 12),
  heldout: scriptedItems(`${prefix} heldout`, 8),
});

async function run(connection: Connection, projectId: string, prefix: string, runId: string, seed = 1) {
  const store = new DatabaseStore(connection);
  const engine = new ScriptedEngine();
  const items = itemsOf(prefix);
  await rationalize({
    engine,
    tokenizer: letters,
    settings: { ...settings, seed },
    items,
    store,
    runId,
    projectId,
  });
  return { store, seed: engine.model.hash };
}

/** A project with a whole run, one that was paused in training, and a lab's run. */
async function makeProject(connection: Connection, prefix: string): Promise<string> {
  const seedModel = { name: 'nano-judge', hash: 'seedhash' };
  const facts = { itemsHash: prefix, splitHash: 'b', rubric: '', source: 'test', name: prefix, seedModel };
  const { id: projectId } = await new ProjectStore(connection).create(facts, itemsOf(prefix));
  const { store, seed } = await run(connection, projectId, prefix, `run-of-${prefix}`);
  const pairs = (await store.pairs(`run-of-${prefix}`, 1)).flatMap((made) => made.pairs);
  await store.decide(`run-of-${prefix}`, 1, pairs[0]!.key, 'drop');
  await store.putCheckpoint((await store.round(`run-of-${prefix}`, 1))!, {
    step: 1,
    pairs,
    checkpoint: Uint8Array.of(1, 2, 3).buffer,
  });
  const judgment = (await store.judgments(`sample/run-of-${prefix}/1`))[0]!;
  await store.putReadings('scores/wasm', new Map([[judgment.id, Float32Array.of(0.1, 0.9)]]));
  const judge = { name: 'nano', hash: seed, backend: 'wasm', protocol: 'p' };
  await new DatabaseLabRuns(connection).putLabRun({
    id: `lab-of-${prefix}`,
    projectId,
    name: 'calm owl',
    lab: 'x',
    settings: { seed: 1 },
    judge,
    data: { name: 'd', hash: 'h', size: 1 },
    created: 1,
    outcome: { result: { odd: NaN, none: null, low: -Infinity } },
  });
  await connection.use((database) =>
    database.put('adapters', {
      id: seed,
      name: 'tone',
      model: { name: 'nano', hash: 'base' },
      hash: 'adapter',
      bytes: 5,
      rank: 2,
      alpha: 4,
      weights: new Blob([new Uint8Array(5)]),
    }),
  );
  return projectId;
}

/** Every record of every store, as JSON can be compared. */
function dump(connection: Connection): Promise<Record<string, unknown[]>> {
  return connection.use(async (database) => {
    const all = [...database.objectStoreNames].map(async (name) => {
      const records = await database.getAll(name);
      return [name, await Promise.all(records.map(encode))] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  });
}

const save = (connection: Connection, saved: Saved) => saveProject(connection, saved, '0.1.0');

async function store(connection: Connection, file: Blob, target: Target): Promise<Imported> {
  const bundle = await Bundle.open(file);
  try {
    return await importBundle(connection, bundle, await checkBundle(bundle), target);
  } finally {
    await bundle.close();
  }
}

test('a project comes out of its file as it went in, every record of every store', async () => {
  const id = await makeProject(here, 'mine');
  const file = await save(here, { kind: 'projects', id });
  expect(await store(there, file, { kind: 'new', name: 'mine' })).toEqual({
    projectId: id,
    added: 2,
    skipped: 0,
    copies: [],
  });
  const before = await dump(here);
  // The test knows a record of every kind.
  expect(Object.values(before).filter((records) => records.length === 0)).toEqual([]);
  expect(Object.keys(before).sort()).toEqual(['projects', ...STORES].sort());
  expect(await dump(there)).toEqual(before);
});

test('of other projects nothing is in the file', async () => {
  await makeProject(here, 'other');
  const id = await makeProject(here, 'mine');
  await store(there, await save(here, { kind: 'projects', id }), { kind: 'new', name: 'mine' });
  const text = JSON.stringify(await dump(there));
  expect(text).toContain('mine');
  expect(text).not.toContain('other');
});

test('beside the same project it becomes another one, with ids of its own, and its run goes on', async () => {
  const id = await makeProject(here, 'mine');
  const before = await dump(here);
  const file = await save(here, { kind: 'projects', id });
  const { projectId } = await store(here, file, { kind: 'new', name: 'mine (2)' });
  expect(projectId).not.toBe(id);
  const after = await dump(here);
  for (const [name, records] of Object.entries(before))
    expect(after[name], name).toEqual(expect.arrayContaining(records));
  const projects = new ProjectStore(here);
  const [copy] = await projects.runs(projectId);
  expect(copy!.name).toBe((await projects.runs(id))[0]!.name);
  const again = new DatabaseStore(here);
  const pairs = (await again.pairs(copy!.id, 1)).flatMap((made) => made.pairs);
  await again.tokens(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]));
  expect(pairs.every(({ chosen }) => chosen.startsWith(`sample/${copy!.id}/`))).toBe(true);
  // All of it is there: nothing is asked of the judge again.
  const engine = new ScriptedEngine();
  engine.generate = () => {
    throw new Error('The judge was asked.');
  };
  const options = { engine, tokenizer: letters, settings, items: itemsOf('mine'), store: again };
  expect(await rationalize({ ...options, runId: copy!.id, projectId })).not.toBeNull();
});

test('into the project with the same data go the runs that it does not have', async () => {
  const id = await makeProject(here, 'mine');
  const file = await save(here, { kind: 'projects', id });
  await store(there, file, { kind: 'new', name: 'mine' });
  // The class's teacher has run another seed since, and renamed what was there.
  await run(here, id, 'mine', 'second-run', 2);
  await rename(here, 'runs', 'run-of-mine', 'the first');
  const newer = await save(here, { kind: 'projects', id });
  const bundle = await Bundle.open(newer);
  const checked = await checkBundle(bundle);
  expect((await projectsWithSameData(there, bundle.manifest.project, checked)).map((one) => one.id)).toEqual([
    id,
  ]);
  const merge = { kind: 'merge', projectId: id } as const;
  expect(await importBundle(there, bundle, checked, merge)).toMatchObject({
    added: 1,
    skipped: 2,
    copies: [],
  });
  expect((await new ProjectStore(there).runs(id)).map((one) => one.id).sort()).toEqual([
    'run-of-mine',
    'second-run',
  ]);
  const once = await dump(there);
  expect(await importBundle(there, bundle, checked, merge)).toMatchObject({ added: 0, skipped: 3 });
  expect(await dump(there)).toEqual(once);
  await bundle.close();
});

test('a run of the same id with another content is kept as a copy with another name', async () => {
  const id = await makeProject(here, 'mine');
  await store(there, await save(here, { kind: 'projects', id }), { kind: 'new', name: 'mine' });
  const changed = new DatabaseStore(here);
  await changed.decide('run-of-mine', 1, 'another pair', 'flip');
  const { name } = (await changed.run('run-of-mine'))!;
  const before = await dump(there);
  const merged = await store(there, await save(here, { kind: 'projects', id }), {
    kind: 'merge',
    projectId: id,
  });
  expect(merged).toMatchObject({ added: 1, skipped: 1, copies: [`${name} (copy)`] });
  const runs = await new ProjectStore(there).runs(id);
  expect(runs.map((one) => one.name).sort()).toEqual([name, `${name} (copy)`]);
  const copy = runs.find((one) => one.id !== 'run-of-mine')!;
  expect((await new DatabaseStore(there).decisions(copy.id, 1)).get('another pair')).toBe('flip');
  const after = await dump(there);
  for (const [part, records] of Object.entries(before))
    expect(after[part], part).toEqual(expect.arrayContaining(records));
});

test('other data are no place for it', async () => {
  const id = await makeProject(here, 'mine');
  await makeProject(there, 'other');
  const bundle = await Bundle.open(await save(here, { kind: 'projects', id }));
  const checked = await checkBundle(bundle);
  expect(await projectsWithSameData(there, bundle.manifest.project, checked)).toEqual([]);
  await bundle.close();
});

test('one run is saved with its data, and without the other runs', async () => {
  const id = await makeProject(here, 'mine');
  await run(here, id, 'mine', 'second-run', 2);
  await store(there, await save(here, { kind: 'runs', id: 'second-run' }), { kind: 'new', name: 'one' });
  expect((await new ProjectStore(there).runs(id)).map((one) => one.id)).toEqual(['second-run']);
  expect((await new ProjectStore(there).items(id)).train.length).toBe(20);
});

/** Lets the writing of a store fail. */
function failing(connection: Connection, store: string, error: Error): Connection {
  const use = connection.use.bind(connection);
  return Object.assign(Object.create(connection) as Connection, {
    use: (work: (database: never) => Promise<unknown>) =>
      use((database) =>
        work(
          new Proxy(database, {
            get: (target, key) => {
              const value: unknown = Reflect.get(target, key, target);
              if (key !== 'transaction')
                return typeof value === 'function' ? (value.bind(target) as unknown) : value;
              return (names: string[], mode?: string) => {
                if (mode === 'readwrite' && names.includes(store) && names.length < 5) throw error;
                return target.transaction(names as never, mode as never);
              };
            },
          }) as never,
        ),
      ),
  });
}

test.each(['items', 'steps', 'judgments', 'runs'])(
  'a full disk while %s are stored leaves everything as it was',
  async (part) => {
    const id = await makeProject(here, 'mine');
    const file = await save(here, { kind: 'projects', id });
    await makeProject(there, 'other');
    const before = await dump(there);
    const full = failing(there, part, new StorageFullError());
    await expect(store(full, file, { kind: 'new', name: 'mine' })).rejects.toThrow(StorageFullError);
    const after = await dump(there);
    expect({ ...after, tokens: [], judgments: [] }).toEqual({ ...before, tokens: [], judgments: [] });
    expect((await new ProjectStore(there).all()).map(({ name }) => name)).toEqual(['other']);
  },
);

test('what a killed tab left of a file is swept, and nothing else', async () => {
  const id = await makeProject(here, 'mine');
  const before = await dump(here);
  await here.use(async (database) => {
    const [item] = await database.getAll('items');
    await database.put('items', { ...item!, projectId: 'half' });
    const [round] = await database.getAll('rounds');
    await database.put('rounds', { ...round!, runId: 'half-run' });
    const [judgment] = await database.getAll('judgments', IDBKeyRange.lowerBound(['sample/']));
    await database.put('judgments', {
      ...judgment!,
      scope: 'sample/half-run/1',
      id: `sample/half-run/1/${judgment!.itemId}/0`,
    });
  });
  await sweepUnfinishedImports(here);
  expect(await dump(here)).toEqual(before);
  expect((await new ProjectStore(here).get(id)).name).toBe('mine');
});
