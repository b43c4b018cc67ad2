import { expect, test } from 'vitest';
import { decide } from '../../../src/app/state/improve/decisions.svelte.ts';
import { RoundState } from '../../../src/app/state/improve/round.svelte.ts';
import { undoHistory } from '../../../src/app/state/project/undo.svelte.ts';
import type { Judgment } from '../../../src/judge/judgment.ts';
import type { RunEvent } from '../../../src/rationalize/events.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { newRound, sampleScope, type StepRecord } from '../../../src/rationalize/records.ts';

const RUN = 'run';
const scope = sampleScope(RUN, 1);

function judgment(itemId: string): Judgment {
  return {
    id: `${scope}/${itemId}/0`,
    itemId,
    sample: 0,
    mode: 'point',
    protocol: 'nano-point',
    order: [0],
    usedReference: false,
    policy: 'seed',
    sampling: { temperature: 1, topP: 1, maxTokens: 8, seed: 1, round: 1 },
    ids: Int32Array.of(7, 8),
    logprobs: Float32Array.of(-1, -2),
    text: 'Score: 4',
    finished: true,
    rationale: [0, 0],
    score: [7, 8],
    verdict: { kind: 'score', score: 4 },
  };
}

const told = (itemId: string): RunEvent => ({
  type: 'judgments',
  stage: 'sample',
  scope,
  round: 1,
  itemId,
  judgments: [judgment(itemId)],
});

const stepped = (step: number, loss: number): RunEvent => ({
  type: 'step',
  round: 1,
  steps: 3,
  record: { step, metrics: { loss } as StepRecord['metrics'] },
});

async function opened(): Promise<{ store: MemoryStore; round: RoundState }> {
  const store = new MemoryStore();
  await store.putRound(newRound(RUN, 1, 'seed', ['one', 'two']));
  await store.putItemJudgments(scope, [judgment('one')]);
  return { store, round: new RoundState(RUN, 1) };
}

test('what a job tells while the round is being read is not lost', async () => {
  const { store, round } = await opened();
  const reading = round.load(store);
  round.receive(told('two'));
  await reading;
  expect([...round.judgments.keys()]).toEqual(['one', 'two']);
});

test('events of other rounds and other scopes change nothing', async () => {
  const { store, round } = await opened();
  await round.load(store);
  round.receive({ ...told('two'), round: 2 } as RunEvent);
  round.receive({ ...told('two'), scope: 'greedy/seed' } as RunEvent);
  round.receive(stepped(1, 0.5));
  await expect.poll(() => round.steps.length).toBe(1);
  expect([...round.judgments.keys()]).toEqual(['one']);
});

test('a step that a resumed training takes again replaces the first telling, in order', async () => {
  const { store, round } = await opened();
  await round.load(store);
  for (const event of [stepped(1, 0.7), stepped(2, 0.6), stepped(3, 0.5), stepped(2, 0.61)])
    round.receive(event);
  await expect.poll(() => round.steps.map(({ metrics }) => metrics.loss)).toEqual([0.7, 0.61, 0.5]);
});

test('training that goes on from a checkpoint forgets the steps after it', async () => {
  const { store, round } = await opened();
  await store.putSnapshot(RUN, 1, { step: 3, itemIds: [], probabilities: new Float32Array() });
  await round.load(store);
  for (const event of [stepped(1, 0.7), stepped(2, 0.6), stepped(3, 0.5)]) round.receive(event);
  round.receive({ type: 'training', round: 1, from: 1 });
  round.receive(stepped(2, 0.61));
  await expect.poll(() => round.steps.map(({ metrics }) => metrics.loss)).toEqual([0.7, 0.61]);
  expect(round.snapshots).toEqual([]);
});

test('a decision shows once it is stored, and undo and redo follow', async () => {
  const { store, round } = await opened();
  await round.load(store);
  undoHistory.forget('pairs');
  await decide(store, round, 'pair', 'drop');
  await decide(store, round, 'pair', 'flip');
  expect([...round.decisions]).toEqual([['pair', 'flip']]);
  await undoHistory.undo();
  expect([...round.decisions]).toEqual([['pair', 'drop']]);
  await undoHistory.undo();
  expect(round.decisions.size).toBe(0);
  await undoHistory.redo();
  expect([...(await store.decisions(RUN, 1))]).toEqual([['pair', 'drop']]);
  // Saying the same thing again takes it back.
  await decide(store, round, 'pair', 'drop');
  expect(round.decisions.size).toBe(0);
});
