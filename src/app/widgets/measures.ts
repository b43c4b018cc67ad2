import { formatNumber, formatShare } from '../../harness/format.ts';
import type { MeasureName } from '../../evaluate/metrics.ts';

/** How a measure is written and read. */
export interface MeasureInWords {
  name: MeasureName;
  label: string;
  /** One line for someone who meets it for the first time. */
  about: string;
  /** Whether more of it is better. */
  up: boolean;
  /** Differences are in points of percent. */
  share: boolean;
}

export const MEASURES_IN_WORDS: readonly MeasureInWords[] = [
  { name: 'accuracy', label: 'Accuracy', about: 'the score equals the label', up: true, share: true },
  { name: 'mae', label: 'Mean absolute error', about: 'how far off, in points', up: false, share: false },
  { name: 'pearson', label: 'Pearson r', about: 'score and label rise together', up: true, share: false },
  { name: 'spearman', label: 'Spearman ρ', about: 'the same, of their ranks', up: true, share: false },
  {
    name: 'qwk',
    label: 'Quadratic-weighted κ',
    about: 'agreement beyond chance, far misses weigh more',
    up: true,
    share: false,
  },
  { name: 'parseFailures', label: 'Parse failures', about: 'no score could be read', up: false, share: true },
];

export function writeMeasure(measure: MeasureInWords, value: number | null): string {
  return measure.share ? formatShare(value) : formatNumber(value);
}
