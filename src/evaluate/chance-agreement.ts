import { share, totalCount, type BinaryCounts } from './binary-counts.ts';
import { cellOf, COLUMNS, ROWS, type Confusion } from './confusion.ts';
import { cohenKappa } from './kappa.ts';

/** How far a judge of right and wrong agrees with the labels, beyond chance and in which direction; shares 0 to 1. */
export interface ChanceAgreement {
  /** Rows with both a verdict and a label. */
  items: number;
  agreement: number | null;
  /** Cohen's κ: chance as the judge's and the labels' own shares of "right" would have it. */
  kappa: number | null;
  /** Scott's π: chance as their common share of "right" would have it. */
  pi: number | null;
  /** Share judged right of what is wrong: lenience. */
  falsePass: number | null;
  /** Share judged wrong of what is right. */
  falseFail: number | null;
  /** Mean verdict less mean label. */
  scoreDifference: number | null;
}

/**
 * The measures of Judging the Judges (arXiv 2406.12624). null where a measure is undefined: without rows, without
 * right or wrong answers, and κ and π where chance alone agrees always.
 */
export function chanceAgreement(counts: BinaryCounts): ChanceAgreement {
  const { tp, fp, fn, tn } = counts;
  const items = totalCount(counts);
  return {
    items,
    agreement: share(tp + tn, items),
    kappa: cohenKappa(asScores(counts)),
    pi: scottPi(counts),
    falsePass: share(fp, fp + tn),
    falseFail: share(fn, tp + fn),
    scoreDifference: share(fp - fn, items),
  };
}

/**
 * Scott's π = (p_o − p_e) / (1 − p_e) with p_e = Σ ((p_judge + p_label) / 2)². In whole numbers, so that 1 − p_e is
 * zero exactly where chance agrees always.
 */
function scottPi(counts: BinaryCounts): number | null {
  const { tp, fp, fn, tn } = counts;
  const votes = 2 * totalCount(counts);
  const right = 2 * tp + fp + fn;
  const wrong = 2 * tn + fp + fn;
  const chance = right ** 2 + wrong ** 2;
  return share(2 * (tp + tn) * votes - chance, votes ** 2 - chance);
}

/** Right and wrong as two of the five scores, so that there is one κ. */
function asScores({ tp, fp, fn, tn }: BinaryCounts): Confusion {
  const confusion = new Float64Array(ROWS * COLUMNS);
  confusion[cellOf({ label: 1, score: 1 })] = tn;
  confusion[cellOf({ label: 1, score: 2 })] = fp;
  confusion[cellOf({ label: 2, score: 1 })] = fn;
  confusion[cellOf({ label: 2, score: 2 })] = tp;
  return confusion;
}
