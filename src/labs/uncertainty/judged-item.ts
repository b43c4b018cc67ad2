import { mean, standardDeviation } from 'simple-statistics';
import type { UncertainScore } from '../../evaluate/uncertainty-grid.ts';

/** An item with its sampled scores; `score` is their mean, `uncertainty` their spread. */
export interface JudgedItem extends UncertainScore {
  title: string;
  /** As it is shown. */
  label: string;
  samples: readonly number[];
  texts: readonly (readonly [name: string, text: string])[];
}

/** What is known of an item before its scores are condensed; null is a judgment that could not be read. */
export type SampledItem = Pick<JudgedItem, 'title' | 'label' | 'positive' | 'texts'> & {
  verdicts: readonly (number | null)[];
};

/**
 * The spread is the standard deviation of the readable scores themselves (divided by n), in units of the score: 0 where all
 * agree. An item with fewer than two has no spread, and is left out: one score would pass for perfect agreement.
 */
export function judgedItems(items: readonly SampledItem[]): JudgedItem[] {
  return items.flatMap(({ verdicts, ...facts }) => {
    const samples = verdicts.filter((verdict) => verdict !== null);
    if (samples.length < 2) return [];
    const agree = samples.every((sample) => sample === samples[0]);
    // The mean of equal decimals may be off by a rounding, and then their deviation is not 0.
    return [{ ...facts, samples, score: agree ? samples[0]! : mean(samples), uncertainty: agree ? 0 : standardDeviation(samples) }]; // prettier-ignore
  });
}
