import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mistBoundary,
  multiThresholdBoundary,
  readBoundary,
  scoreOnlyBoundary,
} from '../../../src/evaluate/score-uncertainty-boundary.ts';
import {
  binningOf,
  gridOf,
  positivity,
  type UncertaintyGrid,
} from '../../../src/evaluate/uncertainty-grid.ts';

/** labs.md, lab 6: ten items in each cell, 45 of them positive. */
const KNOWN: UncertaintyGrid = {
  items: [0, 1, 2].map(() => [10, 10, 10, 10]),
  positives: [
    [0, 1, 6, 10],
    [0, 2, 5, 8],
    [1, 3, 4, 5],
  ],
};

const grids = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
  .chain(([levels, bins]) => {
    const cell = fc.integer({ min: 0, max: 6 }).chain((items) => {
      return fc.tuple(fc.constant(items), fc.integer({ min: 0, max: items }));
    });
    const row = fc.array(cell, { minLength: bins, maxLength: bins });
    return fc.array(row, { minLength: levels, maxLength: levels });
  })
  .map((rows) => ({
    items: rows.map((row) => row.map(([items]) => items)),
    positives: rows.map((row) => row.map(([, positives]) => positives)),
  }));
const sigmas = fc.constantFrom(0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1);

describe('boundaries of a known grid', () => {
  it.each([
    { sigma: 0.6, score: 38, mist: 38, best: 38 },
    { sigma: 0.7, score: 23, mist: 24, best: 29 },
    { sigma: 0.8, score: 0, mist: 24, best: 24 },
    { sigma: 0.9, score: 0, mist: 18, best: 18 },
  ])('select $score, $mist and $best of 45 positives at precision $sigma', ({ sigma, score, mist, best }) => {
    expect(scoreOnlyBoundary(KNOWN, sigma).fitted.recall).toBe(score / 45);
    expect(mistBoundary(KNOWN, sigma).fitted.recall).toBe(mist / 45);
    expect(multiThresholdBoundary(KNOWN, sigma).fitted.recall).toBe(best / 45);
  });

  it('name the first bin of each level, the number of bins for none', () => {
    expect(scoreOnlyBoundary(KNOWN, 0.6).firstBins).toEqual([2, 2, 2]);
    expect(scoreOnlyBoundary(KNOWN, 0.8).firstBins).toEqual([4, 4, 4]);
    expect(mistBoundary(KNOWN, 0.8).firstBins).toEqual([2, 3, 4]);
    expect(multiThresholdBoundary(KNOWN, 0.9).firstBins).toEqual([3, 3, 4]);
  });

  it('have no precision where they select nothing', () => {
    expect(scoreOnlyBoundary(KNOWN, 0.8).fitted).toEqual({
      selected: 0,
      positives: 0,
      precision: null,
      recall: 0,
    });
  });
});

describe('the multi-threshold programme', () => {
  it('equals the best of all boundaries on 300 random grids, so no other rule is above it', () => {
    fc.assert(
      fc.property(grids, sigmas, (grid, sigma) => {
        const { firstBins, fitted } = multiThresholdBoundary(grid, sigma);
        expect(fitted.positives).toBe(exhaustive(grid, sigma));
        expect(readBoundary(firstBins, grid)).toEqual(fitted);
        expect(scoreOnlyBoundary(grid, sigma).fitted.positives).toBeLessThanOrEqual(fitted.positives);
        expect(mistBoundary(grid, sigma).fitted.positives).toBeLessThanOrEqual(fitted.positives);
      }),
      { numRuns: 300 },
    );
  });

  it('takes 4,000 items on 5 × 20 cells well under a second', () => {
    const levels = [0, 1, 2, 3, 4];
    const grid = {
      items: levels.map(() => new Array<number>(20).fill(40)),
      positives: levels.map((level) =>
        Array.from({ length: 20 }, (_, bin) => 2 * bin - Math.min(bin, level)),
      ),
    };
    const started = performance.now();
    multiThresholdBoundary(grid, 0.8);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it('MIST pools what falls: rates .5 .1 .9 are calibrated to .3 .3 .9 before the threshold', () => {
  const grid = { items: [[10, 10, 10]], positives: [[5, 1, 9]] };
  expect(mistBoundary(grid, 0.5).firstBins).toEqual([0]);
  expect(mistBoundary(grid, 0.6).firstBins).toEqual([2]);
});

describe('a boundary on another half', () => {
  const held = {
    items: [
      [4, 4],
      [4, 4],
    ],
    positives: [
      [0, 4],
      [2, 2],
    ],
  };

  it('reports that half, not the one it was fitted to', () => {
    expect(readBoundary([1, 2], held)).toEqual({ selected: 4, positives: 4, precision: 1, recall: 0.5 });
    expect(readBoundary([1, 0], held)).toEqual({ selected: 12, positives: 8, precision: 2 / 3, recall: 1 });
  });

  it('has no recall without positives, and fits no other number of levels', () => {
    expect(readBoundary([0], { items: [[3]], positives: [[0]] }).recall).toBeNull();
    expect(() => readBoundary([0], held)).toThrow(RangeError);
  });
});

it('refuses a precision that is none, and ragged grids', () => {
  for (const rule of [scoreOnlyBoundary, mistBoundary, multiThresholdBoundary]) {
    expect(() => rule(KNOWN, 1.1)).toThrow(RangeError);
    expect(() => rule({ items: [[1], [1, 2]], positives: [[1], [1, 2]] }, 0.5)).toThrow(RangeError);
  }
});

it('counts items by the bins of the half that made them', () => {
  const scores = [1, 2, 3, 4].map((score) => ({ score, uncertainty: score % 2, positive: score > 2 }));
  const binning = binningOf(scores, { levels: 2, bins: 2 });
  expect(binning).toEqual({ scoreCuts: [3], uncertaintyCuts: [1] });
  const grid = gridOf([...scores, { score: 9, uncertainty: 0.5, positive: false }], binning);
  expect(grid).toEqual({
    items: [
      [1, 2],
      [1, 1],
    ],
    positives: [
      [0, 1],
      [0, 1],
    ],
  });
  expect(positivity(grid)).toEqual([
    [0, 0.5],
    [0, 1],
  ]);
  expect(positivity({ items: [[0]], positives: [[0]] })).toEqual([[null]]);
});

/** Most positives at the precision, over all (bins + 1)^levels boundaries. */
function exhaustive(grid: UncertaintyGrid, sigma: number): number {
  const firsts = [...grid.items[0]!.keys(), grid.items[0]!.length];
  const all = grid.items.reduce<number[][]>(
    (boundaries) => boundaries.flatMap((boundary) => firsts.map((first) => [...boundary, first])),
    [[]],
  );
  const readings = all.map((boundary) => readBoundary(boundary, grid));
  return Math.max(
    0,
    ...readings.map(({ precision, positives }) => ((precision ?? 0) >= sigma ? positives : 0)),
  );
}
