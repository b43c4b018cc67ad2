import { judgeTexts } from '../../harness/answer-pair.ts';
import type { ComparedPair } from '../../harness/comparing.ts';
import type { Exhibit } from '../../harness/report.ts';
import type { ModelVote } from '../../judge/model-vote.ts';
import type { ContestBattle } from './contest.ts';

/** Names an agreement, and what its marks open. */
export const meetingName = (judge: string, other: string): string => `${judge} × ${other}`;

/** More than these behind one mark nobody reads. */
const MOST = 50;

const WINNER: Readonly<Record<ModelVote['winner'], string>> = {
  a: 'the first',
  b: 'the second',
  tie: 'neither',
};

/** Names what a contestant's ratings open. */
export const contestantName = (contestant: string): string => `contestant/${contestant}`;

/** A judge's verdicts and votes, and the truth, all in the order of the battles. */
export interface HeardVotes {
  compared: readonly ComparedPair[];
  votes: readonly (ModelVote | null)[];
  truth: readonly (ModelVote | null)[];
}

/** The battles at these places with a judge's votes and the truth, those on which they differ first. */
export function battleExhibits(
  battles: readonly ContestBattle[],
  { compared, votes, truth }: HeardVotes,
  places: readonly number[] = [...battles.keys()],
): Exhibit[] {
  const differs = (place: number) => votes[place]?.winner !== truth[place]?.winner;
  const ordered = [...places.filter(differs), ...places.filter((place) => !differs(place))];
  return ordered.slice(0, MOST).map((place) =>
    battleExhibit(battles[place]!, {
      judge: voteInWords(votes[place] ?? null),
      truth: voteInWords(truth[place] ?? null),
      said: judgeTexts(compared[place]!),
    }),
  );
}

function voteInWords(vote: ModelVote | null): string {
  if (vote === null) return 'not readable';
  return `${WINNER[vote.winner]}${vote.inconsistent ? ' (the orders disagree)' : ''}`;
}

function battleExhibit(
  { comparison, answers, contestants }: ContestBattle,
  { judge, truth, said }: { judge: string; truth: string; said: Exhibit['texts'] },
): Exhibit {
  return {
    title: comparison.instruction,
    facts: [
      ['First answer by', `${contestants[0]}, true score ${answers[0].score!}`],
      ['Second answer by', `${contestants[1]}, true score ${answers[1].score!}`],
      ['Truly better', truth],
      ['Better by the judge', judge],
    ],
    texts: [['First answer', answers[0].response], ['Second answer', answers[1].response], ...said],
  };
}
