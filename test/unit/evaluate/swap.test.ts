import fc from 'fast-check';
import { expect, it } from 'vitest';
import { swapReport } from '../../../src/evaluate/swap.ts';
import type { Winner } from '../../../src/judge/winner.ts';

/** The same preference when the two answers change places. */
const swapped = (one: Winner): Winner => (one === 0 ? 0 : one === 1 ? -1 : 1);

const winner = fc.constantFrom<Winner>(1, 0, -1);

it('finds a judge that always says "9 3" wholly biased to the first slot', () => {
  const report = swapReport(Array.from({ length: 5 }, () => [1, 1] as const));
  expect(report).toEqual({ items: 5, consistency: 0, firstBias: 1, secondBias: 0 });
});

it('finds a judge that goes by content wholly consistent', () => {
  fc.assert(
    fc.property(fc.array(winner, { minLength: 1 }), (winners) => {
      const report = swapReport(winners.map((shown) => [shown, swapped(shown)] as const));
      expect(report.consistency).toBe(1);
    }),
  );
});

it('keeps the identity: the three shares sum to 1', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(winner, winner), { minLength: 1 }), (runs) => {
      const { consistency, firstBias, secondBias } = swapReport(runs);
      expect(consistency + firstBias + secondBias).toBeCloseTo(1, 12);
    }),
  );
});

it('refuses an empty list', () => {
  expect(() => swapReport([])).toThrow(RangeError);
});
