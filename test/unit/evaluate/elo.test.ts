import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eloRatings, expectedResult } from '../../../src/evaluate/elo.ts';
import type { Battle } from '../../../src/judge/model-vote.ts';
import { human } from '../data/released/mt-bench-votes.ts';

const rounded = (ratings: Map<string, number>) =>
  Object.fromEntries([...ratings].map(([model, rating]) => [model, Number(rating.toFixed(2))]));

it('gives the known ratings of the human votes in file order, and others in another order', () => {
  const known = {
    'gpt-4': 1221.21,
    'claude-v1': 1130.81,
    'gpt-3.5-turbo': 1085.6,
    'vicuna-13b-v1.2': 1029.83,
    'alpaca-13b': 828.77,
    'llama-13b': 703.78,
  };
  expect(rounded(eloRatings(human))).toEqual(known);
  expect(rounded(eloRatings(human.toReversed()))).not.toEqual(known);
});

it('gives the winner of two equals 2 points at K = 4, and a tie nothing', () => {
  const battle: Battle = { a: 'x', b: 'y', winner: 'b' };
  expect([...eloRatings([battle])]).toEqual([
    ['x', 998],
    ['y', 1002],
  ]);
  expect([...eloRatings([{ ...battle, winner: 'tie' }]).values()]).toEqual([1000, 1000]);
  expect([...eloRatings([battle], { step: 32, start: 0 }).values()]).toEqual([-16, 16]);
});

it('promises ten to one for a lead of 400 points', () => {
  expect(expectedResult(1400, 1000)).toBeCloseTo(10 / 11, 12);
  expect(expectedResult(1000, 1400) + expectedResult(1400, 1000)).toBeCloseTo(1, 12);
});

it('keeps the sum of the ratings', () => {
  const battle = fc.record<Battle>({
    a: fc.constantFrom('k', 'l', 'm'),
    b: fc.constantFrom('n', 'o'),
    winner: fc.constantFrom('a', 'b', 'tie'),
  });
  fc.assert(
    fc.property(fc.array(battle, { minLength: 1, maxLength: 300 }), (battles) => {
      const ratings = [...eloRatings(battles).values()];
      expect(ratings.reduce((sum, rating) => sum + rating, 0)).toBeCloseTo(1000 * ratings.length, 6);
    }),
  );
});
