import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auroc } from '../../../src/evaluate/auroc.ts';

it.each([
  { scores: [0.1, 0.4, 0.35, 0.8], positive: [false, false, true, true], expected: 0.75 },
  { scores: [0.5, 0.5, 0.9, 0.5, 0.2], positive: [true, true, true, false, false], expected: 5 / 6 },
  { scores: [1, 2, 3], positive: [false, true, true], expected: 1 },
  { scores: [3, 2, 1], positive: [false, true, true], expected: 0 },
  { scores: [7, 7, 7, 7], positive: [true, false, false, true], expected: 0.5 },
  { scores: [-Infinity, -Infinity, -1], positive: [true, false, true], expected: 0.75 },
])('is $expected for $scores', ({ scores, positive, expected }) => {
  expect(auroc(scores, positive)).toBeCloseTo(expected, 12);
});

it('counts the pairs that are in order, ties half', () => {
  const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.boolean()), { maxLength: 20 });
  fc.assert(
    fc.property(cases, (drawn) => {
      const of = (positive: boolean) => drawn.filter((one) => one[1] === positive).map(([score]) => score);
      const pairs = of(true).flatMap((p) => of(false).map((n) => (p > n ? 1 : p === n ? 0.5 : 0) as number));
      const expected = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
      const value = auroc(
        drawn.map(([score]) => score),
        drawn.map(([, positive]) => positive),
      );
      if (pairs.length === 0) expect(value).toBeNull();
      else expect(value).toBeCloseTo(expected, 12);
    }),
  );
});

it('is undefined where one class is empty', () => {
  expect(auroc([1, 2], [true, true])).toBeNull();
  expect(auroc([1, 2], [false, false])).toBeNull();
  expect(auroc([], [])).toBeNull();
});

it('refuses lists that do not match and scores that are no numbers', () => {
  expect(() => auroc([1], [true, false])).toThrow(RangeError);
  expect(() => auroc([1, NaN], [true, false])).toThrow(RangeError);
});
