import { wilcoxonRankSum } from 'simple-statistics';
import { assertScores } from './ranking.ts';

/**
 * Area under the ROC curve: how often a positive case has the higher score than a negative one, over all such
 * pairs, ties counted half (the Mann–Whitney statistic divided by its greatest value). ½ says that the score
 * knows nothing. null where one of the two classes is empty.
 *
 * @param scores one number per case, −∞ allowed (a log-probability of 0)
 * @param positive whether each case is a positive one, in the same order
 * @throws RangeError when the lists differ in length or a score is not a number.
 */
export function auroc(scores: readonly number[], positive: readonly boolean[]): number | null {
  assertScores(scores, positive.length);
  const positives = scores.filter((_, i) => positive[i]);
  const negatives = scores.filter((_, i) => !positive[i]);
  const pairs = positives.length * negatives.length;
  if (pairs === 0) return null;
  const least = (positives.length * (positives.length + 1)) / 2;
  return (wilcoxonRankSum(positives, negatives) - least) / pairs;
}
