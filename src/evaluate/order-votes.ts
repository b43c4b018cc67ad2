import type { VerdictRow } from '../judge/verdict-table.ts';
import type { Winner } from '../judge/winner.ts';

/** A verdict against the label: 1 for the right answer, −1 for the wrong one, 0 a tie, null not readable. */
export type OrderVote = 1 | 0 | -1 | null;

/** What all verdicts on one pair come to. */
export type PairOutcome = 'right' | 'tie' | 'wrong' | 'inconsistent';

/** Pairs by outcome; the four add up to `pairs`. */
export interface PairCounts extends Record<PairOutcome, number> {
  pairs: number;
  /** Right pairs of all, 0 to 1; null without pairs. */
  accuracy: number | null;
  /** Pairs whose verdicts differ between the orders, a tie or an unread one from a winner included. */
  changed: number;
}

/**
 * JudgeBench's rule (arXiv 2410.12784): each verdict for the right answer counts 1, each for the wrong one −1, a tie or
 * an unreadable one nothing, and the pair is right where the sum is above 0. So right and tie are right, right and
 * wrong are not (inconsistent). A judge that tosses a coin in each order is right on a quarter of the pairs, one that
 * tosses it once for both on half.
 * @param votes one per order. With a single one this is the rule for reward models, which are run in one order: right
 *   where it is, and a coin is right on half.
 */
export function pairOutcome(votes: readonly OrderVote[]): PairOutcome {
  const sum = votes.reduce((total: number, vote) => total + (vote ?? 0), 0);
  if (sum !== 0) return sum > 0 ? 'right' : 'wrong';
  return votes.some((vote) => vote === 1 || vote === -1) ? 'inconsistent' : 'tie';
}

export function pairCounts(pairs: readonly (readonly OrderVote[])[]): PairCounts {
  const counts = { right: 0, tie: 0, wrong: 0, inconsistent: 0 };
  for (const votes of pairs) counts[pairOutcome(votes)] += 1;
  return {
    pairs: pairs.length,
    ...counts,
    accuracy: pairs.length === 0 ? null : counts.right / pairs.length,
    changed: pairs.filter((votes) => new Set(votes).size > 1).length,
  };
}

/**
 * The vote of a row whose verdict and label name the better answer as it was shown.
 * @throws RangeError in words for a score, or a label that is no winner: which answer is right must be a fact
 */
export function orderVote({ item, verdict, label }: VerdictRow): OrderVote {
  if (label !== 'first' && label !== 'second')
    throw new RangeError(`The label of item "${item}" is ${label ?? 'missing'}; it must be first or second.`);
  if (typeof verdict === 'number')
    throw new RangeError(`The verdict of item "${item}" is ${verdict}; it must be first, second or tie.`);
  if (verdict === null) return null;
  if (verdict === 'tie') return 0;
  return verdict === label ? 1 : -1;
}

/** MT-bench's verdict on a pair, from both orders. */
export interface BothOrders {
  /** 1 the answer shown first in the first order, −1 the other. */
  winner: Winner;
  /** A tie only because the orders disagree. */
  inconsistent: boolean;
}

/**
 * MT-bench's conservative rule (arXiv 2306.05685): a win needs both orders, all else is a tie.
 * @param shown winner by its place, as shown
 * @param swapped the same with the answers in each other's places
 * @returns null where one of them could not be read: half a verdict is none
 */
export function bothOrders(shown: Winner | null, swapped: Winner | null): BothOrders | null {
  if (shown === null || swapped === null) return null;
  const agree = shown + swapped === 0;
  return { winner: agree ? shown : 0, inconsistent: !agree };
}
