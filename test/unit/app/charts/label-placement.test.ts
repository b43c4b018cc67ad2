import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeLabels } from '../../../../src/app/charts/labelPlacement.ts';

const LINE = 16;
const AREA = { width: 300, height: 200 };

test('a point alone has its label to the right, without a line', () => {
  expect(placeLabels([{ x: 100, y: 100, width: 50 }], AREA, LINE)).toEqual([
    { x: 111, y: 100, leader: false },
  ]);
});

test('at the right edge the label goes to the left', () => {
  expect(placeLabels([{ x: 280, y: 100, width: 50 }], AREA, LINE)).toEqual([
    { x: 219, y: 100, leader: false },
  ]);
});

test('in a crowd a line leads to it', () => {
  const crowd = Array.from({ length: 9 }, (_, i) => ({
    x: 150 + (i % 3) * 4,
    y: 100 + Math.floor(i / 3) * 4,
    width: 60,
  }));
  const places = placeLabels(crowd, AREA, LINE);
  expect(places.every((place) => place !== null)).toBe(true);
  expect(places.some((place) => place?.leader)).toBe(true);
});

test('a label wider than the picture has no place', () => {
  expect(placeLabels([{ x: 10, y: 10, width: 400 }], AREA, LINE)).toEqual([null]);
});

describe('whatever the points', () => {
  const point = fc.record({
    x: fc.integer({ min: 0, max: 300 }),
    y: fc.integer({ min: 0, max: 200 }),
    width: fc.integer({ min: 5, max: 120 }),
  });

  test('labels stay inside and cover neither each other nor a point', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 15 }), (points) => {
        const boxes = placeLabels(points, AREA, LINE).flatMap((place, index) =>
          place ? [{ ...place, right: place.x + points[index]!.width }] : [],
        );
        for (const [index, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(300);
          expect(box.y - LINE / 2).toBeGreaterThanOrEqual(0);
          expect(box.y + LINE / 2).toBeLessThanOrEqual(200);
          const beside = (left: number, right: number, y: number, apart: number) =>
            right <= box.x + 1e-9 || left >= box.right - 1e-9 || Math.abs(y - box.y) >= apart - 1e-9;
          for (const other of boxes.slice(index + 1))
            expect(beside(other.x, other.right, other.y, LINE)).toBe(true);
          for (const { x, y } of points) expect(beside(x, x, y, LINE / 2)).toBe(true);
        }
      }),
    );
  });
});
