import type { Score } from './item.ts';
import type { Verdict } from './judgment.ts';
import { turned, type Winner } from './winner.ts';

/** The grade of one answer, 1 to 5; null where it could not be read, or the verdict is no single grade. */
export function scoreOf(verdict: Verdict): Score | null {
  return verdict.kind === 'score' ? verdict.score : null;
}

/**
 * Which of two answers a verdict prefers, in the order in which the subject has them: 1 the first, −1 the second, 0
 * neither; null where it could not be read, or is no verdict on two answers.
 * @param order in which they were shown: [0, 1], or [1, 0] for the other way round
 */
export function winnerOf(verdict: Verdict, order: readonly number[]): Winner | null {
  const shown = winnerAsShown(verdict);
  return shown === null || order[0] === 0 ? shown : turned(shown);
}

function winnerAsShown(verdict: Verdict): Winner | null {
  switch (verdict.kind) {
    case 'scores': {
      const [first, second, ...others] = verdict.scores;
      if (first === undefined || second === undefined || others.length > 0) return null;
      return winnerByNumbers(first, second);
    }
    case 'preference':
      return verdict.preferred === 0 ? 1 : -1;
    case 'score':
    case 'answer':
    case 'failure':
      return null;
  }
}

/** The greater number wins; equal ones are a tie, and a missing one (null) decides nothing. */
export function winnerByNumbers(first: number, second: number): Winner;
export function winnerByNumbers(first: number | null, second: number | null): Winner | null;
export function winnerByNumbers(first: number | null, second: number | null): Winner | null {
  if (first === null || second === null) return null;
  return Math.sign(first - second) as Winner;
}
