import { expect, it } from 'vitest';
import { correlation } from '../../../src/evaluate/pearson.ts';

it('is 1 for a line, −1 for a falling one, and 0.6 where neighbours of four have changed places', () => {
  expect(correlation([1, 2, 3], [0.1, 0.2, 0.3])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(correlation([1, 2, 3, 4], [2, 1, 4, 3])).toBeCloseTo(0.6, 12);
});

it('is null where one side is all the same', () => {
  expect(correlation([1, 2, 3], [4, 4, 4])).toBeNull();
  expect(correlation([4, 4, 4], [1, 2, 3])).toBeNull();
});
