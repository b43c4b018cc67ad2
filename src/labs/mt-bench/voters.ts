import { bothOrders } from '../../evaluate/order-votes.ts';
import { comparedByScript } from '../../harness/answer-pair.ts';
import { comparisonWays } from '../../harness/compare.ts';
import { slotWinners, type ComparedPair } from '../../harness/comparing.ts';
import type { ModelVote } from '../../judge/model-vote.ts';
import { SCRIPTED_COMPARERS } from '../../judge/scripted.ts';
import type { Winner } from '../../judge/winner.ts';
import type { AnswerPair } from '../../harness/answer-pair.ts';
import type { LabBench } from '../lab.ts';
import type { ContestBattle } from './contest.ts';
import type { VoterKind } from './result.ts';

/** Somebody who compares two answers in both orders: the truth, a judge in one of its ways, a judge of a few lines. */
export interface Comparer {
  name: string;
  kind: VoterKind;
  compare(pairs: readonly AnswerPair[]): Promise<ComparedPair[]>;
}

/** The oracle that plays the human, and the name under which its votes go. */
export const TRUTH = 'the truth';

/** One that always ties would teach nothing here: all its votes would be ties. */
const SCRIPTED = ['content', 'always-first', 'coin', 'style-lover'] as const;

/** The truth first, then all judges in all their ways, then those of a few lines. */
export function comparersOf(bench: LabBench, seed: number): Comparer[] {
  const scripted = (name: string, kind: VoterKind, script: (typeof SCRIPTED)[number]): Comparer => {
    const comparer = SCRIPTED_COMPARERS[script](seed);
    return { name, kind, compare: async (pairs) => pairs.map((pair) => comparedByScript(comparer, pair)) };
  };
  const judges = bench.judges.flatMap(({ name, policy }) =>
    comparisonWays(bench).map((way): Comparer => ({
      name: `${name}, ${way.title}`,
      kind: way.hasPosition ? 'judge' : 'judge without position',
      compare: (pairs) =>
        way.compare(bench, {
          stage: 'Comparing the answers',
          policy,
          items: pairs.map(({ comparison }) => comparison),
        }),
    })),
  );
  return [
    scripted(TRUTH, 'truth', 'content'),
    ...judges,
    ...SCRIPTED.map((script) => scripted(`scripted: ${script}`, 'scripted', script)),
  ];
}

/** The verdict on a pair by MT-bench's rule: a win needs both orders; null where one could not be read. */
export function verdictOf(compared: ComparedPair): { winner: Winner; inconsistent: boolean } | null {
  const slots = slotWinners(compared);
  return slots && bothOrders(...slots);
}

export const SIDES: Readonly<Record<Winner, ModelVote['winner']>> = { 1: 'a', 0: 'tie', '-1': 'b' };

/** A vote on each battle; null where the verdict could not be read. */
export function votesOf(
  judge: string,
  battles: readonly ContestBattle[],
  compared: readonly ComparedPair[],
): (ModelVote | null)[] {
  return battles.map(({ contestants: [a, b], question }, i) => {
    const verdict = verdictOf(compared[i]!);
    if (!verdict) return null;
    const { winner, inconsistent } = verdict;
    return { judge, a, b, question: question.id, turn: 1, winner: SIDES[winner], inconsistent };
  });
}
