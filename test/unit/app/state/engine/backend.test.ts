import { expect, test } from 'vitest';
import { verdictOf } from '../../../../../src/app/state/engine/backend.ts';

test.each([
  [null, /did not answer/],
  [{ correct: false, gigaflops: 500 }, /computed wrongly/],
  [{ correct: true, gigaflops: 2 }, /slower than the CPU/],
])('a GPU that was tried with %j is not taken, and the page says why', (probe, why) => {
  expect(verdictOf(probe)).toMatch(why);
});

test('one that computes rightly and fast is taken', () => {
  expect(verdictOf({ correct: true, gigaflops: 60 })).toBeNull();
});
