import { expect, test } from 'vitest';
import { dpoMetrics } from '../../../src/train/dpo-metrics.ts';
import { dpoWithSft } from '../../../src/train/loss-settings.ts';
import { supervisedMetrics } from '../../../src/train/supervised-metrics.ts';

const ids = (length: number) => new Int32Array(length);
const STEP = { grad_norm: 0.5, learning_rate: 1e-4, seconds: 2 };

test('a DPO step reports rewards, losses and tokens over all its pairs', () => {
  const pairs = [
    { prompt: ids(3), chosen: ids(2), rejected: ids(4), referenceChosen: -4, referenceRejected: -8 },
    { prompt: ids(5), chosen: ids(6), rejected: ids(2), referenceChosen: -10, referenceRejected: -3 },
  ];
  const outcomes = [
    { chosen: -3, rejected: -9, dpo: 0.25, entropy: 6, chosenLogits: 4, rejectedLogits: 8, hits: 1 },
    { chosen: -13, rejected: -1, dpo: 0.75, entropy: 8, chosenLogits: 12, rejectedLogits: 4, hits: 3 },
  ];
  expect(dpoMetrics(pairs, outcomes, dpoWithSft(0.5, 0.25), STEP)).toEqual({
    // 0.5 + 0.25 · 2
    loss: 1,
    'loss/dpo': 0.5,
    // 16 nats over 8 chosen tokens
    'loss/sft': 2,
    // β · mean(1, −3) and β · mean(−1, 2)
    'rewards/chosen': -0.5,
    'rewards/rejected': 0.25,
    'rewards/margins': -0.75,
    'rewards/accuracies': 0.5,
    'logps/chosen': -8,
    'logps/rejected': -5,
    // 14 nats over 14 completion tokens
    entropy: 1,
    'logits/chosen': 2,
    'logits/rejected': 2,
    mean_token_accuracy: 0.5,
    ...STEP,
    // Each completion with its prompt: (3 + 2) + (3 + 4) + (5 + 6) + (5 + 2)
    tokens: 30,
    pairs: [
      { chosen: -3, rejected: -9 },
      { chosen: -13, rejected: -1 },
    ],
  });
});

test('a supervised step sums its workers’ shares of the loss', () => {
  const batch = [
    { ids: ids(3), weights: new Float32Array(3) },
    { ids: ids(4), weights: new Float32Array(4) },
  ];
  expect(supervisedMetrics(batch, [0.5, 1.25], STEP)).toEqual({ loss: 1.75, ...STEP, tokens: 7 });
});
