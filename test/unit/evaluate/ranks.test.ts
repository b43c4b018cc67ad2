import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranksFromHighest } from '../../../src/evaluate/ranks.ts';

describe('ranks of scores', () => {
  it('are 1 for the highest, and shared where scores are equal', () => {
    expect(ranksFromHighest([0.2, 5, 0.2, 3])).toEqual([3.5, 1, 3.5, 2]);
    expect(ranksFromHighest([1, 1, 1])).toEqual([2, 2, 2]);
    expect(ranksFromHighest([-Infinity, 0, -Infinity])).toEqual([2.5, 1, 2.5]);
    expect(ranksFromHighest([])).toEqual([]);
  });

  it('always sum to n(n + 1)/2', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (scores) => {
        const n = scores.length;
        expect(ranksFromHighest(scores).reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(
          (n * (n + 1)) / 2,
          9,
        );
      }),
    );
  });

  it('refuse what is not a number', () => {
    expect(() => ranksFromHighest([1, NaN])).toThrow(RangeError);
  });
});
