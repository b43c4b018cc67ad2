import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bothOrders,
  orderVote,
  pairCounts,
  pairOutcome,
  type OrderVote,
} from '../../../src/evaluate/order-votes.ts';
import type { VerdictValue } from '../../../src/judge/verdict-table.ts';
import type { Winner } from '../../../src/judge/winner.ts';
import { verdictRow } from './verdict-rows.ts';

/** Both orders of 100 pairs under a judge that sees which answer is right as shown, half of them the first. */
function judged(judge: (right: 'first' | 'second') => VerdictValue | null): OrderVote[][] {
  const orders = ['first', 'second'] as const;
  return Array.from({ length: 100 }, (_, i) =>
    (i % 2 === 0 ? orders : orders.toReversed()).map((label) =>
      orderVote(verdictRow({ verdict: judge(label), label })),
    ),
  );
}

const VOTES: OrderVote[] = [1, 0, -1, null];

describe("JudgeBench's rule", () => {
  it.each<[OrderVote, OrderVote, string]>([
    [1, 1, 'right'],
    [1, 0, 'right'],
    [null, 1, 'right'],
    [1, -1, 'inconsistent'],
    [-1, 1, 'inconsistent'],
    [0, 0, 'tie'],
    [0, null, 'tie'],
    [-1, 0, 'wrong'],
    [-1, -1, 'wrong'],
  ])('%s and %s: %s', (shown, swapped, outcome) => {
    expect(pairOutcome([shown, swapped])).toBe(outcome);
  });

  it('gives a judge that always says "first" 0, one that always ties 0, one that knows 100 %', () => {
    expect(pairCounts(judged(() => 'first'))).toMatchObject({ accuracy: 0, inconsistent: 100, changed: 100 });
    expect(pairCounts(judged(() => 'tie'))).toMatchObject({ accuracy: 0, tie: 100, changed: 0 });
    expect(pairCounts(judged((right) => right))).toMatchObject({ accuracy: 1, right: 100 });
    expect(pairCounts(judged(() => null))).toMatchObject({ accuracy: 0, tie: 100 });
  });

  it('gives a coin in each order 25 %, and a coin that is kept under the swap 50 %', () => {
    const coin: OrderVote[] = [1, -1];
    const independent = coin.flatMap((shown) => coin.map((swapped) => [shown, swapped]));
    expect(pairCounts(independent)).toMatchObject({ accuracy: 0.25, wrong: 1, inconsistent: 2 });
    expect(pairCounts(coin.map((vote) => [vote, vote]))).toMatchObject({ accuracy: 0.5, changed: 0 });
  });

  it('puts every pair in one of the four classes', () => {
    const vote = fc.constantFrom(...VOTES);
    fc.assert(
      fc.property(fc.array(fc.tuple(vote, vote)), (pairs) => {
        const { right, tie, wrong, inconsistent, changed } = pairCounts(pairs);
        expect(right + tie + wrong + inconsistent).toBe(pairs.length);
        expect(changed).toBeGreaterThanOrEqual(inconsistent);
      }),
    );
  });
});

it('runs reward models in one order: right where the vote is, a coin on half', () => {
  expect(VOTES.map((vote) => pairOutcome([vote]))).toEqual(['right', 'tie', 'wrong', 'tie']);
  expect(pairCounts([[1], [-1]])).toMatchObject({ accuracy: 0.5, inconsistent: 0, changed: 0 });
  expect(pairCounts([]).accuracy).toBeNull();
});

describe('a row of the verdict table', () => {
  it('is a vote for or against the label, a tie, or none', () => {
    const votes = (['first', 'second', 'tie', null] as const).map((verdict) =>
      orderVote(verdictRow({ verdict, label: 'second' })),
    );
    expect(votes).toEqual([-1, 1, 0, null]);
  });

  it('is refused in words where it names no better answer', () => {
    expect(() => orderVote(verdictRow({ item: 'q3', verdict: 4, label: 'first' }))).toThrow(/"q3" is 4/);
    expect(() => orderVote(verdictRow({ verdict: 'first', label: 'tie' }))).toThrow(/first or second/);
    expect(() => orderVote(verdictRow({ verdict: 'first' }))).toThrow(/missing/);
  });
});

describe("MT-bench's rule", () => {
  it.each<[Winner, Winner, Winner, boolean]>([
    [1, -1, 1, false],
    [-1, 1, -1, false],
    [0, 0, 0, false],
    [1, 1, 0, true],
    [-1, -1, 0, true],
    [1, 0, 0, true],
    [0, 1, 0, true],
  ])('as shown %i, swapped %i: winner %i, inconsistent %s', (shown, swapped, winner, inconsistent) => {
    expect(bothOrders(shown, swapped)).toEqual({ winner, inconsistent });
  });

  it('gives no verdict where one order could not be read', () => {
    expect([bothOrders(null, 1), bothOrders(0, null)]).toEqual([null, null]);
  });
});
