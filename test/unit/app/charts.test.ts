import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linePath, paddedExtent } from '../../../src/app/charts/linePath.ts';
import { describeStanding, standing } from '../../../src/app/charts/scoreColour.ts';
import { visibleRows } from '../../../src/app/charts/visibleRows.ts';

describe('standing', () => {
  test.each([
    [3, 3, 'right', '3, right'],
    [5, 3, 'high', '5, two too high'],
    [2, 3, 'low', '2, one too low'],
    [3, null, 'unknown', '3'],
    [null, 3, 'failure', 'no readable score'],
  ] as const)('score %j under label %j is %s', (score, label, kind, words) => {
    expect(standing(score, label)).toBe(kind);
    expect(describeStanding(score, label)).toBe(words);
  });
});

describe('visibleRows', () => {
  test('the rows in the window are always among those drawn, and few more', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(5000),
        (scrollTop, height, total) => {
          const { first, end } = visibleRows(scrollTop, height, 32, total);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(Math.max(total, first));
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / 32) + 14);
          for (let row = Math.floor(scrollTop / 32); row * 32 < scrollTop + height && row < total; row++) {
            expect(row).toBeGreaterThanOrEqual(first);
            expect(row).toBeLessThan(end);
          }
        },
      ),
    );
  });
});

describe('curves', () => {
  test('NaN breaks the line instead of drawing to nowhere', () => {
    const path = linePath([
      [0, 1],
      [1, NaN],
      [2, 3],
      [3, 4],
    ]);
    expect(path).toBe('M0.0 1.0M2.0 3.0L3.0 4.0');
  });

  test('the extent holds every finite value and is never empty', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), (values) => {
        const [low, high] = paddedExtent([...values, NaN, Infinity]);
        expect(high).toBeGreaterThan(low);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
      }),
    );
  });
});
