import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/judge/judgment.ts';
import { scoreOf, winnerByNumbers, winnerOf } from '../../../src/judge/verdict-number.ts';
import { turned } from '../../../src/judge/winner.ts';

const failure: Verdict = { kind: 'failure', reason: 'it is empty' };
const shown = [0, 1];
const exchanged = [1, 0];

describe('scoreOf', () => {
  it('is the grade of one answer, and of nothing else', () => {
    expect(scoreOf({ kind: 'score', score: 4 })).toBe(4);
    for (const verdict of [
      failure,
      { kind: 'scores', scores: [4] },
      { kind: 'preference', preferred: 0 },
    ] as const)
      expect(scoreOf(verdict as Verdict)).toBeNull();
  });
});

describe('winnerOf', () => {
  it('names the winner in the order of the subject', () => {
    expect(winnerOf({ kind: 'scores', scores: [9, 2] }, shown)).toBe(1);
    expect(winnerOf({ kind: 'scores', scores: [9, 2] }, exchanged)).toBe(-1);
    expect(winnerOf({ kind: 'preference', preferred: 1 }, shown)).toBe(-1);
    expect(winnerOf({ kind: 'preference', preferred: 1 }, exchanged)).toBe(1);
  });

  it('keeps a tie a tie, 0 and not −0', () => {
    for (const order of [shown, exchanged])
      expect(winnerOf({ kind: 'scores', scores: [3, 3] }, order)).toBe(0);
  });

  it('is null for what is no verdict on two answers', () => {
    const none: Verdict[] = [failure, { kind: 'score', score: 5 }, { kind: 'scores', scores: [5] }, { kind: 'scores', scores: [5, 4, 3] }, { kind: 'answer', response: '' }]; // prettier-ignore
    for (const verdict of none) expect(winnerOf(verdict, exchanged)).toBeNull();
  });

  it('depends on the answers and not on their places: showing them exchanged exchanges the scores', () => {
    const score = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(score, score, (a, b) => {
        const first = winnerOf({ kind: 'scores', scores: [a, b] }, shown);
        expect(winnerOf({ kind: 'scores', scores: [b, a] }, exchanged)).toBe(first);
      }),
    );
  });
});

it('numbers decide only where both are there', () => {
  expect([winnerByNumbers(2, 1), winnerByNumbers(1, 2), winnerByNumbers(1.5, 1.5)]).toEqual([1, -1, 0]);
  expect([winnerByNumbers(null, 1), winnerByNumbers(1, null)]).toEqual([null, null]);
});

it('a winner turned twice is itself', () => {
  for (const winner of [1, 0, -1] as const) expect(turned(turned(winner))).toBe(winner);
  expect(turned(0)).toBe(0);
});
