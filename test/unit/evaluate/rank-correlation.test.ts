import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionOf } from '../../../src/evaluate/confusion.ts';
import { spearman } from '../../../src/evaluate/correlation.ts';
import { rankCorrelation } from '../../../src/evaluate/rank-correlation.ts';
import { countsByTaker, takerRankCorrelation, takerScores } from '../../../src/evaluate/taker-ranking.ts';
import { outcomes } from './outcomes.ts';
import { verdictRow } from './verdict-rows.ts';

describe('rank correlation', () => {
  it('averages the ranks of ties: [1, 2, 2, 3] against [1, 2, 3, 4] gives √.9', () => {
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(Math.sqrt(0.9), 12);
  });

  it('is the same as over a confusion matrix', () => {
    const score = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 2, maxLength: 30 }), (pairs) => {
        const [labels, scores] = [pairs.map(([label]) => label), pairs.map(([, given]) => given)];
        const other = spearman(confusionOf(outcomes(pairs)));
        const own = rankCorrelation(labels, scores);
        if (other === null || own === null) expect(own).toBe(other);
        else expect(own).toBeCloseTo(other, 10);
      }),
    );
  });

  it('is 1 for any growing function, −1 for a falling one, and nothing in between is lost to rounding', () => {
    const values = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, (list) => {
        expect(rankCorrelation(list, list.map((x) => x ** 3))!).toBeCloseTo(1, 12); // prettier-ignore
        expect(rankCorrelation(list, list.map((x) => -x))!).toBeGreaterThanOrEqual(-1); // prettier-ignore
      }),
    );
  });

  it('is null for a constant list and for fewer than two values', () => {
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(rankCorrelation([1, 2, 3], [0.1, 0.1, 0.1])).toBeNull();
    expect(rankCorrelation([1], [2])).toBeNull();
    expect(rankCorrelation([], [])).toBeNull();
  });

  it('refuses lists of different lengths and values that are no numbers', () => {
    expect(() => rankCorrelation([1, 2], [1])).toThrow(RangeError);
    expect(() => rankCorrelation([1, NaN], [1, 2])).toThrow(RangeError);
  });
});

describe('exam takers', () => {
  const rows = (['a', 'a', 'b', 'b', 'c', null] as const).map((taker, i) =>
    verdictRow({ taker, verdict: i < 3 ? 1 : 0, label: i === 1 || i > 2 ? 1 : 0 }),
  );

  it('have the shares of right answers by judge and by label; a row without a taker is nobody’s', () => {
    expect(takerScores(countsByTaker(rows))).toEqual([
      { taker: 'a', judged: 1, label: 0.5 },
      { taker: 'b', judged: 0.5, label: 0.5 },
      { taker: 'c', judged: 0, label: 1 },
    ]);
  });

  it('take a better known truth, and leave out a taker of whom nothing was read', () => {
    const unread = [...rows, verdictRow({ taker: 'd', label: 1 })];
    const scores = takerScores(countsByTaker(unread), new Map([['c', 0]]));
    expect(scores.map(({ taker, label }) => [taker, label])).toEqual([
      ['a', 0.5],
      ['b', 0.5],
      ['c', 0],
    ]);
    expect(takerRankCorrelation(scores)).toBeCloseTo(Math.sqrt(0.75), 12);
  });
});
