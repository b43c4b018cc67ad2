// The whole of TensorFlow.js, with its CPU backend: shares no kernel with the engine's backends.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkLossSettings,
  dpoWithSft,
  LOSS_TYPES,
  LossSettingsError,
  type DpoLossType,
} from '../../../src/train/loss-settings.ts';
import type { LossOptions, PairTerms } from '../../../src/train/losses/loss.ts';
import { LOSSES } from '../../../src/train/losses/registry.ts';
import { sort } from '../../../src/tensor/ops/sort/op.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Numbers {
  chosen: number[];
  rejected: number[];
  referenceChosen: number[];
  referenceRejected: number[];
  chosenTokens: number[];
  rejectedTokens: number[];
}

const options = (changes: Partial<LossOptions> = {}): LossOptions => ({
  beta: 0.1,
  labelSmoothing: 0,
  discopopTau: 0.05,
  meanChosenTokens: 5,
  ...changes,
});

const minus = (a: number[], b: number[]) => a.map((x, i) => x - b[i]!);

function termsOf({ chosen, rejected, ...given }: Numbers): PairTerms {
  const numbers = {
    ...given,
    a: minus(chosen, given.referenceChosen),
    b: minus(rejected, given.referenceRejected),
  };
  return Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [name, tf.tensor1d(values)]),
  ) as unknown as PairTerms;
}

async function valueOf(type: DpoLossType, numbers: Numbers, changes: Partial<LossOptions> = {}) {
  return [...(await LOSSES[type](termsOf(numbers), options(changes)).data())];
}

/** A = 2, B = −1, Δ = 3 where β = 0.1. */
const PAIR: Numbers = {
  chosen: [-10],
  rejected: [-14],
  referenceChosen: [-12],
  referenceRejected: [-13],
  chosenTokens: [5],
  rejectedTokens: [8],
};

/** Worked out by hand from the papers' formulas, in float64. */
const KNOWN: { type: DpoLossType; smoothing?: number; value: number; atReference?: number }[] = [
  { type: 'sigmoid', value: 0.554355, atReference: Math.LN2 },
  { type: 'hinge', value: 0.7, atReference: 1 },
  { type: 'ipo', value: 20.025625, atReference: 25 },
  { type: 'exo_pair', smoothing: 1e-3, value: 2.258199, atReference: 2.761231 },
  { type: 'nca_pair', value: 1.319407, atReference: 2 * Math.LN2 },
  { type: 'robust', smoothing: 0.1, value: 0.516855, atReference: Math.LN2 },
  { type: 'bco_pair', value: 1.242536, atReference: 2 * Math.LN2 },
  { type: 'sppo_hard', value: 25, atReference: 50 },
  { type: 'aot', smoothing: 0.1, value: 0.584355, atReference: Math.LN2 },
  { type: 'aot_unpaired', smoothing: 0.1, value: 0.584355, atReference: Math.LN2 },
  { type: 'apo_zero', value: 0.925187, atReference: 1 },
  { type: 'apo_down', value: 0.975391, atReference: 1 },
  { type: 'discopop', value: 0.740357, atReference: 0.846574 },
  { type: 'sigmoid_norm', value: 0.667242, atReference: Math.LN2 },
  { type: 'sft', value: 2 },
];

describe('each loss has its known values', () => {
  test.each(KNOWN)('$type', async ({ type, smoothing = 0, value, atReference }) => {
    const changes = { labelSmoothing: smoothing };
    const [found] = await valueOf(type, PAIR, changes);
    expect(found).toBeCloseTo(value, 4);
    if (atReference === undefined) return;
    const same = { ...PAIR, chosen: PAIR.referenceChosen, rejected: PAIR.referenceRejected };
    expect((await valueOf(type, same, changes))[0]).toBeCloseTo(atReference, 4);
  });

  test('none is left out', () => {
    expect(KNOWN.map(({ type }) => type).toSorted()).toEqual(LOSS_TYPES.toSorted());
    expect(Object.keys(LOSSES).toSorted()).toEqual(LOSS_TYPES.toSorted());
  });

  test('the derivative of sigmoid by the chosen log-probability is −β·σ(−βΔ)', async () => {
    const terms = termsOf(PAIR);
    const slope = tf.grad((a) => LOSSES.sigmoid({ ...terms, a: a as tf.Tensor1D }, options()));
    expect((await slope(terms.a).data())[0]).toBeCloseTo(-0.0425557, 6);
  });
});

/** Four pairs whose order by policy, by reference and by reward differ from each other. */
const BATCH: Numbers = {
  chosen: [-10, -7.5, -12.2, -9],
  rejected: [-14, -6, -13, -15.5],
  referenceChosen: [-12, -8.3, -10.6, -9.7],
  referenceRejected: [-13, -7.1, -12.4, -13.3],
  chosenTokens: [5, 3, 6, 4],
  rejectedTokens: [8, 2, 7, 9],
};

describe('gradients against central differences', () => {
  test.each(LOSS_TYPES)('%s', async (type) => {
    const changes = { labelSmoothing: 0.1, beta: 0.3, meanChosenTokens: 4.5 };
    const weights = [0.7, -1.3, 0.4, 1.1];
    const score = async (numbers: Numbers) =>
      (await valueOf(type, numbers, changes)).reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const terms = termsOf(BATCH);
    for (const [term, side] of [
      ['a', 'chosen'],
      ['b', 'rejected'],
    ] as const) {
      if (type === 'sft' && term === 'b') continue;
      const slopes = tf.grad((x) => {
        const loss = LOSSES[type]({ ...terms, [term]: x as tf.Tensor1D }, options(changes));
        return tf.sum(tf.mul(loss, tf.tensor1d(weights)));
      })(terms[term]);
      for (const [i, slope] of [...(await slopes.data())].entries()) {
        const step = 1e-2;
        const moved = (by: number) => ({
          ...BATCH,
          [side]: BATCH[side].map((x, j) => (j === i ? x + by : x)),
        });
        const difference = ((await score(moved(step))) - (await score(moved(-step)))) / (2 * step);
        expect(Math.abs(slope - difference)).toBeLessThan(5e-3 * (1 + Math.abs(difference)));
      }
    }
  });
});

describe('losses over a whole batch', () => {
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
  const logistic = (x: number) => Math.log1p(Math.exp(-0.1 * x));

  test('aot compares the margins of policy and reference quantile by quantile', async () => {
    const policy = sorted(minus(BATCH.chosen, BATCH.rejected));
    const reference = sorted(minus(BATCH.referenceChosen, BATCH.referenceRejected));
    const expected = minus(policy, reference).map(logistic);
    (await valueOf('aot', BATCH)).forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
  });

  test('aot_unpaired compares the rewards of chosen and rejected quantile by quantile', async () => {
    const a = sorted(minus(BATCH.chosen, BATCH.referenceChosen));
    const b = sorted(minus(BATCH.rejected, BATCH.referenceRejected));
    const expected = minus(a, b).map(logistic);
    (await valueOf('aot_unpaired', BATCH)).forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
  });

  test('sort keeps equal values and hands gradients back to where they came from', async () => {
    const x = tf.tensor1d([3, -1, 3, 0]);
    expect([...(await sort(x).data())]).toEqual([-1, 0, 3, 3]);
    const slopes = tf.grad((y) => tf.sum(tf.mul(sort(y as tf.Tensor1D), tf.tensor1d([10, 20, 30, 40]))))(x);
    expect([...(await slopes.data())]).toEqual([30, 10, 40, 20]);
  });
});

describe('loss settings', () => {
  const one = (type: DpoLossType, changes = {}) => ({ beta: 0.1, losses: [{ type, weight: 1 }], ...changes });

  test('the app trains with sigmoid and, unless its weight is 0, sft', () => {
    expect(dpoWithSft(0.1, 0)).toEqual(one('sigmoid'));
    expect(dpoWithSft(0.1, 2).losses).toEqual([
      { type: 'sigmoid', weight: 1 },
      { type: 'sft', weight: 2 },
    ]);
  });

  test.each([
    [one('sigmoid', { beta: 0 }), /β/],
    [one('sigmoid', { beta: NaN }), /β/],
    [one('robust', { labelSmoothing: 0.5 }), /label_smoothing/],
    [one('exo_pair'), /exo_pair.*label_smoothing/],
    [one('discopop', { discopopTau: 0 }), /discopop_tau/],
    [one('dpo' as DpoLossType), /no loss "dpo"/],
    [{ beta: 0.1, losses: [] }, /no loss/],
    [{ beta: 0.1, losses: [{ type: 'sigmoid' as const, weight: NaN }] }, /weight/],
  ])('refuses what has no value: %o', (settings, reason) => {
    expect(() => checkLossSettings(settings)).toThrow(LossSettingsError);
    expect(() => checkLossSettings(settings)).toThrow(reason);
  });
});
