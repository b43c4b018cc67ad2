import type { Winner } from '../judge/winner.ts';

/** What happens to a judge's verdicts when the two answers change places; shares of all items. */
export interface SwapReport {
  items: number;
  /** The same answer wins in both orders, or both are ties. */
  consistency: number;
  /** Verdicts that lean to whatever stands first, or second. The three shares sum to 1. */
  firstBias: number;
  secondBias: number;
}

/**
 * Consistency and position bias as JudgeLM counts them (arXiv 2310.17631, eval_model_judgement.py): w₁ and w₂ are the
 * winning slots in the two orders; consistent where w₁ + w₂ = 0, biased to the first slot where w₁ + w₂ > 0.
 * @param runs [winner as shown, winner with the answers swapped] of each item
 * @throws RangeError for no items
 */
export function swapReport(runs: readonly (readonly [Winner, Winner])[]): SwapReport {
  if (runs.length === 0) throw new RangeError('Consistency needs at least one item.');
  const share = (holds: (sum: number) => boolean) =>
    runs.filter(([shown, swapped]) => holds(shown + swapped)).length / runs.length;
  return {
    items: runs.length,
    consistency: share((sum) => sum === 0),
    firstBias: share((sum) => sum > 0),
    secondBias: share((sum) => sum < 0),
  };
}
