import { expect, test } from 'vitest';
import { growthOf } from '../../scripts/soak/growth.ts';
import type { Sample } from '../../scripts/soak/sampler.ts';
import { verdictsOf } from '../../scripts/soak/verdict.ts';

const samples = (values: readonly number[]): Sample[] =>
  values.map((backing) => ({ judgments: 0, steps: 0, runs: 0, values: { backing } }));

test('growth is that of the second half, and single outliers do not move it', () => {
  const warmedUp = [1, 4, 7, 9, 10, 10, 10, 55, 10, 10, 10, 10];
  expect(growthOf(warmedUp)).toEqual({ first: 1, last: 10, growth: 0, noise: 0 });
  expect(growthOf([0, 0, 0, 0, 2, 4, 6, 8]).growth).toBe(6);
  expect(growthOf([5])).toEqual({ first: 5, last: 5, growth: 0, noise: 0 });
});

test('a set of weights that each run leaves behind is a growth; scatter of half a megabyte is none', () => {
  const scatter = [0, 0.4, -0.3, 0.2, -0.5, 0.1, 0.5, -0.2, 0.3, -0.4].map((mb) => 8e6 + mb * 1e6);
  expect(verdictsOf(samples(scatter))).toMatchObject([{ measure: 'backing', grew: false }]);
  const leaking = scatter.map((bytes, run) => bytes + run * 6_852_328);
  expect(verdictsOf(samples(leaking))).toMatchObject([{ measure: 'backing', grew: true }]);
});
