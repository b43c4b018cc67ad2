import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectiveAuc, selectiveCurve } from '../../../src/evaluate/selective.ts';

const qualities = (scores: number[], quality: number[]) =>
  selectiveCurve(scores, quality).map((point) => point.quality);

describe('quality against coverage', () => {
  it('has the known values for .9 .8 .7 .6, right 1 0 1 0', () => {
    const curve = selectiveCurve([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]);
    expect(curve.map(({ coverage }) => coverage)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(curve.map(({ quality }) => quality)).toEqual([1, 0.5, 2 / 3, 0.5]);
    expect(selectiveAuc(curve)).toBeCloseTo(2 / 3, 12);
  });

  it('gives each of several tied cases the mean of all', () => {
    expect(qualities([3, 5, 3, 3, 1], [1, 1, 0, 0, 0])).toEqual([
      1,
      expect.closeTo(4 / 6, 12),
      expect.closeTo(5 / 9, 12),
      expect.closeTo(1 / 2, 12),
      expect.closeTo(2 / 5, 12),
    ]);
  });

  it('is flat at the mean where all scores are equal', () => {
    for (const quality of qualities([2, 2, 2, 2], [1, 0, 0, 0])) expect(quality).toBeCloseTo(0.25, 12);
  });

  it('ends at the plain mean, and does not depend on the order of the cases', () => {
    const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 1,
      maxLength: 15,
    });
    fc.assert(
      fc.property(cases, (drawn) => {
        const read = (list: typeof drawn) =>
          qualities(
            list.map(([score]) => score),
            list.map(([, quality]) => quality),
          );
        const mean = drawn.reduce((sum, [, quality]) => sum + quality, 0) / drawn.length;
        expect(read(drawn).at(-1)).toBeCloseTo(mean, 12);
        expect(read(drawn.toReversed())).toEqual(read(drawn));
      }),
    );
  });

  it('is empty and its mean undefined without cases', () => {
    expect(selectiveCurve([], [])).toEqual([]);
    expect(selectiveAuc([])).toBeNull();
  });

  it('refuses lists that do not match', () => {
    expect(() => selectiveCurve([1], [])).toThrow(RangeError);
  });
});
