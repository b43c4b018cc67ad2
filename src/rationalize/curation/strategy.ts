import type { JudgmentRecord } from '../../harness/judgment-store.ts';
import type { Item } from '../../judge/item.ts';
import type { RunBench } from '../events.ts';
import type { RunSettings } from '../settings.ts';
import { correctAnswer } from './correct-answer.ts';

/** One item and the judgments that were sampled for it. */
export interface Sampled {
  item: Item;
  judgments: readonly JudgmentRecord[];
}

/** Pairs of one item, from all that a strategy may look at. */
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
  /**
   * What makes pairs of this round's samples. A strategy that asks the model (a meta-judge, say) does so here, for all
   * of them at once; what it learns should go through the store, so that a resumed round does not ask again.
   */
  prepare(bench: RunBench, sampled: readonly Sampled[]): Promise<Candidates>;
}

/** Ways to make preference pairs out of a judge's own samples, by the name that settings use. */
export const STRATEGIES: Readonly<Record<RunSettings['strategy'], Strategy>> = {
  'correct-answer': { title: 'Correct answer', needsLabels: true, prepare: async () => correctAnswer },
};
