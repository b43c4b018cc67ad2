import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import type { Judgment } from '../../../src/judge/judgment.ts';
import type { Score } from '../../../src/judge/item.ts';
import { newRound, sampleScope } from '../../../src/rationalize/records.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { rationalize } from '../../../src/rationalize/run.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import type { Results } from '../../../src/rationalize/results.ts';
import { Connection } from '../../../src/store/connection.ts';
import { decisionAction } from '../../../src/store/decide.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { eraseEverything } from '../../../src/store/erase.ts';
import {
  inWords,
  NewerDatabaseError,
  OutdatedPageError,
  StorageFullError,
} from '../../../src/store/errors.ts';
import { BusyElsewhereError, whileHolding } from '../../../src/store/lock.ts';
import type { LabRun } from '../../../src/harness/lab-run.ts';
import { DatabaseLabRuns } from '../../../src/store/lab-runs.ts';
import { MIGRATIONS } from '../../../src/store/migrations.ts';
import { ProjectStore } from '../../../src/store/projects.ts';
import { UndoStack } from '../../../src/store/undo.ts';
import { NEW_RUN } from '../../run-record.ts';
import { letters, ScriptedEngine, scriptedItems } from '../../unit/harness/scripted-engine.ts';

const name = 'test of the store';
let open: { close(): void }[] = [];

async function database(version?: number): Promise<Database> {
  const opened = await openDatabase(version === undefined ? { name } : { name, version });
  open.push(opened);
  return opened;
}

async function connection(): Promise<Connection> {
  const opened = await Connection.open({ name });
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const one of open) one.close();
  open = [];
  await deleteDB(name);
});

const run = NEW_RUN;

function judgment(sample: number, score: Score | null, scope = sampleScope('run', 1)): Judgment {
  return {
    id: `${scope}/item/${sample}`,
    itemId: 'item',
    sample,
    mode: 'point',
    protocol: 'nano-point',
    order: [0],
    usedReference: false,
    policy: 'seedhash',
    sampling: { temperature: 1, topP: 1, maxTokens: 9, seed: 1, round: 1 },
    ids: Int32Array.of(5, 6, 0),
    logprobs: Float32Array.of(-0.5, -1, -0.25),
    text: 'fine',
    finished: true,
    rationale: [0, 4],
    score: null,
    verdict: score ? { kind: 'score', score } : { kind: 'failure', reason: 'x' },
  };
}

describe('the database', () => {
  it('comes from version 1 to the newest with all its data', async () => {
    const old = await database(1);
    await old.put('runs', run);
    const { ids: _ids, logprobs: _logprobs, ...record } = judgment(0, 4);
    await old.put('judgments', { ...record, scope: 'sample/run/1' });
    await old.put('judgments', { ...record, ...judgment(1, null), scope: 'sample/run/1' });
    expect(old.transaction('judgments').store.indexNames).toHaveLength(0);
    old.close();

    const now = await database();
    expect(now.version).toBe(MIGRATIONS.length);
    expect(await now.get('runs', 'run')).toEqual(run);
    expect(await now.countFromIndex('judgments', 'byVerdict', ['sample/run/1', 'failure'])).toBe(1);
    expect(await now.countFromIndex('judgments', 'byScore', ['sample/run/1', 4])).toBe(1);
  });

  it('comes from version 3, before there were labs, with its runs; labs have their stores then', async () => {
    const old = await database(3);
    // What a run of that version did not record yet.
    const { items: _items, ...before } = run;
    await old.put('runs', before);
    old.close();

    const now = await database();
    expect(await now.get('runs', 'run')).toEqual(before);
    const through = await connection();
    expect(await new DatabaseLabRuns(through).labRuns('project')).toEqual([]);
    const store = new DatabaseStore(through);
    await store.putReadings('scope', new Map([['key', Float32Array.of(0.25, 0.75)]]));
    expect(await store.readings('scope', ['key', 'other'])).toEqual(
      new Map([['key', Float32Array.of(0.25, 0.75)]]),
    );
  });

  it('keeps the runs of labs by project, the newest first', async () => {
    const runs = new DatabaseLabRuns(await connection());
    const labRun = (id: string, created: number, projectId = 'project'): LabRun => ({
      id, projectId, name: 'calm otter', lab: 'uncertainty', settings: { seed: 1 }, judge: null,
      data: { name: 'few', hash: 'abcd', size: 3 }, created, outcome: null,
    }); // prettier-ignore
    for (const one of [labRun('a', 1), labRun('b', 2), labRun('c', 3, 'another')]) await runs.putLabRun(one);
    await runs.putLabRun({ ...labRun('a', 1), outcome: { result: { share: 0.5 } } });
    expect((await runs.labRuns('project')).map(({ id }) => id)).toEqual(['b', 'a']);
    expect((await runs.labRun('a'))?.outcome?.result).toEqual({ share: 0.5 });
    await runs.deleteLabRun('b');
    expect(await runs.labRun('b')).toBeUndefined();
  });

  it('says in words that a newer page wrote it', async () => {
    const newer = await database();
    newer.close();
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(name, MIGRATIONS.length + 1);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    await expect(database()).rejects.toThrow(NewerDatabaseError);
  });

  it('lets a newer tab in: the old connection closes and its page is told', async () => {
    let outdated = false;
    const old = await Connection.open({ name, version: 1, onOutdated: () => (outdated = true) });
    open.push(old);
    await new DatabaseStore(old).putRun(run);
    const now = await database();
    expect(outdated).toBe(true);
    expect(await now.get('runs', 'run')).toEqual(run);
    await expect(new DatabaseStore(old).run('run')).rejects.toThrow(OutdatedPageError);
  });

  it('tells a full disk in words', async () => {
    const full = () => Promise.reject(new DOMException('x', 'QuotaExceededError'));
    await expect(inWords(full)).rejects.toThrow(StorageFullError);
    await expect(inWords(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });

  it('erases everything at once', async () => {
    const now = await connection();
    await new DatabaseStore(now).putRun(run);
    await eraseEverything(now);
    expect(await new DatabaseStore(now).run('run')).toBeUndefined();
  });
});

describe('what a run stores', () => {
  it('comes back as it was, numbers as typed arrays apart from verdicts', async () => {
    const store = new DatabaseStore(await connection());
    const scope = sampleScope('run', 1);
    await store.putItemJudgments(scope, [judgment(0, 4), judgment(1, null)]);
    expect(await store.judgedItems(scope)).toEqual(new Set(['item']));
    const [first, second] = await store.judgments(scope);
    expect(first).toMatchObject({ id: judgment(0, 4).id, verdict: { kind: 'score', score: 4 } });
    expect(first).not.toHaveProperty('ids');
    expect(second!.verdict.kind).toBe('failure');
    const [tokens] = await store.tokens([first!.id]);
    expect(tokens!.ids).toEqual(Int32Array.of(5, 6, 0));
    expect(tokens!.logprobs).toEqual(Float32Array.of(-0.5, -1, -0.25));
    await expect(store.tokens(['nowhere'])).rejects.toThrow(/missing/);
  });

  it('is written wholly or not at all', async () => {
    const store = new DatabaseStore(await connection());
    const broken = { ...judgment(1, 3), order: [() => 0] as unknown as number[] };
    await expect(store.putItemJudgments('s', [judgment(0, 3), broken])).rejects.toThrow();
    expect(await store.judgments('s')).toEqual([]);
  });

  it('keeps one run apart from the next', async () => {
    const store = new DatabaseStore(await connection());
    await store.putRound(newRound('run', 1, 'p', []));
    await store.putRound(newRound('run', 2, 'p', []));
    await store.putRound(newRound('run 2', 1, 'p', []));
    expect((await store.rounds('run')).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('keeps decisions when pairs are rebuilt, and takes them back by undo', async () => {
    const store = new DatabaseStore(await connection());
    const undo = new UndoStack();
    const place = { runId: 'run', round: 1, key: 'pair' };
    await undo.do(await decisionAction(store, place, 'drop'));
    await undo.do(await decisionAction(store, place, 'flip'));
    await store.putPairs('run', 1, [{ itemId: 'item', pairs: [], reason: 'None.' }]);
    await store.putPairs('run', 1, []);
    expect(await store.pairs('run', 1)).toEqual([]);
    expect(await store.decisions('run', 1)).toEqual(new Map([['pair', 'flip']]));
    await undo.undo();
    expect(await store.decisions('run', 1)).toEqual(new Map([['pair', 'drop']]));
    await undo.undo();
    expect(await store.decisions('run', 1)).toEqual(new Map());
    await undo.redo();
    expect(await store.decisions('run', 1)).toEqual(new Map([['pair', 'drop']]));
  });

  it('keeps weights and checkpoints byte for byte', async () => {
    const store = new DatabaseStore(await connection());
    const weights = Uint8Array.of(1, 2, 3).buffer;
    await store.putPolicy({ kind: 'lora', hash: 'h', rank: 8, alpha: 16, weights });
    const policy = (await store.policy('h'))!;
    expect(policy).toMatchObject({ kind: 'lora', rank: 8, alpha: 16 });
    expect(new Uint8Array(policy.weights)).toEqual(Uint8Array.of(1, 2, 3));
    await store.putCheckpoint(newRound('run', 1, 'p', []), { step: 7, checkpoint: weights, pairs: [] });
    expect(await store.trainingState('run', 1)).toMatchObject({ step: 7, pairs: [] });
  });
});

describe('a run in the database', () => {
  const settings = presetSettings('standard', {
    itemsPerRound: 12,
    samples: 4,
    heldoutItems: 10,
    batchSize: 4,
  });
  const items = {
    train: scriptedItems('train', 30),
    validation: scriptedItems('validation', 12),
    heldout: scriptedItems('heldout', 12),
  };
  const base = { tokenizer: letters, settings, items, runId: 'run' };
  const timeless = (results: Results | null): unknown =>
    JSON.parse(JSON.stringify(results, (key, value: unknown) =>
      ['seconds', 'tokensPerSecond', 'snapshotShare'].includes(key) ? undefined : value,
    )); // prettier-ignore

  it('finds the same as in memory, also when the page is reloaded in the middle', async () => {
    const inMemory = await rationalize({ ...base, engine: new ScriptedEngine(), store: new MemoryStore() });
    const abort = new AbortController();
    let events = 0;
    await rationalize({
      ...base,
      engine: new ScriptedEngine(),
      store: new DatabaseStore(await connection()),
      signal: abort.signal,
      onEvent: () => ++events === 60 && abort.abort(),
    }).catch(() => {});
    open[0]!.close();
    const store = new DatabaseStore(await connection());
    const results = await rationalize({ ...base, engine: new ScriptedEngine(), store });
    expect(timeless(results)).toEqual(timeless(inMemory));
    expect((await store.run('run'))!.cursor).toEqual({ round: 2, stage: 'evaluate', done: true });
  });

  it('trains again after its training was discarded', async () => {
    const store = new DatabaseStore(await connection());
    const first = await rationalize({ ...base, engine: new ScriptedEngine(), store });
    await store.discardTraining('run', 1);
    expect(await store.rounds('run')).toHaveLength(1);
    expect(await store.steps('run', 1)).toEqual([]);
    expect(await store.judgments(sampleScope('run', 2))).toEqual([]);
    expect(await store.judgments(sampleScope('run', 1))).toHaveLength(48);
    const again = await rationalize({ ...base, engine: new ScriptedEngine(), store });
    expect(timeless(again)).toEqual(timeless(first));
  });
});

describe('projects', () => {
  const project = {
    name: 'Mine',
    itemsHash: 'a',
    splitHash: 'b',
    rubric: '',
    seedModel: { name: 'nano-judge', hash: 'seedhash' },
    source: 'test',
  };
  const items = { train: scriptedItems('t', 3), validation: [], heldout: scriptedItems('h', 2) };

  it('keep their items in order, divided', async () => {
    const projects = new ProjectStore(await connection());
    const { id } = await projects.create(project, items);
    expect(await projects.items(id)).toEqual(items);
    expect((await projects.get(id)).counts).toEqual({ train: 3, validation: 0, heldout: 2 });
    await expect(projects.get('nowhere')).rejects.toThrow(/no project/);
  });

  it('are changed in place while nothing was run, and copied once something was', async () => {
    const opened = await connection();
    const projects = new ProjectStore(opened);
    const { id } = await projects.create(project, items);
    expect((await projects.change(id, { rubric: 'short' })).id).toBe(id);
    await new DatabaseStore(opened).putRun({ ...run, projectId: id });
    expect((await projects.change(id, { name: 'Renamed' })).id).toBe(id);
    const copy = await projects.change(id, { rubric: 'long' });
    expect(copy).toMatchObject({ name: 'Renamed (copy)', rubric: 'long', copyOf: id });
    expect(await projects.items(copy.id)).toEqual(items);
    expect(await projects.get(id)).toMatchObject({ name: 'Renamed', rubric: 'short' });
    expect(await projects.runs(copy.id)).toEqual([]);
    expect(await projects.all()).toHaveLength(2);
  });

  it('change their data wholly', async () => {
    const projects = new ProjectStore(await connection());
    const { id } = await projects.create(project, items);
    const fewer = { train: scriptedItems('u', 1), validation: [], heldout: [] };
    await projects.change(id, { data: { items: fewer, itemsHash: 'c', splitHash: 'd', source: 'file' } });
    expect(await projects.items(id)).toEqual(fewer);
    expect(await projects.get(id)).toMatchObject({ itemsHash: 'c', source: 'file' });
  });
});

it('lets one tab at a time work on a run', async () => {
  await whileHolding('run', async () => {
    await expect(whileHolding('run', async () => 1)).rejects.toThrow(BusyElsewhereError);
    expect(await whileHolding('other', async () => 2)).toBe(2);
  });
  expect(await whileHolding('run', async () => 3)).toBe(3);
});
