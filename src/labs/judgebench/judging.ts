import type { RightWrongPair } from '../../data/micro/right-wrong-pairs.ts';
import type { OrderVote } from '../../evaluate/order-votes.ts';
import { answerPair, comparedByScript, type AnswerPair } from '../../harness/answer-pair.ts';
import { comparisonWays } from '../../harness/compare.ts';
import type { ComparedPair } from '../../harness/comparing.ts';
import { SCRIPTED_COMPARERS } from '../../judge/scripted.ts';
import { inSlices, mapped } from '../../judge/steps.ts';
import { turned, type Winner } from '../../judge/winner.ts';
import type { LabBench } from '../lab.ts';
import { pairExhibit } from './exhibits.ts';
import type { JudgeOnPairs, VotedPair } from './judge-on-pairs.ts';

type LabelledPair = AnswerPair & Pick<RightWrongPair, 'label' | 'source'>;

/** All judges in all their ways of comparing, and the scripted ones after them, on the same pairs in both orders. */
export async function judgePairs(
  bench: LabBench,
  pairs: readonly RightWrongPair[],
  seed: number,
): Promise<JudgeOnPairs[]> {
  const ways = comparisonWays(bench);
  const fitting = ({ items, label, source }: RightWrongPair): LabelledPair[] => {
    const pair = { ...answerPair(items), label, source };
    return ways.every((way) => way.fits(bench, pair.comparison)) ? [pair] : [];
  };
  const labelled = (await inSlices(mapped(pairs, fitting))).flat();
  const items = labelled.map(({ comparison }) => comparison);
  const judges: JudgeOnPairs[] = [];
  for (const { name, policy } of bench.judges)
    for (const way of ways) {
      const compared = await way.compare(bench, { stage: 'Comparing the answers', policy, items });
      const kind = way.hasPosition ? 'both orders' : 'no position';
      judges.push({ name: `${name}, ${way.title}`, kind, pairs: votedPairs(labelled, compared) });
    }
  return [...judges, ...scriptedJudges(labelled, seed)];
}

function scriptedJudges(pairs: readonly LabelledPair[], seed: number): JudgeOnPairs[] {
  return Object.entries(SCRIPTED_COMPARERS).map(([name, comparerOf]) => {
    const comparer = comparerOf(seed);
    const compared = pairs.map((pair) => comparedByScript(comparer, pair));
    return { name: `scripted: ${name}`, kind: 'scripted', pairs: votedPairs(pairs, compared) };
  });
}

function votedPairs(pairs: readonly LabelledPair[], compared: readonly ComparedPair[]): VotedPair[] {
  return pairs.map((pair, i) => {
    const own = compared[i]!;
    const votes = own.orders.map((winner) => voteOf(winner, pair.label));
    return { id: own.id, source: pair.source, votes, exhibit: pairExhibit(pair, votes, own) };
  });
}

/** For the right answer, against it, a tie, or not readable. */
function voteOf(winner: Winner | null, label: RightWrongPair['label']): OrderVote {
  return winner === null || label === 'first' ? winner : turned(winner);
}
