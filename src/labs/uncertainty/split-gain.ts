import { mean, sampleStandardDeviation } from 'simple-statistics';

/** A difference that was measured on several random halves of the same items. */
export interface SplitGain {
  /** Mean over the halves. */
  recall: number;
  /** Of the single halves. */
  standardDeviation: number;
  /** Share of the halves in which there was a gain. */
  ahead: number;
  /** How many halves told something: those that hold a positive item. */
  splits: number;
}

/**
 * The mean difference and its interval of 95 %. The halves overlap, so their standard error would be far too small; it is
 * corrected as by Nadeau and Bengio (2003): variance × (1/J + tested/fitted), here with halves of one size. So more
 * halves do not pass for more items.
 * @param differences one for each division into halves; null where undefined
 * @returns null for fewer than two
 */
export function splitGain(
  differences: readonly (number | null)[],
): { gain: SplitGain; low: number; high: number } | null {
  const known = differences.filter((difference) => difference !== null);
  const splits = known.length;
  if (splits < 2) return null;
  const recall = mean(known);
  const standardDeviation = sampleStandardDeviation(known);
  const reach = studentQuantile(splits - 1) * standardDeviation * Math.sqrt(1 / splits + 1);
  const ahead = known.filter((difference) => difference > 0).length / splits;
  return {
    gain: { recall, standardDeviation, ahead, splits },
    low: recall - reach,
    high: recall + reach,
  };
}

/**
 * The 97.5 % quantile of Student's t, by its expansion around the normal one (Abramowitz and Stegun 26.7.5): 2.259 for 9
 * degrees of freedom, where tables have 2.262.
 */
function studentQuantile(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}
