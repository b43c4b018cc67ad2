import { mean } from 'simple-statistics';

/**
 * Values in the order of their scores, highest first. Values whose scores are equal share their mean: that is
 * what each place holds on average over all orders in which the tied ones could stand, so the result does not
 * depend on the order of the input.
 *
 * @param scores what is ranked by, −∞ allowed
 * @param values one number per score, in the same order
 * @throws RangeError when the lists differ in length or a score is not a number.
 */
export function rankedByScore(scores: readonly number[], values: readonly number[]): number[] {
  assertScores(scores, values.length);
  const tied = new Map<number, number[]>();
  scores.forEach((score, i) => {
    const block = tied.get(score);
    if (block) block.push(values[i]!);
    else tied.set(score, [values[i]!]);
  });
  // −∞ − −∞ is not a number, so compare instead of subtracting.
  const descending = [...tied.entries()].sort(([a], [b]) => (a > b ? -1 : 1));
  return descending.flatMap(([, block]) => new Array<number>(block.length).fill(mean(block)));
}

/** @throws RangeError unless there is one score per case, each of them a number. */
export function assertScores(scores: readonly number[], cases: number): void {
  if (scores.length !== cases)
    throw new RangeError(`${scores.length} scores for ${cases} cases: each case needs one score.`);
  if (scores.some(Number.isNaN)) throw new RangeError('A score is not a number, so it cannot be ranked.');
}
