import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accuracy } from '../../../src/evaluate/accuracy.ts';
import { bootstrapStatistics, type Statistic } from '../../../src/evaluate/bootstrap-statistic.ts';
import { intervalOf, pairedDifferences } from '../../../src/evaluate/bootstrap.ts';
import { confusionOf } from '../../../src/evaluate/confusion.ts';
import { spearman } from '../../../src/evaluate/correlation.ts';
import type { Outcome } from '../../../src/evaluate/outcome.ts';
import { groupIndices } from '../../../src/evaluate/resample.ts';
import { outcomes } from './outcomes.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })), {
  minLength: 1,
  maxLength: 40,
});

/** Outcomes of which three share a prompt. */
const clustered = (list: [number, number][]): Outcome[] =>
  outcomes(list).map((outcome, i) => ({ ...outcome, group: `prompt ${i % Math.ceil(list.length / 3)}` }));

const groupsOf = (list: readonly Outcome[]) => groupIndices(list.map(({ group }) => group));

const drawn =
  (list: readonly Outcome[], measure: typeof accuracy): Statistic =>
  (draw) =>
    measure(confusionOf(draw.map((i) => list[i]!)));

it('gives to the last bit what the fast path over confusion matrices gives', () => {
  fc.assert(
    fc.property(pairs, fc.nat(), (list, seed) => {
      const judged = clustered(list);
      const options = { seed, resamples: 50 };
      const statistics = { accuracy: drawn(judged, accuracy), spearman: drawn(judged, spearman) };
      expect(atOnce(bootstrapStatistics(groupsOf(judged), statistics, options))).toEqual({
        accuracy: atOnce(intervalOf(judged, accuracy, options)),
        spearman: atOnce(intervalOf(judged, spearman, options)),
      });
    }),
    { numRuns: 40 },
  );
});

it('takes paired statistics on the same draws as the fast path', () => {
  const before = clustered(Array.from({ length: 30 }, (_, i) => [3, i % 3 === 0 ? 3 : 4]));
  const after = clustered(Array.from({ length: 30 }, (_, i) => [3, i % 4 === 0 ? 1 : 3]));
  const difference: Statistic = (draw) => drawn(after, accuracy)(draw)! - drawn(before, accuracy)(draw)!;
  expect(atOnce(bootstrapStatistics(groupsOf(before), { difference }))).toEqual({
    difference: atOnce(pairedDifferences(before, after, { accuracy })).accuracy,
  });
});

it('draws whole groups: a statistic of the rows sees the members of a group equally often', () => {
  const groups = groupIndices(['a', 'b', 'a', 'b', 'a', 'c']);
  const uneven: Statistic = (draw) => {
    const times = (row: number) => draw.filter((one) => one === row).length;
    return Math.abs(times(0) - times(2)) + Math.abs(times(0) - times(4)) + Math.abs(times(1) - times(3));
  };
  expect(atOnce(bootstrapStatistics(groups, { uneven })).uneven).toEqual({ mean: 0, low: 0, high: 0 });
});

it('has the width of the normal approximation for a mean', () => {
  const values = Array.from({ length: 400 }, (_, i) => i % 20);
  const spread = Math.sqrt((20 ** 2 - 1) / 12 / values.length);
  const mean: Statistic = (draw) => draw.reduce((sum, i) => sum + values[i]!, 0) / draw.length;
  const interval = atOnce(
    bootstrapStatistics(
      values.map((_, i) => [i]),
      { mean },
      { seed: 2 },
    ),
  ).mean!;
  expect(interval.mean).toBe(9.5);
  expect((interval.high - interval.low) / (2 * 1.96 * spread)).toBeCloseTo(1, 1);
});

it('is undefined where the statistic is on all rows, and leaves out draws in which it is', () => {
  const never: Statistic = () => null;
  const often: Statistic = (draw) => (draw.includes(0) ? 1 : null);
  const intervals = atOnce(bootstrapStatistics([[0], [1]], { never, often }));
  expect(intervals).toEqual({ never: null, often: { mean: 1, low: 1, high: 1 } });
});

it('keeps groups in order of appearance', () => {
  expect(groupIndices(['b', null, 'b', 'a']).map((group) => [...group])).toEqual([[0, 2], [1], [3]]);
});
