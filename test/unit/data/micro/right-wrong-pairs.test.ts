import { describe, expect, it } from 'vitest';
import type { Item } from '../../../../src/judge/item.ts';
import { gradedItem } from '../../../../src/data/micro/oracle.ts';
import { rightWrongPairs } from '../../../../src/data/micro/right-wrong-pairs.ts';

const answer = (left: number, said: number): Item =>
  gradedItem({
    instruction: `What is ${left} + 1?`,
    response: `It is ${said}.`,
    criterion: 'correct answer',
  })!;

/** Sums of which each has a right answer, one off by one, and two wrong ones. */
const solved = Array.from({ length: 400 }, (_, left) =>
  [1, 2, 3, 9].map((said) => answer(left, left + said)),
).flat();

describe('pairs of a right and a wrong answer', () => {
  const pairs = rightWrongPairs(solved, 1);

  it('hold one pair for each question, in the order of the questions', () => {
    const asked = pairs.map(({ items }) => items[0].instruction);
    expect(asked).toEqual(Array.from({ length: 400 }, (_, left) => `What is ${left} + 1?`));
  });

  it('say where the fully right answer stands; the other scores 3 or less', () => {
    for (const { items, label, source } of pairs) {
      const [right, wrong] = label === 'first' ? items : [items[1], items[0]];
      expect(right.score).toBe(5);
      expect(wrong.score).toBeLessThanOrEqual(3);
      expect(wrong.instruction).toBe(right.instruction);
      expect(source).toBe('arithmetic');
    }
  });

  it('put the right answer first in about half of the pairs', () => {
    const first = pairs.filter(({ label }) => label === 'first').length;
    expect(Math.abs(first - 200)).toBeLessThan(40);
  });

  it('depend on the seed, and not on the order of the answers', () => {
    const ordered = (list: typeof pairs) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(ordered(rightWrongPairs(solved.toReversed(), 1))).toEqual(ordered(pairs));
    expect(rightWrongPairs(solved, 2)).not.toEqual(pairs);
  });

  it.each([
    ['only right answers', [answer(1, 2)]],
    ['only wrong ones', [answer(1, 5)]],
    ['nothing below 4', [answer(1, 2), answer(1, 3)]],
    ['right and wrong ones to different questions', [answer(1, 2), answer(2, 9)]],
    ['no labels', [1, 2].map((id) => ({ id: `${id}`, instruction: 'a', response: 'b', criterion: 'c' }))],
  ])('leave out %s', (_, items) => {
    expect(rightWrongPairs(items, 1)).toEqual([]);
  });
});
