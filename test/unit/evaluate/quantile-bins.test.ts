import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, quantileCuts } from '../../../src/evaluate/quantile-bins.ts';

const occupancy = (values: number[], bins: number) => {
  const cuts = quantileCuts(values, bins);
  const counts = new Array<number>(cuts.length + 1).fill(0);
  for (const value of values) counts[binOf(value, cuts)]! += 1;
  return counts;
};

describe('quantile bins', () => {
  it('are equally full where no values are tied', () => {
    expect(quantileCuts([8, 1, 2, 7, 3, 6, 4, 5], 4)).toEqual([3, 5, 7]);
    expect(occupancy([8, 1, 2, 7, 3, 6, 4, 5], 4)).toEqual([2, 2, 2, 2]);
  });

  it('keep equal values together and a few high ones apart from many low ones', () => {
    expect(occupancy([...new Array<number>(97).fill(1), 3, 4, 5], 4)).toEqual([97, 3]);
    expect(occupancy([1, ...new Array<number>(9).fill(5)], 4)).toEqual([1, 9]);
    expect(quantileCuts([5, 5, 5], 4)).toEqual([]);
  });

  it('leave no bin empty, and are never more than asked for', () => {
    const values = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 8 }), (drawn, bins) => {
        const counts = occupancy(drawn, bins);
        expect(counts.length).toBeLessThanOrEqual(bins);
        expect(Math.min(...counts)).toBeGreaterThan(0);
      }),
    );
  });

  it('take values that were not there when they were made', () => {
    expect([0, 3, 4.9, 5, 99].map((value) => binOf(value, [3, 5, 7]))).toEqual([0, 1, 1, 2, 3]);
  });

  it('refuse no values and no bins', () => {
    expect(() => quantileCuts([], 4)).toThrow(RangeError);
    expect(() => quantileCuts([1, NaN], 4)).toThrow(RangeError);
    expect(() => quantileCuts([1], 0)).toThrow(RangeError);
  });
});
