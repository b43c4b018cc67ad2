import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicRegression } from '../../../src/evaluate/isotonic.ts';

const weighted = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 7,
});
const fit = (drawn: [number, number][]) =>
  isotonicRegression(
    drawn.map(([value]) => value),
    drawn.map(([, weight]) => weight),
  );
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('isotonic regression', () => {
  it.each([
    { values: [1, 3, 2, 4], expected: [1, 2.5, 2.5, 4] },
    { values: [4, 3, 2, 1], expected: [2.5, 2.5, 2.5, 2.5] },
    { values: [1, 2, 2, 3], expected: [1, 2, 2, 3] },
    { values: [], expected: [] },
  ])('gives $expected for $values', ({ values, expected }) => {
    expect(isotonicRegression(values)).toEqual(expected);
  });

  it('weighs: 3 counted three times and 1 once pool to 2.5', () => {
    expect(isotonicRegression([3, 1], [3, 1])).toEqual([2.5, 2.5]);
  });

  it('never falls, keeps the weighted mean, and does not move what it has fitted', () => {
    fc.assert(
      fc.property(weighted, (drawn) => {
        const fitted = fit(drawn);
        expect(fitted).toEqual(fitted.toSorted((a, b) => a - b));
        const total = (values: number[]) => sum(values.map((value, i) => value * drawn[i]![1]));
        expect(total(fitted)).toBeCloseTo(total(drawn.map(([value]) => value)), 9);
        expect(fit(fitted.map((value, i) => [value, drawn[i]![1]]))).toEqual(fitted);
      }),
    );
  });

  it('has the least squared distance of all ways to cut the sequence into pooled blocks', () => {
    fc.assert(
      fc.property(weighted, (drawn) => {
        const distance = (values: number[]) =>
          sum(values.map((value, i) => drawn[i]![1] * (value - drawn[i]![0]) ** 2));
        const monotone = blockMeans(drawn).filter((values) =>
          values.every((value, i) => i === 0 || value >= values[i - 1]!),
        );
        expect(distance(fit(drawn))).toBeCloseTo(Math.min(...monotone.map(distance)), 9);
      }),
    );
  });

  it('refuses weights that are missing or not above 0', () => {
    expect(() => isotonicRegression([1, 2], [1])).toThrow(RangeError);
    expect(() => isotonicRegression([1, 2], [1, 0])).toThrow(RangeError);
    expect(() => isotonicRegression([1, 2], [1, Infinity])).toThrow(RangeError);
  });
});

/** The weighted means of every division into runs: the best monotone sequence is one of them. */
function blockMeans(drawn: [number, number][]): number[][] {
  if (drawn.length === 0) return [[]];
  return drawn.flatMap((_, last) => {
    const block = drawn.slice(0, last + 1);
    const mean = sum(block.map(([value, weight]) => value * weight)) / sum(block.map(([, weight]) => weight));
    return blockMeans(drawn.slice(last + 1)).map((rest) => [...block.map(() => mean), ...rest]);
  });
}
