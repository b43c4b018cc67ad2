import type { OrderVote } from '../../evaluate/order-votes.ts';
import type { Exhibit } from '../../harness/report.ts';

/** One pair as a judge voted on it. */
export interface VotedPair {
  id: string;
  source: string;
  /** One for each order in which it was shown. */
  votes: readonly OrderVote[];
  exhibit: Exhibit;
}

/** How a judge came to its votes: each answer judged alone, both shown in both orders, a few lines, or a file. */
export type JudgeKind = 'no position' | 'both orders' | 'scripted' | 'file';

export interface JudgeOnPairs {
  name: string;
  kind: JudgeKind;
  pairs: readonly VotedPair[];
}
