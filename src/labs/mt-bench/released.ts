import { isExpert, readMtBenchVotes, type MtBenchVotes } from '../../data/import/mt-bench-votes.ts';
import { votePairsAmong, votePairsBetween } from '../../evaluate/vote-agreement.ts';
import { inSlices, type Steps } from '../../judge/steps.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import type { Exhibit } from '../../harness/report.ts';
import { factsAbout } from '../data-facts.ts';
import type { ReleasedVerdicts } from '../lab.ts';
import { contestantName, meetingName } from './exhibits.ts';
import { analysed, type MtBenchResult, type Meeting } from './result.ts';

const FILE = 'mt-bench-votes.csv';

const SOURCE =
  'lmsys/mt_bench_human_judgments on Hugging Face (https://huggingface.co/datasets/lmsys/mt_bench_human_judgments), ' +
  'revision f7d2896, CC-BY-4.0, Zheng et al. 2023. Only keys and votes ship with this page; the questions and answers ' +
  'are in the data set: look there for question_id, turn and the two models of a vote.';

/** Votes of people and of GPT-4 on MT-bench's 80 questions. */
export const released: ReleasedVerdicts<MtBenchResult> = {
  name: '3,355 votes of people and 2,400 verdicts of GPT-4 on MT-bench',
  source: SOURCE,
  open: async (read, settings) => {
    const { seed, resamples } = settings as { seed: number; resamples: number };
    return inSlices(outcomeOf(readMtBenchVotes(await read(FILE)), { seed, resamples }));
  },
  data: async (read) => {
    const text = await read(FILE);
    const { human, gpt4 } = readMtBenchVotes(text);
    return factsAbout('MT-bench, released votes', text, human.length + gpt4.length);
  },
};

/** Agreement counts experts alone and takes the turns apart, as published; ratings count all votes of people. */
function* outcomeOf(
  votes: MtBenchVotes,
  options: { seed: number; resamples: number },
): Steps<LabOutcome<MtBenchResult>> {
  const meetings = [1, 2].flatMap((turn) => meetingsOf(votes, turn));
  const voters = [
    { name: 'people', kind: 'people' as const, votes: votes.human, unread: 0 },
    { name: 'GPT-4', kind: 'judge' as const, votes: votes.gpt4, unread: 0 },
  ];
  const exhibit: Exhibit = { title: 'Where these votes come from', facts: [], texts: [['Source', SOURCE]] };
  const contestants = votes.human.flatMap(({ a, b }) => [a, b]).map(contestantName);
  const opened = [...meetings.map(({ name }) => name), ...contestants];
  const exhibits = Object.fromEntries(opened.map((name) => [name, [exhibit]]));
  return { result: yield* analysed(voters, meetings, options), exhibits };
}

function meetingsOf({ human, gpt4 }: MtBenchVotes, turn: number): Meeting[] {
  const experts = human.filter((vote) => isExpert(vote) && vote.turn === turn);
  return [
    { name: `${meetingName('GPT-4', 'expert')}, turn ${turn}`, pairs: votePairsBetween(gpt4, experts) },
    { name: `${meetingName('expert', 'expert')}, turn ${turn}`, pairs: votePairsAmong(experts) },
  ];
}
