import type { Item } from '../../judge/item.ts';
import type { JudgmentRecord } from '../../harness/judgment-store.ts';
import type { RunSettings } from '../settings.ts';
import { correctAnswer } from './correct-answer.ts';

/** All that a strategy may look at: one item and the judgments that were sampled for it. */
export type Candidates = (
  item: Item,
  judgments: readonly JudgmentRecord[],
  settings: RunSettings,
) => {
  /** Every (chosen, rejected) that the strategy allows; at most k of them are used. */
  pairs: [chosen: JudgmentRecord, rejected: JudgmentRecord][];
  /** Why these, or why none, in words. */
  reason: string;
};

export interface Strategy {
  title: string;
  needsLabels: boolean;
  candidates: Candidates;
}

/** Ways to make preference pairs out of a judge's own samples, by the name that settings use. */
export const STRATEGIES: Readonly<Record<RunSettings['strategy'], Strategy>> = {
  'correct-answer': { title: 'Correct answer', needsLabels: true, candidates: correctAnswer },
};
