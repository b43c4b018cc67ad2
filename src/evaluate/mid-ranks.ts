import { assertScores } from './ranking.ts';

/**
 * Rank of each score, in its place: 1 for the highest; equal scores share the mean of the ranks that they span, so that
 * halves are possible.
 * @throws RangeError when a score is not a number
 */
export function midRanks(scores: readonly number[]): number[] {
  assertScores(scores, scores.length);
  return scores.map((own) => {
    const higher = scores.filter((score) => score > own).length;
    const equal = scores.filter((score) => score === own).length;
    return higher + (equal + 1) / 2;
  });
}
