import type { Outcome } from './outcome.ts';

/** Columns: 0 for judgments that could not be read, then the scores 1 to 5. */
export const COLUMNS = 6;
/** Rows: the labels 1 to 5. */
export const ROWS = 5;

/**
 * Counts of label × score, row-major, ROWS × COLUMNS. Since labels and scores take five values each, it is a
 * sufficient statistic of every agreement measure here, and so the bootstrap resamples nothing but counts.
 */
export type Confusion = Float64Array;

/** Where an outcome is counted. */
export function cellOf({ label, score }: Pick<Outcome, 'label' | 'score'>): number {
  return (label - 1) * COLUMNS + (score ?? 0);
}

export function confusionOf(outcomes: readonly Pick<Outcome, 'label' | 'score'>[]): Confusion {
  const counts = new Float64Array(ROWS * COLUMNS);
  for (const outcome of outcomes) counts[cellOf(outcome)]! += 1;
  return counts;
}

/** Calls `visit(label, score, count)` for each non-empty cell of readable judgments. */
export function forEachScored(
  confusion: Confusion,
  visit: (label: number, score: number, count: number) => void,
): void {
  for (let label = 1; label <= ROWS; label++)
    for (let score = 1; score < COLUMNS; score++) {
      const count = confusion[(label - 1) * COLUMNS + score]!;
      if (count > 0) visit(label, score, count);
    }
}

export function total(confusion: Confusion): number {
  return confusion.reduce((sum, count) => sum + count, 0);
}

export function totalScored(confusion: Confusion): number {
  let sum = 0;
  forEachScored(confusion, (_label, _score, count) => (sum += count));
  return sum;
}
