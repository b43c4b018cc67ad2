import type { Score } from '../judge/item.ts';

/** How far several judgments of one item agree with each other. */
export interface Agreement {
  /** How many gave each score, 1 to 5. */
  histogram: [number, number, number, number, number];
  unread: number;
  /** The commonest score; of several, the lowest. null where none could be read. */
  majority: Score | null;
  /** Share of all judgments that gave the commonest score. */
  majorityShare: number;
  /** Probability that two judgments drawn without replacement give the same score; null for fewer than two. */
  pairwise: number | null;
}

/** @param scores one per judgment, null where it could not be read; two unread ones do not agree. */
export function agreementOf(scores: readonly (Score | null)[]): Agreement {
  const histogram: Agreement['histogram'] = [0, 0, 0, 0, 0];
  for (const score of scores) if (score !== null) histogram[score - 1]! += 1;
  const most = Math.max(...histogram);
  const n = scores.length;
  const samePairs = histogram.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  return {
    histogram,
    unread: n - histogram.reduce((sum, count) => sum + count, 0),
    majority: most === 0 ? null : ((histogram.indexOf(most) + 1) as Score),
    majorityShare: n === 0 ? 0 : most / n,
    pairwise: n < 2 ? null : samePairs / ((n * (n - 1)) / 2),
  };
}
