import { describe, expect, it } from 'vitest';
import { ratingsWithIntervals } from '../../../src/evaluate/rating-intervals.ts';
import { ranksFromHighest } from '../../../src/evaluate/ranks.ts';
import { agreementIntervals, votePairsBetween } from '../../../src/evaluate/vote-agreement.ts';
import type { Battle } from '../../../src/judge/model-vote.ts';
import { gpt4, human } from '../data/released/mt-bench-votes.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const battles = (wins: number, losses: number): Battle[] => [
  ...Array.from({ length: wins }, (): Battle => ({ a: 'x', b: 'y', winner: 'a' })),
  ...Array.from({ length: losses }, (): Battle => ({ a: 'x', b: 'y', winner: 'b' })),
];

describe('ratings with intervals', () => {
  it('hold the ratings of all battles, and tighten with their number', () => {
    const width = (times: number) => {
      const [x] = atOnce(ratingsWithIntervals(battles(3 * times, times)));
      expect(x!.bradleyTerry!.mean).toBeCloseTo(1000 + 190.85 / 2, 2);
      expect(x!.winRate!.mean).toBe(0.75);
      const { low, mean, high } = x!.bradleyTerry!;
      expect(low < mean && mean < high).toBe(true);
      return high - low;
    };
    expect(width(100)).toBeLessThan(width(10) / 2);
  });

  it('have no Bradley–Terry where one never won, and still a rate and Elo', () => {
    const [, y] = atOnce(ratingsWithIntervals(battles(5, 0)));
    expect(y!.bradleyTerry).toBeNull();
    expect(y!.winRate!.mean).toBe(0);
    expect(y!.elo!.mean).toBeLessThan(1000);
  });

  it('take at most two seconds for both judges of MT-bench', () => {
    // Of the processor's time: other tests run beside this one.
    const started = process.cpuUsage();
    for (const votes of [human, gpt4]) atOnce(ratingsWithIntervals(votes, { resamples: 400 }));
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(2);
  });
});

it('agreement has an interval over questions that holds its share', () => {
  const { withTies, decided } = atOnce(agreementIntervals(votePairsBetween(gpt4, human), { resamples: 200 }));
  for (const interval of [withTies!, decided!]) {
    expect(interval.low).toBeLessThan(interval.mean);
    expect(interval.high).toBeGreaterThan(interval.mean);
  }
  expect(atOnce(agreementIntervals([]))).toEqual({ withTies: null, decided: null });
});

it('ranks from the highest, ties sharing their mean', () => {
  expect(ranksFromHighest([10, 30, 20, 20])).toEqual([4, 1, 2.5, 2.5]);
  expect(() => ranksFromHighest([NaN])).toThrow(RangeError);
});
