import { describe, expect, it } from 'vitest';
import { dcg, ndcg, ndcgOfScores } from '../../../src/evaluate/ndcg.ts';

const GRADES = [3, 2, 3, 0, 1, 2];
const ASCENDING = GRADES.toSorted((a, b) => a - b);

describe('nDCG', () => {
  it('has the known values with linear gain', () => {
    expect(dcg(GRADES)).toBeCloseTo(6.861, 3);
    expect(ndcg(GRADES)).toBeCloseTo(0.961, 3);
    expect(ndcg(ASCENDING)).toBeCloseTo(0.661177, 6);
    expect(ndcg(GRADES.toReversed())).toBeCloseTo(0.807351, 6);
  });

  it('has the known values with gain 2^g − 1', () => {
    expect(dcg(GRADES, { gain: 'exponential' })).toBeCloseTo(13.848264, 6);
    expect(ndcg(GRADES, { gain: 'exponential' })).toBeCloseTo(0.948811, 6);
  });

  it('is 1 for the ideal order, and undefined where nothing is relevant', () => {
    expect(ndcg(ASCENDING.toReversed())).toBe(1);
    expect(ndcg([0, 0])).toBeNull();
    expect(ndcg([])).toBeNull();
  });

  it('looks at the first k places, of the ideal order too', () => {
    expect(dcg(GRADES, { k: 2 })).toBeCloseTo(3 + 2 / Math.log2(3), 12);
    expect(ndcg(GRADES, { k: 2 })).toBeCloseTo((3 + 2 / Math.log2(3)) / (3 + 3 / Math.log2(3)), 12);
    expect(ndcg(GRADES, { k: 99 })).toBe(ndcg(GRADES));
  });
});

describe('nDCG of scores', () => {
  it('ranks by score', () => {
    expect(ndcgOfScores([6, 5, 4, 3, 2, 1], GRADES)).toBeCloseTo(ndcg(GRADES)!, 12);
    expect(ndcgOfScores(GRADES, GRADES)).toBe(1);
  });

  it.each(['linear', 'exponential'] as const)(
    'is the mean over the orders of tied documents, with %s gain',
    (gain) => {
      const orders = [
        [3, 2, 0],
        [3, 0, 2],
      ];
      const mean = orders.reduce((sum, grades) => sum + ndcg(grades, { gain, k: 2 })! / 2, 0);
      expect(ndcgOfScores([9, 0, 0], [3, 0, 2], { gain, k: 2 })).toBeCloseTo(mean, 12);
    },
  );
});
