import { forEachScored, type Confusion } from './confusion.ts';

/**
 * Pearson's r between labels and scores, over the judgments that could be read. null (shown as "n/a", not 0)
 * where labels or scores are all the same: a constant correlates with nothing.
 */
export function pearson(confusion: Confusion): number | null {
  return weightedCorrelation(confusion, identity, identity);
}

/** Spearman's ρ: Pearson's r of the ranks, tied values sharing the mean of the ranks they span. */
export function spearman(confusion: Confusion): number | null {
  const labels = new Float64Array(6);
  const scores = new Float64Array(6);
  forEachScored(confusion, (label, score, count) => {
    labels[label]! += count;
    scores[score]! += count;
  });
  return weightedCorrelation(confusion, midranks(labels), midranks(scores));
}

const identity = Float64Array.from([0, 1, 2, 3, 4, 5]);

/** Mean rank of each value, from how often each occurs. */
function midranks(counts: Float64Array): Float64Array {
  let below = 0;
  return counts.map((count) => {
    const rank = below + (count + 1) / 2;
    below += count;
    return rank;
  });
}

/** Two passes (means first), since the one-pass sums of squares lose digits for large ranks. */
function weightedCorrelation(confusion: Confusion, x: Float64Array, y: Float64Array): number | null {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  forEachScored(confusion, (label, score, count) => {
    n += count;
    sumX += count * x[label]!;
    sumY += count * y[score]!;
  });
  let xx = 0;
  let yy = 0;
  let xy = 0;
  forEachScored(confusion, (label, score, count) => {
    const dx = x[label]! - sumX / n;
    const dy = y[score]! - sumY / n;
    xx += count * dx * dx;
    yy += count * dy * dy;
    xy += count * dx * dy;
  });
  const spread = Math.sqrt(xx * yy);
  return spread > 1e-9 ? Math.max(-1, Math.min(1, xy / spread)) : null;
}
