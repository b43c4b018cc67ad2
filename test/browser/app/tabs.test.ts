import { afterAll, expect, test } from 'vitest';
import { improve } from '../../../src/app/state/improve/improve.svelte.ts';
import { runSlug } from '../../../src/app/state/improve/rationalize-job.ts';
import type { DataChange } from '../../../src/app/state/project/data-changes.ts';
import { project } from '../../../src/app/state/project/project.svelte.ts';
import type { Judgment } from '../../../src/judge/judgment.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { newRound, sampleScope } from '../../../src/rationalize/records.ts';
import { Bin } from '../../../src/store/bin.ts';
import { Connection } from '../../../src/store/connection.ts';
import { DatabaseStore } from '../../../src/store/database-store.ts';
import { ProjectStore } from '../../../src/store/projects.ts';

/** Another tab of the page: a connection and a channel of its own. */
const other = await Connection.open();
const channel = new BroadcastChannel('judge-playground.data');
const tell = (change: DataChange) => channel.postMessage(change);
const facts = {
  itemsHash: 'a',
  splitHash: 'b',
  source: 's',
  rubric: '',
  seedModel: { name: 'n', hash: 'seed' },
};
const none = { train: [], validation: [], heldout: [] };

afterAll(async () => {
  await other.use(async (database) => {
    const names = [...database.objectStoreNames];
    const transaction = database.transaction(names, 'readwrite');
    await Promise.all(names.map((name) => transaction.objectStore(name).clear()));
  });
  other.close();
  channel.close();
});

test('a second tab follows the first: a run, a decision, a project that comes and goes', async () => {
  const projects = new ProjectStore(other);
  const store = new DatabaseStore(other);
  const { id: projectId } = await projects.create({ ...facts, name: 'first' }, none);
  await project.open();
  expect(project.all.map(({ name }) => name)).toEqual(['first']);

  const { id } = await projects.create({ ...facts, name: 'second' }, none);
  tell({ type: 'projects' });
  await expect.poll(() => project.all.map(({ name }) => name)).toEqual(['second', 'first']);
  await new Bin(other).put('projects', id);
  tell({ type: 'projects' });
  await expect.poll(() => project.all.map(({ name }) => name)).toEqual(['first']);

  const run = {
    id: 'run', projectId, name: 'calm otter', settings: presetSettings('quick'), protocol: 'nano-point',
    seedPolicy: 'seed', appVersion: '', created: 1, cursor: { round: 1, stage: 'sample' as const, done: false },
  }; // prettier-ignore
  await store.putRun(run);
  await store.putRound(newRound('run', 1, 'seed', ['item']));
  tell({ type: 'runs', projectId, id: 'run' });
  await expect.poll(() => project.runs.map(({ name }) => name)).toEqual(['calm otter']);

  await improve.show(runSlug(run));
  const scope = sampleScope('run', 1);
  const judgment = { id: `${scope}/item/0`, itemId: 'item', sample: 0, verdict: { kind: 'score', score: 4 } };
  await store.putItemJudgments(scope, [judgment as Judgment]);
  tell({ type: 'runs', projectId, id: 'run' });
  await expect.poll(() => improve.run.rounds[0]!.judgments.size).toBe(1);
  await store.decide('run', 1, 'pair', 'drop');
  tell({ type: 'decisions', runId: 'run', round: 1 });
  await expect.poll(() => [...improve.run.rounds[0]!.decisions]).toEqual([['pair', 'drop']]);

  await new Bin(other).put('runs', 'run');
  tell({ type: 'runs', projectId, id: 'run' });
  await expect.poll(() => project.runs).toEqual([]);
});
