import * as v from 'valibot';
import { battleTable, winRates } from '../../evaluate/battle-table.ts';
import { eloRatings } from '../../evaluate/elo.ts';
import { agreementBetween, type VoteAgreement } from '../../evaluate/vote-agreement.ts';
import type { ModelVote } from '../../judge/model-vote.ts';
import type { OpenBattle } from './result.ts';

/** A reader's vote on a battle. */
export type Choice = ModelVote['winner'];

/** By the keys that vote. */
export const CHOICE_KEYS: Readonly<Record<string, Choice>> = { '1': 'a', '2': 'b', '0': 'tie' };

/** One line of the reader's own little table. */
export interface ReaderRating {
  contestant: string;
  /** Share of the reader's battles that it won, ties half. */
  winRate: number | null;
  /** K = 4, start 1000, in the order in which the reader voted; and of the judge's votes on the same battles. */
  elo: number;
  judgeElo: number;
}

export interface Standing {
  withJudge: VoteAgreement;
  withTruth: VoteAgreement;
  /** The best by the reader first. */
  table: ReaderRating[];
}

/** What the reader's votes come to; the choices belong to the first battles, one each. */
export function standingOf(battles: readonly OpenBattle[], choices: readonly Choice[]): Standing {
  const voted = battles.slice(0, choices.length);
  const reader = votesOf(voted, (_, place) => choices[place]!);
  const judge = votesOf(voted, (battle) => battle.judge);
  const truth = votesOf(voted, (battle) => battle.truth);
  return {
    withJudge: agreementBetween(judge, reader),
    withTruth: agreementBetween(truth, reader),
    table: tableOf(reader, judge),
  };
}

function votesOf(
  battles: readonly OpenBattle[],
  voteOn: (battle: OpenBattle, place: number) => Choice | null,
): ModelVote[] {
  return battles.flatMap((battle, place) => {
    const winner = voteOn(battle, place);
    const [a, b] = battle.contestants;
    // Each battle is a comparison of its own, even where two have the same question.
    const where = { question: String(place), turn: 1, inconsistent: false };
    return winner === null ? [] : [{ judge: '', a, b, winner, ...where }];
  });
}

function tableOf(reader: readonly ModelVote[], judge: readonly ModelVote[]): ReaderRating[] {
  const table = battleTable(reader);
  const rates = winRates(table);
  const [own, others] = [eloRatings(reader), eloRatings(judge)];
  return table.contestants
    .map((contestant, i) => ({
      contestant,
      winRate: rates[i]!,
      elo: own.get(contestant)!,
      judgeElo: others.get(contestant) ?? 1000,
    }))
    .sort((a, b) => b.elo - a.elo);
}

/** Choices as they were kept over a reload; none where the text is something else, or more than there are battles. */
export function readChoices(text: string | null, battles: number): Choice[] {
  try {
    const parsed = v.safeParse(v.array(v.picklist(['a', 'b', 'tie'])), JSON.parse(text ?? '[]'));
    return parsed.success && parsed.output.length <= battles ? parsed.output : [];
  } catch {
    return [];
  }
}
