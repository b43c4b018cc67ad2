import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentFromZero, fittedExtent, ticksOf } from '../../../../src/app/charts/axis.ts';

const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
const labels = (...args: Parameters<typeof ticksOf>) => ticksOf(...args).map((tick) => spaced(tick.label));

describe('extents', () => {
  test('shares get air, but none below 0 or above 1', () => {
    expect(fittedExtent([0.01, 1], 'share')).toEqual([0, 1]);
    const [low, high] = fittedExtent([0.4, 0.6], 'share');
    expect(low).toBeCloseTo(0.388, 10);
    expect(high).toBeCloseTo(0.612, 10);
  });

  test('changes may be negative', () => {
    expect(fittedExtent([-1, 1], 'points')).toEqual([-1.12, 1.12]);
  });

  test('bars start at zero and end at a round number', () => {
    expect(extentFromZero([0.37, 0.83], 'share')).toEqual([0, 1]);
    expect(extentFromZero([-0.13, 0.22], 'points')).toEqual([-0.2, 0.3]);
    expect(extentFromZero([0, 0], 'count')).toEqual([0, 1]);
    expect(extentFromZero([], 'count')).toEqual([0, 1]);
    expect(extentFromZero([-5e-324, 7.0710678118654755], 'decimal2')).toEqual([-5e-324, 8]);
  });

  test('hold every finite value, whatever else there is', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), (values) => {
        for (const extent of [fittedExtent, extentFromZero]) {
          const [low, high] = extent([...values, NaN, Infinity, -Infinity], 'decimal2');
          expect(high).toBeGreaterThan(low);
          expect(values.every((value) => value >= low && value <= high)).toBe(true);
        }
      }),
    );
  });
});

describe('ticks', () => {
  test('are written with no more digits than their distance asks for', () => {
    expect(labels([0, 1], 5, 'share')).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']);
    expect(labels([0.5, 0.52], 4, 'share')).toEqual(['50.0 %', '50.5 %', '51.0 %', '51.5 %', '52.0 %']);
    expect(labels([-0.1, 0.1], 4, 'points')).toEqual(['−10', '−5', '0', '+5', '+10']);
    expect(labels([-0.5, 0.5], 2, 'decimal2')).toEqual(['−0.5', '0.0', '0.5']);
    expect(labels([0, 0.1], 2, 'decimal3')).toEqual(['0.00', '0.05', '0.10']);
    expect(labels([900, 1900], 2, 'rating')).toEqual(['1000', '1500']);
  });

  test('of counts are whole', () => {
    expect(labels([0, 2], 8, 'count')).toEqual(['0', '1', '2']);
  });
});
