import { SCORES, type Score } from '../judge/item.ts';
import type { Outcome } from './outcome.ts';

/** From the seed judge's score to the label that it most often stands for. */
export type RemapTable = Readonly<Record<Score, Score>>;

/**
 * Recalibration and nothing else: the commonest training label behind each score. A gain beyond it comes from
 * better judging. Ties go to the label nearest to the score, then to the lower one; a score never seen in
 * training stays as it is.
 */
export function fitRemap(training: readonly Pick<Outcome, 'label' | 'score'>[]): RemapTable {
  return Object.fromEntries(SCORES.map((score) => [score, commonestLabel(training, score)])) as Record<
    Score,
    Score
  >;
}

function commonestLabel(training: readonly Pick<Outcome, 'label' | 'score'>[], score: Score): Score {
  const count = (label: Score) => training.filter((one) => one.score === score && one.label === label).length;
  const distance = (label: Score) => Math.abs(label - score);
  const better = (a: Score, b: Score) => count(b) - count(a) || distance(a) - distance(b) || a - b;
  return [...SCORES].sort(better)[0]!;
}

/** The same judge read through the table. What could not be read stays unread; rationales stay as they are. */
export function applyRemap(outcomes: readonly Outcome[], table: RemapTable): Outcome[] {
  return outcomes.map((outcome) => ({
    ...outcome,
    score: outcome.score === null ? null : table[outcome.score],
  }));
}
