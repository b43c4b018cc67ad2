import type { ModelVote } from '../judge/model-vote.ts';

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

/**
 * Agreement of a judge with people: every vote of the one with every vote of the others on the same two models, question
 * and turn. The published figures take the turns apart and the votes of experts alone.
 */
export function agreementBetween(judge: readonly ModelVote[], people: readonly ModelVote[]): VoteAgreement {
  const theirs = byComparison(people);
  const tally = new Tally();
  for (const [comparison, votes] of byComparison(judge))
    for (const vote of votes) for (const other of theirs.get(comparison) ?? []) tally.add(vote, other);
  return tally.result();
}

/** Agreement of voters among each other: every pair of votes on the same two models, question and turn. */
export function agreementAmong(votes: readonly ModelVote[]): VoteAgreement {
  const tally = new Tally();
  for (const own of byComparison(votes).values())
    own.forEach((vote, i) => {
      for (const other of own.slice(i + 1)) tally.add(vote, other);
    });
  return tally.result();
}

/** The model preferred, whichever of the two stands first; null for a tie. */
type Preference = string | null;

function byComparison(votes: readonly ModelVote[]): Map<string, Preference[]> {
  const comparisons = new Map<string, Preference[]>();
  for (const { a, b, question, turn, winner } of votes) {
    const comparison = JSON.stringify([[a, b].sort(), question, turn]);
    const preference = winner === 'tie' ? null : winner === 'a' ? a : b;
    const known = comparisons.get(comparison);
    if (known) known.push(preference);
    else comparisons.set(comparison, [preference]);
  }
  return comparisons;
}

class Tally {
  #all = { same: 0, pairs: 0 };
  #decided = { same: 0, pairs: 0 };

  add(first: Preference, second: Preference): void {
    const counted = first === null || second === null ? [this.#all] : [this.#all, this.#decided];
    for (const count of counted) {
      count.pairs += 1;
      count.same += Number(first === second);
    }
  }

  result(): VoteAgreement {
    const agreement = ({ same, pairs }: { same: number; pairs: number }): SetupAgreement => ({
      share: pairs === 0 ? null : same / pairs,
      pairs,
    });
    return { withTies: agreement(this.#all), decided: agreement(this.#decided) };
  }
}
