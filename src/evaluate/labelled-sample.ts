import type { VerdictRow } from '../judge/verdict-table.ts';
import { numericValue } from './verdict-table.ts';

/** Verdicts on many items, and labels of some of them, which must have been drawn at random. */
export interface LabelledSample {
  /** s: labels of the labelled items, and t: verdicts on the same items in the same order. */
  labels: readonly number[];
  labelledVerdicts: readonly number[];
  /** t of the items without a label. */
  unlabelledVerdicts: readonly number[];
}

/**
 * The sample that a verdict table holds; rows whose verdict could not be read are left out.
 * @throws RangeError in words for a verdict or label that is no number
 */
export function labelledSample(rows: readonly VerdictRow[]): LabelledSample {
  const sample = {
    labels: [] as number[],
    labelledVerdicts: [] as number[],
    unlabelledVerdicts: [] as number[],
  };
  for (const row of rows) {
    const verdict = numericValue(row, 'verdict');
    const label = numericValue(row, 'label');
    if (verdict === null) continue;
    if (label === null) sample.unlabelledVerdicts.push(verdict);
    else {
      sample.labels.push(label);
      sample.labelledVerdicts.push(verdict);
    }
  }
  return sample;
}
