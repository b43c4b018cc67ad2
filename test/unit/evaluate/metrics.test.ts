import fc from 'fast-check';
import { sampleCorrelation, sampleRankCorrelation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { confusionOf } from '../../../src/evaluate/confusion.ts';
import { pearson, spearman } from '../../../src/evaluate/correlation.ts';
import { cohenKappa, quadraticWeightedKappa } from '../../../src/evaluate/kappa.ts';
import { metricsOf } from '../../../src/evaluate/metrics.ts';
import { outcomes } from './outcomes.ts';

const confusion = (pairs: [number, number][]) => confusionOf(outcomes(pairs));
const repeat = (pair: [number, number], times: number): [number, number][] => Array(times).fill(pair);

describe('accuracy, error, failures', () => {
  it('counts what cannot be read as wrong, and leaves it out of the error', () => {
    const metrics = metricsOf(outcomes([[1, 1], [3, 5], [4, 0], [5, 4]])); // prettier-ignore
    expect(metrics).toMatchObject({ items: 4, accuracy: 0.25, mae: 1, parseFailures: 0.25 });
    expect(metrics.rationaleExact).toBeNull();
  });

  it('survives having nothing to measure', () => {
    expect(metricsOf([])).toMatchObject({ items: 0, accuracy: 0, mae: null, pearson: null, qwk: null });
    expect(metricsOf(outcomes([[1, 0]]))).toMatchObject({ accuracy: 0, mae: null, parseFailures: 1 });
  });
});

describe('correlation', () => {
  it('is 1 for identical and for shifted scores, −1 for reversed ones', () => {
    expect(pearson(confusion([[1, 1], [3, 3], [5, 5]]))).toBeCloseTo(1, 12); // prettier-ignore
    expect(pearson(confusion([[1, 2], [2, 3], [4, 5]]))).toBeCloseTo(1, 12); // prettier-ignore
    expect(spearman(confusion([[1, 5], [2, 4], [5, 1]]))).toBeCloseTo(-1, 12); // prettier-ignore
  });

  it('is undefined, not 0, for a constant', () => {
    expect(pearson(confusion([[1, 3], [2, 3], [5, 3]]))).toBeNull(); // prettier-ignore
    expect(spearman(confusion(repeat([3, 3], 7)))).toBeNull();
  });

  it('agrees with an independent implementation', () => {
    const score = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 2, maxLength: 60 }), (pairs) => {
        const x = pairs.map(([label]) => label);
        const y = pairs.map(([, given]) => given);
        fc.pre(new Set(x).size > 1 && new Set(y).size > 1);
        expect(pearson(confusion(pairs))).toBeCloseTo(sampleCorrelation(x, y), 9);
        expect(spearman(confusion(pairs))).toBeCloseTo(sampleRankCorrelation(x, y), 9);
      }),
    );
  });
});

describe('kappa', () => {
  // Confusion counts of judges on TriviaQA against humans (TP, FP, FN, TN), recomputed from the released results.
  it.each([
    ['GPT-4', 1945, 66, 94, 1095, 89.24],
    ['Mistral-7B', 2021, 455, 18, 706, 65.21],
    ['Gemma-2B', 1848, 1003, 191, 158, 4.99],
    ['JudgeLM', 582, 77, 1457, 1084, 17.45],
  ])('equals the known value of %s', (_judge, tp, fp, fn, tn, percent) => {
    const pairs = [
      ...repeat([2, 2], tp),
      ...repeat([1, 2], fp),
      ...repeat([2, 1], fn),
      ...repeat([1, 1], tn),
    ];
    expect(cohenKappa(confusion(pairs))! * 100).toBeCloseTo(percent, 1);
    // With two classes the quadratic weights are the plain ones.
    expect(quadraticWeightedKappa(confusion(pairs))! * 100).toBeCloseTo(percent, 1);
  });

  it('weighs a miss by its square', () => {
    // Hand-worked: observed 1+4 over n = 4; expected Σ(i−j)² over the product of marginals / n.
    const pairs: [number, number][] = [[1, 1], [2, 3], [3, 1], [5, 5]]; // prettier-ignore
    const marginal = [1, 2, 3, 5].flatMap((label) => [1, 3, 1, 5].map((score) => (label - score) ** 2));
    const expected = marginal.reduce((a, b) => a + b, 0) / 4;
    expect(quadraticWeightedKappa(confusion(pairs))).toBeCloseTo(1 - 5 / expected, 12);
  });

  it('is 1 for perfect agreement and undefined where chance always agrees', () => {
    expect(quadraticWeightedKappa(confusion([[1, 1], [5, 5]]))).toBe(1); // prettier-ignore
    expect(quadraticWeightedKappa(confusion([[3, 3], [3, 3]]))).toBeNull(); // prettier-ignore
  });
});
