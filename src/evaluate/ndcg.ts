import { rankedByScore } from './ranking.ts';

/** What a grade is worth: the grade itself, or 2^grade − 1, which stresses the best documents. */
export type Gain = 'linear' | 'exponential';

export interface NdcgOptions {
  /** Only the first k places count; all where left out. */
  k?: number;
  gain?: Gain;
}

const GAINS: Record<Gain, (grade: number) => number> = {
  linear: (grade) => grade,
  exponential: (grade) => 2 ** grade - 1,
};

/**
 * Discounted cumulative gain Σ gain(gradeᵢ) / log₂(i + 1) over places i = 1 … k (Järvelin and Kekäläinen 2002).
 *
 * @param grades of the documents in the order in which they were ranked, each 0 or more
 */
export function dcg(grades: readonly number[], { k = Infinity, gain = 'linear' }: NdcgOptions = {}): number {
  return discounted(grades.map(GAINS[gain]), k);
}

/** DCG divided by that of the ideal order, 0 to 1; null where no document is relevant. */
export function ndcg(grades: readonly number[], options: NdcgOptions = {}): number | null {
  return normalised(dcg(grades, options), grades, options);
}

/**
 * nDCG of the ranking by `scores`, highest first. Documents with equal scores (BM25 gives 0 to all that share no word with
 * the query) share the mean of their gains: the mean over all orders in which they could stand (McSherry and Najork 2008).
 *
 * @throws RangeError when the lists differ in length or a score is not a number.
 */
export function ndcgOfScores(
  scores: readonly number[],
  grades: readonly number[],
  options: NdcgOptions = {},
): number | null {
  const { k = Infinity, gain = 'linear' } = options;
  return normalised(discounted(rankedByScore(scores, grades.map(GAINS[gain])), k), grades, options);
}

function normalised(value: number, grades: readonly number[], options: NdcgOptions): number | null {
  const ideal = dcg(
    grades.toSorted((a, b) => b - a),
    options,
  );
  return ideal > 0 ? value / ideal : null;
}

function discounted(gains: readonly number[], k: number): number {
  return gains.reduce((sum, gain, i) => (i < k ? sum + gain / Math.log2(i + 2) : sum), 0);
}
