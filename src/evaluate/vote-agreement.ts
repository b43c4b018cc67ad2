import type { ModelVote } from '../judge/model-vote.ts';
import type { Steps } from '../judge/steps.ts';
import { bootstrapStatistics } from './bootstrap-statistic.ts';
import { groupIndices, type BootstrapOptions, type Interval } from './resample.ts';

/** How often two votes on the same answers are the same. */
export interface SetupAgreement {
  /** 0 to 1; null where no two votes meet. */
  share: number | null;
  /** Pairs of votes. */
  pairs: number;
}

/** MT-bench's two setups (arXiv 2306.05685). */
export interface VoteAgreement {
  /** S1: all votes; an inconsistent verdict is a tie. By chance a third. */
  withTies: SetupAgreement;
  /** S2: only pairs of votes that both name a winner. By chance a half. */
  decided: SetupAgreement;
}

/** Two votes on the same answers. */
export interface VotePair {
  question: string;
  same: boolean;
  /** Both name a winner. */
  decided: boolean;
}

/** Every vote of a judge with every vote of people on the same two models, question and turn. */
export function votePairsBetween(judge: readonly ModelVote[], people: readonly ModelVote[]): VotePair[] {
  const theirs = byComparison(people);
  return [...byComparison(judge)].flatMap(([comparison, { question, preferences }]) =>
    preferences.flatMap((own) =>
      (theirs.get(comparison)?.preferences ?? []).map((other) => pairOf(question, own, other)),
    ),
  );
}

/** Every two votes of these voters on the same two models, question and turn. */
export function votePairsAmong(votes: readonly ModelVote[]): VotePair[] {
  return [...byComparison(votes).values()].flatMap(({ question, preferences }) =>
    preferences.flatMap((own, i) => preferences.slice(i + 1).map((other) => pairOf(question, own, other))),
  );
}

export function agreementOfPairs(pairs: readonly VotePair[]): VoteAgreement {
  return { withTies: setupOf(pairs), decided: setupOf(pairs.filter(({ decided }) => decided)) };
}

/** The same with bootstrap intervals over questions: votes on one question share its difficulty. */
export function* agreementIntervals(
  pairs: readonly VotePair[],
  options: BootstrapOptions = {},
): Steps<Record<keyof VoteAgreement, Interval | null>> {
  const shareOf = (counts: (pair: VotePair) => boolean) => (draw: readonly number[]) => {
    const counted = draw.filter((i) => counts(pairs[i]!));
    return counted.length === 0 ? null : counted.filter((i) => pairs[i]!.same).length / counted.length;
  };
  const groups = groupIndices(pairs.map(({ question }) => question));
  const statistics = { withTies: shareOf(() => true), decided: shareOf(({ decided }) => decided) };
  return yield* bootstrapStatistics(groups, statistics, options);
}

/**
 * Agreement of a judge with people: every vote of the one with every vote of the others on the same two models, question
 * and turn. The published figures take the turns apart and the votes of experts alone.
 */
export function agreementBetween(judge: readonly ModelVote[], people: readonly ModelVote[]): VoteAgreement {
  return agreementOfPairs(votePairsBetween(judge, people));
}

/** Agreement of voters among each other: every pair of votes on the same two models, question and turn. */
export function agreementAmong(votes: readonly ModelVote[]): VoteAgreement {
  return agreementOfPairs(votePairsAmong(votes));
}

/** The model preferred, whichever of the two stands first; null for a tie. */
type Preference = string | null;

interface VotesOnComparison {
  question: string;
  preferences: Preference[];
}

function byComparison(votes: readonly ModelVote[]): Map<string, VotesOnComparison> {
  const comparisons = new Map<string, VotesOnComparison>();
  for (const { a, b, question, turn, winner } of votes) {
    const comparison = JSON.stringify([[a, b].sort(), question, turn]);
    const preference = winner === 'tie' ? null : winner === 'a' ? a : b;
    const known = comparisons.get(comparison);
    if (known) known.preferences.push(preference);
    else comparisons.set(comparison, { question, preferences: [preference] });
  }
  return comparisons;
}

function pairOf(question: string, first: Preference, second: Preference): VotePair {
  return { question, same: first === second, decided: first !== null && second !== null };
}

function setupOf(pairs: readonly VotePair[]): SetupAgreement {
  const same = pairs.filter((pair) => pair.same).length;
  return { share: pairs.length === 0 ? null : same / pairs.length, pairs: pairs.length };
}
