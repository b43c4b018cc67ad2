import type { BundleStore } from '../../../../src/share/bundle/stores.ts';
import { presetSettings } from '../../../../src/rationalize/presets.ts';
import { newRound } from '../../../../src/rationalize/records.ts';

/** A project as small as can be, with a record of every kind. */
export const PROJECT = {
  id: 'project',
  name: 'Essays <b>of</b> "2026"',
  created: 1,
  itemsHash: 'items',
  splitHash: 'split',
  counts: { train: 1, validation: 0, heldout: 1 },
  rubric: '',
  seedModel: { name: 'nano', hash: 'seed' },
  source: 'essays.csv',
};

const judgment = (scope: string, itemId: string, sample: number) => ({
  scope,
  id: `${scope}/${itemId}/${sample}`,
  itemId,
  sample,
  mode: 'point',
  protocol: 'nano-point',
  order: [0],
  usedReference: false,
  policy: 'seed',
  sampling: { temperature: 1, topP: 1, maxTokens: 110, seed: 1, round: 1 },
  text: 'It is fine.\u2028 Score: 4',
  finished: true,
  rationale: [0, 11],
  score: [20, 21],
  verdict: { kind: 'score', score: 4 },
});

const item = (id: string, split: string) => ({
  projectId: 'project',
  split,
  position: 0,
  item: { id, instruction: 'Say "hi"', response: 'hi\n', criterion: 'tone', score: 4 },
});

export const weights = (bytes: number) => new Blob([Uint8Array.from({ length: bytes }, (_, i) => i % 251)]);

const pair = {
  key: 'k',
  itemId: 'a',
  chosen: 'sample/run/1/a/0',
  rejected: 'sample/run/1/a/1',
  strategy: 'correct-answer',
};

export const RECORDS: Record<BundleStore, unknown[]> = {
  runs: [
    {
      id: 'run',
      projectId: 'project',
      name: 'calm otter',
      settings: presetSettings('quick'),
      protocol: 'nano-point',
      seedPolicy: 'seed',
      appVersion: '0',
      created: 1,
      cursor: { round: 1, stage: 'evaluate', done: true },
    },
  ],
  labRuns: [
    {
      id: 'lab',
      projectId: 'project',
      name: 'grey owl',
      lab: 'judgebench',
      settings: { seed: 1 },
      judge: { name: 'nano', hash: 'seed', backend: 'wasm', protocol: 'nano-point' },
      data: { name: 'tasks', hash: 'h', size: 2 },
      created: 2,
      outcome: { result: { accuracy: 0.5, odd: NaN, small: -0, $number: 'NaN', more: 1 } },
    },
  ],
  rounds: [newRound('run', 1, 'seed', ['a'])].map((round) => ({ ...round, policyOut: 'trained' })),
  items: [item('b', 'heldout'), item('a', 'train')],
  policies: [{ kind: 'full', hash: 'trained', weights: weights(1000) }],
  adapters: [
    {
      id: 'seed',
      name: 'tone',
      model: { name: 'nano', hash: 'base' },
      hash: 'adapter',
      bytes: 10,
      rank: 2,
      alpha: 4,
      weights: weights(10),
    },
  ],
  pairs: [{ runId: 'run', round: 1, position: 0, made: { itemId: 'a', pairs: [pair], reason: 'one' } }],
  decisions: [{ runId: 'run', round: 1, key: 'k', decision: 'drop' }],
  trainingStates: [{ runId: 'run', round: 1, step: 1, pairs: [pair], checkpoint: weights(20) }],
  steps: [{ runId: 'run', round: 1, step: 1, metrics: { loss: 0.6931471805599453, margin: Infinity } }],
  snapshots: [{ runId: 'run', round: 1, step: 1, itemIds: ['a'], probabilities: Float32Array.of(0.1, 0.9) }],
  tokens: [
    {
      id: 'greedy/seed/nano-point/wasm/110/b/0',
      ids: Int32Array.of(1, -2),
      logprobs: Float32Array.of(-0.1, NaN),
    },
    { id: 'sample/run/1/a/0', ids: Int32Array.of(3), logprobs: Float32Array.of(-1e-38) },
  ],
  references: [{ policy: 'seed', judgmentId: 'sample/run/1/a/0', sum: -12.5 }],
  readings: [{ scope: 'scores/wasm', key: 'sample/run/1/a/0', values: Float32Array.of(0.2, 0.8) }],
  judgments: [
    judgment('greedy/seed/nano-point/wasm/110', 'b', 0),
    judgment('sample/run/1', 'a', 0),
    judgment('sample/run/1', 'a', 1),
  ],
};
