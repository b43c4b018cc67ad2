import { describe, expect, it } from 'vitest';
import { accuracy } from '../../../src/evaluate/accuracy.ts';
import { intervalOf, pairedDifference, pairedRationaleDifference } from '../../../src/evaluate/bootstrap.ts';
import { pearson } from '../../../src/evaluate/correlation.ts';
import { quadraticWeightedKappa } from '../../../src/evaluate/kappa.ts';
import { outcomes } from './outcomes.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const right = (n: number, of: number) =>
  outcomes(Array.from({ length: of }, (_, i): [number, number] => [3, i < n ? 3 : 4]));

describe('paired bootstrap', () => {
  it('has the width that the normal approximation gives for independent prompts', () => {
    const { mean, low, high } = atOnce(intervalOf(right(500, 1000), accuracy, { seed: 1 }))!;
    const expected = 1.96 * Math.sqrt(0.25 / 1000);
    expect(mean).toBe(0.5);
    expect(high - low).toBeGreaterThan(2 * expected * 0.92);
    expect(high - low).toBeLessThan(2 * expected * 1.08);
  });

  it('is narrower when paired than the two judges are by themselves', () => {
    const { mean, low, high } = atOnce(pairedDifference(right(500, 1000), right(550, 1000), accuracy))!;
    expect(mean).toBeCloseTo(0.05, 12);
    expect(low).toBeGreaterThan(0.03);
    expect(high).toBeLessThan(0.07);
  });

  it('widens when items of one prompt stand and fall together', () => {
    const clustered = right(500, 1000).map((outcome, i) => ({
      ...outcome,
      group: `prompt ${Math.floor(i / 10)}`,
    }));
    const width = (list: typeof clustered) => {
      const { low, high } = atOnce(intervalOf(list, accuracy))!;
      return high - low;
    };
    expect(width(clustered) / width(right(500, 1000))).toBeCloseTo(Math.sqrt(10), 0);
  });

  it('repeats itself for a seed', () => {
    const twice = [1, 1, 2].map((seed) =>
      atOnce(intervalOf(right(20, 50), accuracy, { seed, resamples: 200 })),
    );
    expect(twice[0]).toEqual(twice[1]);
  });

  it('gives the intervals of stored runs to the last bit', () => {
    // Taken from the code of 404998c: seeds, draws and percentiles are part of what a stored run reports.
    const list = Array.from({ length: 200 }, (_, i): [number, number] => [1 + ((i * 7) % 5), (i * 5) % 6]);
    const judged = outcomes(list).map((outcome, i) => ({ ...outcome, group: `prompt ${i % 37}` }));
    expect(atOnce(intervalOf(judged, quadraticWeightedKappa, { seed: 5 }))).toEqual({
      mean: 0.021017157972931355,
      low: -0.17696905997503776,
      high: 0.2436894528585073,
    });
  });

  it('is undefined where the measure is', () => {
    expect(atOnce(intervalOf(right(10, 10), pearson))).toBeNull();
    expect(atOnce(intervalOf([], accuracy))).toBeNull();
  });

  it('refuses lists that do not pair', () => {
    expect(() => atOnce(pairedDifference(right(1, 2), right(1, 3), accuracy))).toThrow(RangeError);
  });

  it('takes 2,000 resamples of 1,500 paired items well under a second', () => {
    const started = performance.now();
    atOnce(pairedDifference(right(800, 1500), right(1000, 1500), accuracy));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it('compares exact rationales where the true ones are known', () => {
  const before = right(4, 40).map((outcome, i) => ({ ...outcome, rationaleExact: i < 30 ? i < 10 : null }));
  const after = before.map((outcome, i) => ({ ...outcome, rationaleExact: i < 30 ? i < 25 : null }));
  const { mean, low } = atOnce(pairedRationaleDifference(before, after))!;
  expect(mean).toBeCloseTo(0.5, 12);
  expect(low).toBeGreaterThan(0.25);
  expect(atOnce(pairedRationaleDifference(right(1, 2), right(1, 2)))).toBeNull();
});
