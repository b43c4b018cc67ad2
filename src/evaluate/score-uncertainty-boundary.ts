import { isotonicRegression } from './isotonic.ts';
import type { UncertaintyGrid } from './uncertainty-grid.ts';

/** What a boundary takes for positive on one grid. */
export interface BoundaryReading {
  selected: number;
  /** How many of the selected are positive. */
  positives: number;
  /** positives / selected; null where nothing is selected. */
  precision: number | null;
  /** positives / all positives of the grid; null where the grid has none. */
  recall: number | null;
}

/**
 * For each uncertainty level the first score bin that is taken for positive, with all bins above it; the number of bins
 * where the level has none.
 */
export interface Boundary {
  firstBins: number[];
  /** On the grid that the boundary was fitted to. It flatters: report `readBoundary` of a held-out grid. */
  fitted: BoundaryReading;
}

/**
 * Fits a boundary of the greatest recall whose precision is at least σ (0 to 1) on this grid; one that selects nothing
 * where none reaches σ. Among equals the one that selects fewest, so the most precise.
 *
 * @throws RangeError when σ is out of range or the rows of the grid differ in length.
 */
export type BoundaryRule = (grid: UncertaintyGrid, sigma: number) => Boundary;

/** One threshold on the score for all uncertainty levels: uncertainty is not looked at. */
export const scoreOnlyBoundary: BoundaryRule = (grid, sigma) => {
  const bins = binsOf(grid);
  const candidates = Array.from({ length: bins }, (_, bin) => grid.items.map(() => bin));
  return bestOf(candidates, grid, sigma);
};

/**
 * MIST (arXiv 2311.11723): positivity is made monotone in the score by isotonic regression within each level, then one
 * threshold on this calibrated value holds for all levels. Cells without items have no value and are left out.
 */
export const mistBoundary: BoundaryRule = (grid, sigma) => {
  const bins = binsOf(grid);
  const levels = grid.items.map((items, level) => calibrated(items, grid.positives[level]!));
  const thresholds = new Set(levels.flatMap((cells) => cells.map(({ value }) => value)));
  const candidates = [...thresholds].map((threshold) =>
    levels.map((cells) => cells.find(({ value }) => value >= threshold)?.bin ?? bins),
  );
  return bestOf(candidates, grid, sigma);
};

/**
 * The best of all boundaries, by the dynamic programme EW-DPMT of arXiv 2311.11723: level after level, the most positives
 * for each number of selected items. The paper counts bins of equal weight; items are counted here, which costs
 * levels × bins × items and is exact for cells of any size, so that tied scores may stay together.
 */
export const multiThresholdBoundary: BoundaryRule = (grid, sigma) => {
  const bins = binsOf(grid);
  const total = sum(grid.items.flat());
  let most = new Float64Array(total + 1).fill(-1);
  most[0] = 0;
  const chosen: Int32Array[] = [];
  grid.items.forEach((row, level) => {
    const extended = extendedBy(most, suffixSums(row), suffixSums(grid.positives[level]!));
    most = extended.most;
    chosen.push(extended.firstBin);
  });
  let selected = 0;
  for (let count = 1; count <= total; count++)
    if (most[count]! > most[selected]! && most[count]! / count >= sigma) selected = count;
  const firstBins = new Array<number>(chosen.length).fill(bins);
  for (let level = chosen.length - 1; level >= 0; level--) {
    firstBins[level] = chosen[level]![selected]!;
    selected -= suffixSums(grid.items[level]!)[firstBins[level]!]!;
  }
  return bestOf([firstBins], grid, sigma);
};

/**
 * What the boundary selects on a grid with the same bins, such as the held-out half's.
 *
 * @throws RangeError when the boundary has another number of levels.
 */
export function readBoundary(firstBins: readonly number[], grid: UncertaintyGrid): BoundaryReading {
  if (firstBins.length !== grid.items.length)
    throw new RangeError(
      `A boundary of ${firstBins.length} levels does not fit a grid of ${grid.items.length}: use the same bins for both.`,
    );
  const above = (cells: number[][]) => sum(cells.flatMap((row, level) => row.slice(firstBins[level])));
  const selected = above(grid.items);
  const positives = above(grid.positives);
  const all = sum(grid.positives.flat());
  return {
    selected,
    positives,
    precision: selected === 0 ? null : positives / selected,
    recall: all === 0 ? null : positives / all,
  };
}

function bestOf(candidates: readonly number[][], grid: UncertaintyGrid, sigma: number): Boundary {
  if (!(sigma >= 0 && sigma <= 1)) throw new RangeError(`A precision of ${sigma} is not between 0 and 1.`);
  const read = (firstBins: number[]): Boundary => ({ firstBins, fitted: readBoundary(firstBins, grid) });
  const nothing = read(grid.items.map(() => binsOf(grid)));
  return candidates.map(read).reduce((best, candidate) => {
    // A quotient of two counts is rounded as the decimal σ is, so 24 of 30 reach .8; .8 · 30 need not come to 24.
    const precise = (candidate.fitted.precision ?? 0) >= sigma;
    return precise && isBetter(candidate.fitted, best.fitted) ? candidate : best;
  }, nothing);
}

function isBetter(a: BoundaryReading, b: BoundaryReading): boolean {
  return a.positives > b.positives || (a.positives === b.positives && a.selected < b.selected);
}

/** Monotone positivity of the cells of one level that have items. */
function calibrated(items: number[], positives: number[]): { bin: number; value: number }[] {
  const filled = items.flatMap((count, bin) => (count > 0 ? [bin] : []));
  const rates = filled.map((bin) => positives[bin]! / items[bin]!);
  const values = isotonicRegression(
    rates,
    filled.map((bin) => items[bin]!),
  );
  return filled.map((bin, i) => ({ bin, value: values[i]! }));
}

/** One level more: for each number of selected items the most positives, −1 where impossible, and the level's first bin. */
function extendedBy(most: Float64Array, items: number[], positives: number[]) {
  const extended = new Float64Array(most.length).fill(-1);
  const firstBin = new Int32Array(most.length);
  for (let count = 0; count < most.length; count++) {
    if (most[count]! < 0) continue;
    for (let bin = items.length - 1; bin >= 0; bin--) {
      const reached = count + items[bin]!;
      const value = most[count]! + positives[bin]!;
      if (value <= extended[reached]!) continue;
      extended[reached] = value;
      firstBin[reached] = bin;
    }
  }
  return { most: extended, firstBin };
}

/** Sums from each index to the end; one entry more, 0, for "none". */
function suffixSums(row: readonly number[]): number[] {
  const sums = new Array<number>(row.length + 1).fill(0);
  for (let bin = row.length - 1; bin >= 0; bin--) sums[bin] = sums[bin + 1]! + row[bin]!;
  return sums;
}

function binsOf({ items, positives }: UncertaintyGrid): number {
  const bins = items[0]?.length ?? 0;
  if (positives.length !== items.length || [...items, ...positives].some((row) => row.length !== bins))
    throw new RangeError('The rows of a grid must all have the same number of bins.');
  return bins;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
