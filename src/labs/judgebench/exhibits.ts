import { pairOutcome, type OrderVote, type PairOutcome } from '../../evaluate/order-votes.ts';
import { judgeTexts, type AnswerPair } from '../../harness/answer-pair.ts';
import type { ComparedPair } from '../../harness/comparing.ts';
import type { Exhibit } from '../../harness/report.ts';
import type { JudgeOnPairs, VotedPair } from './judge-on-pairs.ts';

/** More than these behind one mark nobody reads. */
const MOST = 50;

const VOTES: Readonly<Record<string, string>> = {
  '1': 'the right answer',
  '-1': 'the wrong answer',
  '0': 'a tie',
  null: 'not readable',
};

export const voteInWords = (vote: OrderVote): string => VOTES[String(vote)]!;

/** A pair with its two answers and what the judge made of it. */
export function pairExhibit(
  { comparison, label, source }: AnswerPair & { label: 'first' | 'second'; source: string },
  votes: readonly OrderVote[],
  compared: ComparedPair,
): Exhibit {
  const orders = ['as the answers stand', 'with the answers exchanged'];
  return {
    title: comparison.instruction,
    facts: [
      ['Source', source],
      ['Criterion', comparison.criterion],
      ['The right answer is the', label],
      ...votes.map((vote, i) => [`Verdict ${orders[i]!}`, voteInWords(vote)] as const),
    ],
    texts: [
      ['First answer', comparison.responses[0]!],
      ['Second answer', comparison.responses[1]!],
      ...judgeTexts(compared),
    ],
  };
}

/** What a mark opens: the pairs of a judge with this outcome, of one source or of all. */
export const exhibitName = (judge: string, outcome: PairOutcome, source?: string): string =>
  [judge, ...(source === undefined ? [] : [source]), outcome].join('/');

/** Pairs behind the marks, by judge and outcome; by source, too, except for scripted judges. */
export function exhibitsOf(judges: readonly JudgeOnPairs[]): Record<string, Exhibit[]> {
  const exhibits: Record<string, Exhibit[]> = {};
  const add = (name: string, pair: VotedPair) => {
    const known = (exhibits[name] ??= []);
    if (known.length < MOST) known.push(pair.exhibit);
  };
  for (const { name, kind, pairs } of judges)
    for (const pair of pairs) {
      const outcome = pairOutcome(pair.votes);
      add(exhibitName(name, outcome), pair);
      if (kind !== 'scripted') add(exhibitName(name, outcome, pair.source), pair);
    }
  return exhibits;
}
