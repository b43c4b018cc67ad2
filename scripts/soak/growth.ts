import { median } from 'simple-statistics';

/** How much a measure grew over the second half of a phase; the first half is for caches, compiled code and pools to fill. */
export interface Growth {
  first: number;
  last: number;
  /** Slope over the second half times its span. */
  growth: number;
  /** Scatter about that slope: 1.4826 × the median distance from it, a standard deviation where it is normal. */
  noise: number;
}

/** Theil–Sen: the median of the slopes between all pairs, which a third of outliers does not move. */
function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((later, j) =>
    values.slice(0, j).map((earlier, i) => (later - earlier) / (j - i)),
  );
  return slopes.length > 0 ? median(slopes) : 0;
}

/** @param values one after each run, or each lap of judges; at least one */
export function growthOf(values: readonly number[]): Growth {
  const half = values.slice(Math.floor(values.length / 2));
  const slope = slopeOf(half);
  const offset = median(half.map((value, i) => value - slope * i));
  const distances = half.map((value, i) => Math.abs(value - slope * i - offset));
  return {
    first: values[0]!,
    last: values.at(-1)!,
    growth: slope * (half.length - 1),
    noise: 1.4826 * median(distances),
  };
}
