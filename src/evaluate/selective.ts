import { rankedByScore } from './ranking.ts';

/** What a model is worth when it answers only where its score is highest. */
export interface SelectivePoint {
  /** Share of the cases that are answered, above 0 and at most 1. */
  coverage: number;
  /** Mean quality of the answered cases; the risk of a risk–coverage curve is 1 − quality. */
  quality: number;
}

/**
 * Quality against coverage: the mean quality of the k cases with the highest scores, for every k from 1 to all.
 * The last point is the plain mean. Where scores are equal, the curve is the mean over all orders of the tied
 * cases. Empty without cases.
 *
 * @param scores confidence per case, any scale
 * @param quality per case: 1 or 0 for right or wrong, or any number
 * @throws RangeError when the lists differ in length or a score is not a number.
 */
export function selectiveCurve(scores: readonly number[], quality: readonly number[]): SelectivePoint[] {
  let sum = 0;
  return rankedByScore(scores, quality).map((value, i, { length }) => {
    sum += value;
    return { coverage: (i + 1) / length, quality: sum / (i + 1) };
  });
}

/**
 * Selective-AUC: the mean of the curve over its coverages (Ren et al. 2023, arXiv 2312.09300). null without cases.
 */
export function selectiveAuc(curve: readonly SelectivePoint[]): number | null {
  if (curve.length === 0) return null;
  return curve.reduce((sum, { quality }) => sum + quality, 0) / curve.length;
}
