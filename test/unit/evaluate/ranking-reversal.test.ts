import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeLimits } from '../../../src/evaluate/judge-limits.ts';
import { reversedRanking } from '../../../src/evaluate/ranking-reversal.ts';
import { ranksFromHighest } from '../../../src/evaluate/ranks.ts';

it('three models, 90 % agreement: 55, 50, 45 true are judged 45, 50, 55', () => {
  const models = reversedRanking(0.9, 3);
  const closeTo = (values: number[]) => values.map((value) => expect.closeTo(value, 12) as number);
  expect(models.map(({ trueScore }) => trueScore)).toEqual(closeTo([0.55, 0.5, 0.45]));
  expect(models.map(({ judgedScore }) => judgedScore)).toEqual(closeTo([0.45, 0.5, 0.55]));
});

it('agrees equally with each, and reverses all of them', () => {
  const agreement = fc.double({ min: 0.67, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(agreement, fc.integer({ min: 2, max: 12 }), (agreed, count) => {
      const models = reversedRanking(agreed, count);
      for (const [i, model] of models.entries()) {
        const limits = judgeLimits(model, { labelled: 1, unlabelled: 1 });
        expect(limits.agreement).toBeCloseTo(agreed, 9);
        expect(limits.judgedScore).toBeCloseTo(model.judgedScore, 9);
        if (i === 0) continue;
        expect(model.trueScore).toBeLessThan(models[i - 1]!.trueScore);
        expect(model.judgedScore).toBeGreaterThan(models[i - 1]!.judgedScore);
      }
    }),
  );
});

it('refuses what cannot be built', () => {
  expect(() => reversedRanking(0.5, 3)).toThrow(/agreement of 0.5/);
  expect(() => reversedRanking(0.9, 1)).toThrow(RangeError);
});

it('ranks the highest first, ties in the middle of their ranks', () => {
  expect(ranksFromHighest([0.2, 0.9, 0.2, 0.5])).toEqual([3.5, 1, 3.5, 2]);
  expect(ranksFromHighest([])).toEqual([]);
});
