import { accuracy, meanAbsoluteError, parseFailureRate } from './accuracy.ts';
import { confusionOf } from './confusion.ts';
import { pearson, spearman } from './correlation.ts';
import { quadraticWeightedKappa } from './kappa.ts';
import type { Measure } from './bootstrap.ts';
import type { Outcome } from './outcome.ts';
import { rationaleExactShare, rationaleExactShareOfSlips } from './rationale-exact.ts';

/** One judge on one set of items. Shares are 0–1; null where a measure is undefined. */
export interface Metrics {
  items: number;
  accuracy: number;
  mae: number | null;
  pearson: number | null;
  spearman: number | null;
  qwk: number | null;
  parseFailures: number;
  rationaleExact: number | null;
  rationaleExactSlips: number | null;
  /** Label (row, 1 to 5) × score (column: unread, then 1 to 5). */
  confusion: number[];
}

/** The measures that are read off the confusion matrix, by their names in `Metrics`. */
export const MEASURES = {
  accuracy,
  mae: meanAbsoluteError,
  pearson,
  spearman,
  qwk: quadraticWeightedKappa,
  parseFailures: parseFailureRate,
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

export function metricsOf(outcomes: readonly Outcome[]): Metrics {
  const confusion = confusionOf(outcomes);
  return {
    items: outcomes.length,
    accuracy: accuracy(confusion) ?? 0,
    mae: meanAbsoluteError(confusion),
    pearson: pearson(confusion),
    spearman: spearman(confusion),
    qwk: quadraticWeightedKappa(confusion),
    parseFailures: parseFailureRate(confusion) ?? 0,
    rationaleExact: rationaleExactShare(outcomes),
    rationaleExactSlips: rationaleExactShareOfSlips(outcomes),
    confusion: [...confusion],
  };
}
