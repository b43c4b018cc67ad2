import type { Score } from './item.ts';
import type { Verdict } from './judgment.ts';

/** The score that a verdict holds; null where it holds none: unreadable, or not of a single answer. */
export function scoreOf(verdict: Verdict): Score | null {
  return verdict.kind === 'score' ? verdict.score : null;
}
