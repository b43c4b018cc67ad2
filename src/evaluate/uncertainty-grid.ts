import { binOf, quantileCuts } from './quantile-bins.ts';

/** One item as a boundary sees it. */
export interface UncertainScore {
  /** Higher speaks for positive: a mean of sampled scores, a probability. */
  score: number;
  /** Higher is less sure: the spread of sampled scores, an entropy. */
  uncertainty: number;
  positive: boolean;
}

/** Where bins begin (see `quantileCuts`). All levels share the score bins, so a score alone can be a boundary, too. */
export interface Binning {
  scoreCuts: number[];
  uncertaintyCuts: number[];
}

/** How many items, and how many positive ones, by uncertainty level (row, surest first) and score bin (column). */
export interface UncertaintyGrid {
  items: number[][];
  positives: number[][];
}

/**
 * Bins that hold about equally many of these items each, scores and uncertainties apart (ties: see `quantileCuts`).
 *
 * @throws RangeError without items.
 */
export function binningOf(
  scores: readonly UncertainScore[],
  { levels, bins }: { levels: number; bins: number },
): Binning {
  return {
    scoreCuts: quantileCuts(
      scores.map(({ score }) => score),
      bins,
    ),
    uncertaintyCuts: quantileCuts(
      scores.map(({ uncertainty }) => uncertainty),
      levels,
    ),
  };
}

/** Counts these items, which need not be those that the bins were made for. */
export function gridOf(scores: readonly UncertainScore[], binning: Binning): UncertaintyGrid {
  const { scoreCuts, uncertaintyCuts } = binning;
  const zeros = () =>
    Array.from({ length: uncertaintyCuts.length + 1 }, () => new Array<number>(scoreCuts.length + 1).fill(0));
  const grid = { items: zeros(), positives: zeros() };
  for (const { score, uncertainty, positive } of scores) {
    const level = binOf(uncertainty, uncertaintyCuts);
    const bin = binOf(score, scoreCuts);
    grid.items[level]![bin]! += 1;
    if (positive) grid.positives[level]![bin]! += 1;
  }
  return grid;
}

/** Share of positive items in each cell, for the heat map; null where a cell is empty. */
export function positivity({ items, positives }: UncertaintyGrid): (number | null)[][] {
  return items.map((row, level) =>
    row.map((count, bin) => (count === 0 ? null : positives[level]![bin]! / count)),
  );
}
