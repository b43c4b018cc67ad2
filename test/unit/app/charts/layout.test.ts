import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentOf, spanOf, stackedSpans, stackedTotal } from '../../../../src/app/charts/barLayout.ts';
import { movedReading, nearestIndex, nearestReading } from '../../../../src/app/charts/curveReading.ts';
import { bandPath } from '../../../../src/app/charts/linePath.ts';
import { seriesLook } from '../../../../src/app/charts/seriesLook.ts';
import { spread } from '../../../../src/app/charts/spread.ts';
import { stairEdges } from '../../../../src/app/charts/staircase.ts';
import { clipText, textWidth, wrapText } from '../../../../src/app/charts/textLayout.ts';

describe('bars', () => {
  test('reach from zero to their value, to either side', () => {
    expect(spanOf(0, 0.5, [0, 1])).toEqual({ left: 0, width: 50 });
    expect(spanOf(0, -0.1, [-0.2, 0.2])).toEqual({ left: 25, width: 25 });
  });

  test('end where the axis ends', () => {
    expect(percentOf(2, [0, 1])).toBe(100);
    expect(percentOf(-1, [0, 1])).toBe(0);
  });

  test('are stacked end to end; what is absent takes no room', () => {
    const values = [0.25, null, 0.5];
    expect(stackedTotal(values)).toBe(0.75);
    expect(stackedSpans(values, [0, 1])).toEqual([
      { left: 0, width: 25 },
      { left: 25, width: 0 },
      { left: 25, width: 50 },
    ]);
  });
});

describe('names that share a rank', () => {
  test('stand around it, and the others where they are', () => {
    expect(spread([0, 50, 50, 100], 20)).toEqual([0, 40, 60, 100]);
  });

  test('push a near neighbour along with them', () => {
    expect(spread([50, 50, 65], 20)).toEqual([35, 55, 75]);
  });

  test('keep their order and the gap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 30 }), (wishes) => {
        const places = spread(wishes, 16);
        const order = wishes.map((_, i) => i).sort((a, b) => wishes[a]! - wishes[b]!);
        for (let i = 1; i < order.length; i++)
          expect(places[order[i]!]! - places[order[i - 1]!]!).toBeGreaterThanOrEqual(16 - 1e-6);
      }),
    );
  });
});

describe('a staircase', () => {
  // Selected: nothing in row 0, column 2 in row 1, all in row 2.
  const edges = (row: number, column: number) => stairEdges([3, 2, 0], row, column, 3);

  test('stands left of the first selected cell of a row', () => {
    expect(edges(1, 2)).toMatchObject({ left: true });
    expect(edges(1, 1)).toMatchObject({ left: false });
    expect(edges(2, 0)).toMatchObject({ left: true });
  });

  test('runs between rows where only one of them is selected', () => {
    expect([0, 1, 2].map((column) => edges(1, column).top)).toEqual([false, false, true]);
    expect([0, 1, 2].map((column) => edges(2, column).top)).toEqual([true, true, false]);
    expect([0, 1, 2].map((column) => edges(0, column).top)).toEqual([false, false, false]);
  });

  test('passes right of a row where nothing is selected', () => {
    expect([0, 1, 2].map((column) => edges(0, column).right)).toEqual([false, false, true]);
    expect(edges(1, 2).right).toBe(false);
  });
});

describe('reading a curve', () => {
  const curves = [
    { points: [0, 1, 2].map((x) => ({ x, y: 0 })) },
    { points: [] },
    { points: [0, 0.5, 1.9].map((x) => ({ x, y: 1 })) },
  ];

  test('finds what is nearest', () => {
    expect(nearestIndex(curves[0]!.points, 1.2)).toBe(1);
    expect(nearestIndex([], 1)).toBe(-1);
    expect(nearestReading(curves, { x: 0.6, y: 0.9 }, (point) => point)).toEqual({ series: 2, index: 1 });
    expect(nearestReading([], { x: 0, y: 0 }, (point) => point)).toBeNull();
  });

  test('goes along it and stops at its ends', () => {
    expect(movedReading(curves, { series: 0, index: 1 }, 'ArrowRight')).toEqual({ series: 0, index: 2 });
    expect(movedReading(curves, { series: 0, index: 2 }, 'ArrowRight')).toEqual({ series: 0, index: 2 });
    expect(movedReading(curves, { series: 0, index: 2 }, 'Home')).toEqual({ series: 0, index: 0 });
    expect(movedReading(curves, { series: 0, index: 2 }, 'x')).toBeNull();
  });

  test('goes to the next curve that has points, at the nearest x', () => {
    expect(movedReading(curves, { series: 0, index: 2 }, 'ArrowDown')).toEqual({ series: 2, index: 2 });
    expect(movedReading(curves, { series: 0, index: 0 }, 'ArrowUp')).toEqual({ series: 2, index: 0 });
    expect(movedReading(curves, { series: 2, index: 1 }, 'ArrowDown')).toEqual({ series: 0, index: 0 });
  });
});

describe('words', () => {
  test('that fit are left alone, others end in an ellipsis', () => {
    expect(clipText('judge', 100, 13)).toBe('judge');
    expect(clipText('a careful solver', 60, 13)).toBe('a care…');
  });

  test('clipped text fits, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 40, max: 200 }), (text, width) => {
        expect(textWidth(clipText(text, width, 13), 13)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('are broken at spaces, in three lines at most', () => {
    expect(wrapText('votes of people', 70, 13)).toEqual(['votes of', 'people']);
    expect(wrapText('one two three four five six', 40, 13)).toHaveLength(3);
  });
});

test('sixteen series can be told apart, and four without colour', () => {
  const looks = Array.from({ length: 16 }, (_, index) => seriesLook(index));
  expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(16);
  expect(new Set(looks.slice(0, 4).map((look) => look.shape)).size).toBe(4);
  expect(new Set(looks.slice(0, 4).map((look) => look.dash)).size).toBe(4);
});

test('a band is parted where an interval is missing', () => {
  const at = (x: number, low: number) => ({ x, low, high: low + 1 });
  expect(bandPath([at(0, 0), at(1, 0), at(2, NaN), at(3, 0), at(4, 0)])).toBe(
    'M0.0 1.0L1.0 1.0L1.0 0.0L0.0 0.0ZM3.0 1.0L4.0 1.0L4.0 0.0L3.0 0.0Z',
  );
});
