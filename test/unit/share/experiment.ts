import type { Experiment } from '../../../src/share/experiment.ts';

const interval = { mean: 0.3227, low: 0.2927, high: 0.3512 };

/** A run as its author would send it. */
export const EXPERIMENT: Experiment = {
  kind: 'run',
  app: '0.1.0',
  numbers: { settings: 1, items: 1 },
  settings: { seed: '3', itemsPerRound: '600' },
  model: {
    name: 'nano-judge',
    hash: '980797a92aa9fd48',
    backend: 'wasm',
    workers: 2,
    protocol: 'nano-point',
  },
  metrics: {
    before: { items: 1500, accuracy: 0.4727 },
    rounds: [{ accuracy: 0.7953, difference: interval }],
  },
  title: 'Does it count?',
  note: 'Look at the lists: “right count” — and the Größe.',
  says: 'The judge got better.',
  fingerprints: { 'seed judge': 'abcdefgh', 'round 1 samples': 'ABCD_-12' },
  blocks: [
    {
      kind: 'intervals',
      title: 'Gain in accuracy',
      format: 'points',
      rows: [{ label: 'round 1 over the seed judge', value: 0.323, low: 0.293, high: 0.351, emphasis: true }],
      lines: [{ label: 'no gain', at: 0 }],
    },
  ],
  judgments: [
    {
      item: 17,
      before: { text: 'Sum: 4.\nScore: 5', score: 5 },
      after: { text: 'Sum: 5.\nScore: 4', score: 4 },
    },
  ],
};
