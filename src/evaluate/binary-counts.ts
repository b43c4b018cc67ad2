import type { VerdictRow } from '../judge/verdict-table.ts';
import { binaryValue } from './verdict-table.ts';

/** How often verdicts of right and wrong met labels of right and wrong. */
export interface BinaryCounts {
  /** Judged right, and right. */
  tp: number;
  /** Judged right, but wrong. */
  fp: number;
  /** Judged wrong, but right. */
  fn: number;
  /** Judged wrong, and wrong. */
  tn: number;
}

/**
 * Counts the rows that have both a verdict and a label.
 * @throws RangeError in words for a verdict or label that is neither 1 nor 0
 */
export function binaryCounts(rows: readonly VerdictRow[]): BinaryCounts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const row of rows) {
    const verdict = binaryValue(row, 'verdict');
    const label = binaryValue(row, 'label');
    if (verdict === null || label === null) continue;
    if (label === 1) counts[verdict === 1 ? 'tp' : 'fn'] += 1;
    else counts[verdict === 1 ? 'fp' : 'tn'] += 1;
  }
  return counts;
}

/** The counts of several takers or judges together. */
export function pooledCounts(all: Iterable<BinaryCounts>): BinaryCounts {
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { tp, fp, fn, tn } of all) {
    sum.tp += tp;
    sum.fp += fp;
    sum.fn += fn;
    sum.tn += tn;
  }
  return sum;
}

export function totalCount({ tp, fp, fn, tn }: BinaryCounts): number {
  return tp + fp + fn + tn;
}

/** Share judged right; null without rows. */
export function verdictMean(counts: BinaryCounts): number | null {
  return share(counts.tp + counts.fp, totalCount(counts));
}

/** Share that is right; null without rows. */
export function labelMean(counts: BinaryCounts): number | null {
  return share(counts.tp + counts.fn, totalCount(counts));
}

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
